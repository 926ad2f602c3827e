"""Forms of hearings: they check shape; the services check law."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import CASE_READERS, Unidade, User
from cases.forms.attachments import FilesField, FilesInput
from cases.models import Atendimento, Reclamado
from hearings.models import Audiencia, Sala
from hearings.services import FIRST_DAY, LAST_DAY, MOST_WISHES, Slot, conciliators_in, conciliators_of, person_key
from listing.order import by_name
from workflow.errors import Refusal

OTHER_TIME = ""
_SLOT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)\|(\d{1,18})\|(\d{1,18})")


class DateInput(forms.DateInput):
    """A date picked or typed; the browser wants ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    """A time picked or typed."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class RefusableForm(forms.Form):
    """A form that shows what a service refused, beside the field where it belongs."""

    def values(self) -> dict[str, Any]:
        """What the service takes of it."""
        return self.cleaned_data

    def show(self, refusal: Refusal) -> None:
        """Put each of the refusal's messages at its field, the rest above the form."""
        here = {field: message for field, message in refusal.errors.items() if field in self.fields}
        for field, message in here.items():
            self.add_error(field, message)
        if len(here) < max(len(refusal.errors), 1):
            self.add_error(None, refusal.message)


def day_field(**kwargs: Any) -> forms.DateField:
    """A date within the years that an office can mean."""
    return forms.DateField(
        widget=DateInput(), validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)], **kwargs
    )


