"""The forms around contingency paper: how many to reserve, which to print, which to type in, when it was filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Unidade, User
from cases.filters import DateInput
from cases.models import FormularioDeContingencia, Tipo
from cases.rules.contingency import AT_MOST, clean_form_code
from cases.services.contingency import RESERVERS
from workflow.errors import Refusal


class CodeField(forms.CharField):
    """The number of a form as it is printed, with or without its marks."""

    def clean(self, value: Any) -> str:
        """The number as it is printed. Raises ValidationError in Portuguese."""
        text: str = super().clean(value)
        try:
            return clean_form_code(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class TypedForm(forms.Form):
    """Part of the registration page: the paper that is being typed in, and when it was filled in."""

    user: User
    contingencia = CodeField(widget=forms.HiddenInput, max_length=40, required=False)
    ocorrido_em = forms.DateField(label="Dia em que foi atendido", widget=DateInput(), required=False)
    ocorrido_as = forms.TimeField(
        label="Hora", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )

    def paper(self) -> FormularioDeContingencia | None:
        """The form whose number the page carries, of those that one may type in."""
        try:
            code = clean_form_code(str(self["contingencia"].value() or ""))
        except ValueError:
            return None
        return FormularioDeContingencia.objects.visible_to(self.user).for_list().filter(codigo=code).first()

    def clean(self) -> dict[str, Any]:
        """A form that is typed in must be known, and say when it was filled in."""
        data = super().clean() or self.cleaned_data
        if data.get("contingencia") and self.paper() is None:
            self.add_error(
                None, "Não há formulário de contingência com este número nas suas unidades. Nada foi gravado."
            )
        for name in ("ocorrido_em", "ocorrido_as"):
            if data.get("contingencia") and not data.get(name) and name not in self.errors:
                self.add_error(name, "Copie da folha: o atendimento e os prazos contam desse dia e hora.")
        return data

    def typed_paper(self) -> tuple[FormularioDeContingencia, datetime] | None:
        """The form and the moment written on it, where one is typed in."""
        data, paper = self.cleaned_data, self.paper()
        if not data["contingencia"] or paper is None:
            return None
        moment = datetime.combine(data["ocorrido_em"], data["ocorrido_as"], timezone.get_default_timezone())
        return paper, moment


class ReserveForm(forms.Form):
    """How many blank forms of each tipo, for which unidade."""

    unidade = forms.ModelChoiceField(label="Unidade", queryset=Unidade.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unidade.objects.filter(pk__in=user.unidades_com(RESERVERS), ativa=True)
        self.fields["unidade"].queryset = units  # type: ignore[attr-defined]
        self.fields["unidade"].initial = units.first()
        for tipo in Tipo:
            self.fields[f"quantos_{tipo}"] = forms.IntegerField(
                label=tipo.label, min_value=0, max_value=AT_MOST, required=False
            )

    def quantities(self) -> dict[str, int]:
        """How many of each tipo."""
        return {str(tipo): self.cleaned_data.get(f"quantos_{tipo}") or 0 for tipo in Tipo}

    def amounts(self) -> Iterator[forms.BoundField]:
        """The fields that ask how many."""
        return (self[f"quantos_{tipo}"] for tipo in Tipo)

    def show(self, refusal: Refusal) -> None:
        """Put a refusal above the form."""
        self.add_error(None, refusal.message)


class ChooseForm(forms.Form):
    """The number of the form that one holds in hand."""

    formulario = CodeField(
        label="Número do formulário", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class RunForm(forms.Form):
    """From which number to which."""

    de = CodeField(max_length=40)
    ate = CodeField(max_length=40)


class VoidForm(forms.Form):
    """Why a form is taken out of the drawer."""

    motivo = forms.CharField(label="Motivo", max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))
