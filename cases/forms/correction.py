"""Correcting a case: its own data, the purchase, who acts for the consumer; and its suppliers."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from cases.forms.intake import IntakeForm, ProblemField, SubjectField, problems_of
from cases.forms.purchase import PurchaseForm, RepresentativeForm
from cases.models import Assunto, Atendimento, Orgao
from cases.services.correction import CORRECTABLE, marks_of
from parties.identifiers import format_cpf
from parties.templatetags.identificadores import telefone


def _as_registered(name: str) -> Any:
    """The field as it stands on the registration page."""
    return IntakeForm.base_fields[name]


class CorrectionForm(PurchaseForm, RepresentativeForm):
    """The data of one case, as they are and as they should be."""

    canal = _as_registered("canal")
    assunto = SubjectField(label="Assunto", max_length=260, required=False)
    problema = ProblemField(label="Problema", max_length=200, required=False)
    relato = _as_registered("relato")
    pedido = _as_registered("pedido")
    orientacao = _as_registered("orientacao")
    valor = _as_registered("valor")
    data_compra = _as_registered("data_compra")
    orgao = forms.ModelChoiceField(
        label="Órgão de destino", queryset=Orgao.objects.none(), required=False, empty_label="Nenhum"
    )
    motivo = forms.CharField(
        label="Motivo da correção", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    visto = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Atendimento, stored: dict[str, Any], **kwargs: Any) -> None:
        shown = stored | {"rep_cpf": format_cpf(stored["rep_cpf"]), "rep_telefone": telefone(stored["rep_telefone"])}
        super().__init__(*args, initial={**shown, "visto": json.dumps(marks_of(stored))}, **kwargs)
        self.fields["assunto"].kept = case.assunto
        self.fields["problema"].queryset = problems_of(self._subject(case))
        self.fields["problema"].kept = case.problema
        self.fields["orgao"].queryset = Orgao.objects.filter(Q(ativo=True) | Q(pk=case.orgao_id))
        for name in ("assunto", "problema"):
            self.fields[name].widget.attrs |= {"list": f"{name}s", "autocomplete": "off"}

    def told(self) -> dict[str, Any]:
        """The data as `correct_case` takes them."""
        return {name: self.cleaned_data.get(name) for name in CORRECTABLE}

    def seen(self) -> dict[str, str]:
        """The marks of what the page showed; a page without them has seen nothing."""
        try:
            marks = json.loads(self.cleaned_data["visto"])
        except ValueError:
            marks = None
        return marks if isinstance(marks, dict) else dict.fromkeys(CORRECTABLE, "")

    def again(self, stored: dict[str, Any]) -> QueryDict:
        """What was typed, to be shown once more; what was not typed here follows what somebody else stored."""
        seen, typed = self.seen(), marks_of(self.told())
        data: QueryDict = self.data.copy()  # type: ignore[assignment]
        for name in CORRECTABLE:
            if typed[name] == seen.get(name):
                data.setlist(name, self._texts(name, stored[name]))
        data["visto"] = json.dumps(marks_of(stored))
        return data

    def _texts(self, name: str, value: Any) -> list[str]:
        """A stored value as the browser would send it."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return ["on"] if value else []
        shown = field.widget.format_value(field.prepare_value(value))
        return [str(item) for item in (shown if isinstance(shown, list) else [shown or ""])]

    def add_refusal(self, errors: dict[str, str], message: str) -> None:
        """Put a service's refusal at the fields it is about, or above the form."""
        for name, text in errors.items():
            self.add_error(name if name in self.fields else None, text)
        if not errors:
            self.add_error(None, message)

    def _subject(self, case: Atendimento) -> Assunto | None:
        try:
            return self.fields["assunto"].clean(self.data.get("assunto", "")) if self.is_bound else case.assunto
        except forms.ValidationError:
            return None