class WhoseForm(forms.Form):
    """Which day of the agenda to show, and of which room or conciliator."""

    dia = day_field(label="Dia", required=False)
    recurso = forms.ChoiceField(label="Sala ou conciliador", required=False)

    def __init__(self, *args: Any, user: User, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["recurso"].choices = choices or self._resources()  # type: ignore[attr-defined]

    def _resources(self) -> list[Any]:
        unidades = self.user.unidades_com(CASE_READERS)
        rooms = Sala.objects.filter(unidade__in=unidades).order_by(by_name("nome"), "pk")
        return [
            ("", "Todos"),
            ("Salas", [(room.recurso, str(room)) for room in rooms]),
            ("Conciliadores", [(person_key(person), str(person)) for person in conciliators_in(unidades)]),
        ]

    def chosen(self) -> dict[str, Any]:
        """What was chosen and makes sense; the rest says so and narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def again(self, values: dict[str, Any]) -> Self:
        """The form to show: this one where it has something to say, else a fresh one with these values."""
        choices = self.fields["recurso"].choices  # type: ignore[attr-defined]
        return self if self.errors else type(self)(initial=values, user=self.user, choices=choices)

    def narrow(self, audiencias: QuerySet[Audiencia]) -> QuerySet[Audiencia]:
        """The hearings of the chosen room or conciliator; all, where none was chosen."""
        kind, _, key = self.chosen().get("recurso", "").partition(":")
        return audiencias.filter(**{kind: int(key)}) if kind else audiencias


class DayForm(WhoseForm):
    """Which day of the agenda to show, whose, and by what."""

    por = forms.ChoiceField(label="Por", choices=[("sala", "Sala"), ("conciliador", "Conciliador")], required=False)
    minhas = forms.BooleanField(label="Só as minhas", required=False)

    def narrow(self, audiencias: QuerySet[Audiencia]) -> QuerySet[Audiencia]:
        """As always, and one's own where asked for."""
        found = super().narrow(audiencias)
        return found.filter(conciliador=self.user) if self.chosen().get("minhas") else found


class WeekForm(WhoseForm):
    """Which week or month to show, and by what."""

    por = forms.ChoiceField(label="Por", choices=[("sala", "Sala"), ("conciliador", "Conciliador")], required=False)


class SlotsForm(forms.Form):
    """From which day on, and for which modality, free times are listed."""

    desde = day_field(label="Horários livres a partir de", required=False)
    modalidade = forms.ChoiceField(label="Modalidade", choices=Audiencia.Modalidade.choices, required=False)
    turno = forms.ChoiceField(
        label="Turno", choices=[("", "Qualquer"), ("manha", "Manhã"), ("tarde", "Tarde")], required=False
    )
    dias = forms.TypedMultipleChoiceField(
        label="Dias da semana",
        choices=[(number, name) for number, name in enumerate(("Seg", "Ter", "Qua", "Qui", "Sex"))],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class SlotField(forms.ChoiceField):
    """A free time. One that was taken meanwhile is still well-formed: the service says what happened to it."""

    def valid_value(self, value: str) -> bool:
        """Whether this is a slot's name, offered now or before."""
        return value == OTHER_TIME or bool(_SLOT.fullmatch(value))


class PartiesField(forms.ModelMultipleChoiceField):
    """The suppliers of one case, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The supplier's name."""
        return str(obj.fornecedor)


class ScheduleForm(RefusableForm):
    """A date for a case: one of the free times, or another of one's own choice."""

    reclamados = PartiesField(
        label="Fornecedores chamados", queryset=Reclamado.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    modalidade = forms.ChoiceField(label="Modalidade", choices=Audiencia.Modalidade.choices)
    horario = SlotField(label="Horário livre", widget=forms.RadioSelect, required=False)
    dia = day_field(label="Data", required=False)
    hora = forms.TimeField(label="Hora", widget=TimeInput(), required=False)
    sala = forms.ModelChoiceField(label="Sala", queryset=Sala.objects.none(), required=False, empty_label="Escolha")
    conciliador = forms.ModelChoiceField(
        label="Conciliador", queryset=User.objects.none(), required=False, empty_label="Escolha"
    )
    dispensa_antecedencia = forms.CharField(
        label="Como as partes dispensaram a antecedência mínima",
        max_length=200,
        required=False,
        help_text="Só se a data deixar menos que a antecedência mínima. Escreva quem dispensou, quando e como.",
    )

    def __init__(self, *args: Any, atendimento: Atendimento, slots: Sequence[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unidade: Unidade = atendimento.unidade
        self.fields["reclamados"].queryset = Reclamado.objects.filter(atendimento=atendimento).select_related(  # type: ignore[attr-defined]
            "fornecedor"
        )
        self.fields["sala"].queryset = Sala.objects.filter(unidade=unidade, ativa=True)  # type: ignore[attr-defined]
        self.fields["conciliador"].queryset = conciliators_of(unidade)  # type: ignore[attr-defined]
        offered = [(slot_name(slot), str(slot)) for slot in slots]
        self.fields["horario"].choices = [*offered, (OTHER_TIME, "Outro horário")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn the chosen time into `inicio`, `sala` and `conciliador`."""
        values: dict[str, Any] = super().clean() or {}
        chosen = _SLOT.fullmatch(values.get("horario") or "")
        if chosen:
            self._take(chosen, values)
        elif "horario" in values:
            self._need_all(values)
        return values

    def _take(self, chosen: re.Match[str], values: dict[str, Any]) -> None:
        start, room, person = chosen.groups()
        for name, key in (("sala", room), ("conciliador", person)):
            values[name] = self.fields[name].queryset.filter(pk=int(key)).first()  # type: ignore[attr-defined]
        try:
            values["inicio"] = timezone.make_aware(datetime.fromisoformat(start))
        except ValueError:
            values["inicio"] = None
        if not (values["sala"] and values["conciliador"] and values["inicio"]):
            self.add_error("horario", "Este horário não existe mais. Escolha outro da lista.")

    def _need_all(self, values: dict[str, Any]) -> None:
        for name in ("dia", "hora", "sala", "conciliador"):
            if values.get(name) is None and name not in self.errors:
                self.add_error(name, "Preencha, ou escolha um dos horários livres.")
        if values.get("dia") and values.get("hora") is not None:
            values["inicio"] = timezone.make_aware(datetime.combine(values["dia"], values["hora"]))

    def show(self, refusal: Refusal) -> None:
        """As everywhere; what is wrong with the start is shown where the start was chosen."""
        if "inicio" in refusal.errors:
            where = "horario" if self.cleaned_data.get("horario") else "dia"
            refusal.errors[where] = refusal.errors.pop("inicio")
        super().show(refusal)


class RescheduleForm(ScheduleForm):
    """Another date, with its reason."""

    motivo = forms.CharField(label="Motivo da redesignação", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class NotifyForm(RefusableForm):
    """How the parties were notified."""

    como = forms.CharField(label="Como as partes foram notificadas", max_length=200)


def _moment(value: str) -> datetime:
    """A time with its offset, as the page offered it."""
    try:
        return timezone.localtime(datetime.fromisoformat(value))
    except OverflowError as wrong:
        raise ValueError(value) from wrong


class TimesField(forms.TypedMultipleChoiceField):
    """Times that somebody would rather have; one that was taken meanwhile may still be wished for."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {"invalid_choice": "Escolha os horários da lista."}
        kwargs = {"widget": forms.CheckboxSelectMultiple, "required": False, "error_messages": errors, **kwargs}
        super().__init__(coerce=_moment, empty_value=[], **kwargs)

    def valid_value(self, value: str) -> bool:
        """Any time: that it can be read is for `coerce`, that it can be for the service."""
        return True


class MoveRequestForm(RefusableForm):
    """A party asks for another date."""

    motivo = forms.CharField(label="Por que não pode vir", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    preferencias = TimesField(
        label="Horários livres que servem (opcional)",
        help_text=f"Até {MOST_WISHES}. Marcar não reserva: quem decide é o Procon.",
    )

    def __init__(self, *args: Any, times: Sequence[datetime] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if times:
            shown = [(timezone.localtime(one), one.isoformat()) for one in times]
            self.fields["preferencias"].choices = [
                (value, date_format(local, r"D d/m/Y, H:i").capitalize()) for local, value in shown
            ]
        else:
            del self.fields["preferencias"]


class DenyForm(RefusableForm):
    """The office refuses another date."""

    resposta = forms.CharField(
        label="Por que o pedido é negado (a parte lê)", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class ConfirmForm(RefusableForm):
    """Who confirmed."""

    quem = forms.CharField(label="Quem confirmou, e como", max_length=200)


class JustifyForm(RefusableForm):
    """Why the consumer did not come."""

    texto = forms.CharField(label="Justificativa", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    on = day_field(label="Chegou ao Procon em")
    arquivo = FilesField(
        label="Comprovantes",
        required=False,
        allow_empty_file=True,  # the service says so of each by its name
        widget=FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
        help_text="Se houver: PDF, JPEG, PNG ou WebP; pode escolher vários.",
    )


class ArchiveForm(RefusableForm):
    """How the absent consumer was told."""

    motivo = forms.CharField(
        label="Como o consumidor foi avisado do prazo", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class CancelForm(RefusableForm):
    """Why there is no hearing."""

    motivo = forms.CharField(label="Motivo do cancelamento", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


def slot_name(slot: Slot) -> str:
    """A slot as the form sends it: local start, room, conciliator."""
    return f"{timezone.localtime(slot.inicio):%Y-%m-%dT%H:%M}|{slot.sala.pk}|{slot.conciliador.pk}"
