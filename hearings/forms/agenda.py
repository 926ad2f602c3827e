"""Forms of the agenda's setting-up: rules, rooms, weekly windows, absences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Unidade, User
from hearings.forms.hearing import RefusableForm, TimeInput, day_field
from hearings.models import Disponibilidade, RegrasDaAgenda, Sala
from hearings.services import conciliators_of


def _minutes(label: str, highest: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=highest, **kwargs)


class RulesForm(RefusableForm):
    """How the unidade cuts its day."""

    duracao = _minutes("Duração da audiência (minutos)", 240)
    intervalo = _minutes("Intervalo entre audiências (minutos)", 120)
    tolerancia = _minutes("Tolerância de atraso (minutos)", 240)
    prioritarias = _minutes(
        "Primeiros horários do dia para prioridade",
        50,
        help_text="Oferecidos só a quem a lei põe à frente (Lei 10.048/2000). 0 não reserva nenhum.",
    )

    @staticmethod
    def initial_of(rules: RegrasDaAgenda) -> dict[str, int]:
        """What the form shows at first."""
        return {name: getattr(rules, name) for name in ("duracao", "intervalo", "tolerancia", "prioritarias")}


class RoomForm(RefusableForm):
    """A room, new or known."""

    nome = forms.CharField(label="Nome da sala", max_length=80)
    link = forms.URLField(
        label="Link da sala virtual",
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text="Vazio se não há.",
    )
    ativa = forms.BooleanField(label="Em uso", required=False, initial=True)


class ResourceField(forms.ChoiceField):
    """A room or a conciliator of one unidade."""

    def offer(self, unidade: Unidade) -> None:
        """Offer the unidade's own."""
        rooms = {room.recurso: room for room in Sala.objects.filter(unidade=unidade, ativa=True)}
        people = {f"conciliador:{person.pk}": person for person in conciliators_of(unidade)}
        self.known: dict[str, Sala | User] = {**rooms, **people}
        self.choices = [
            ("", "Escolha"),
            ("Conciliadores", [(key, str(person)) for key, person in people.items()]),
            ("Salas", [(key, str(room)) for key, room in rooms.items()]),
        ]


class ResourceForm(RefusableForm):
    """A form about one room or conciliator."""

    recurso = ResourceField(label="Conciliador ou sala")

    def __init__(self, *args: Any, unidade: Unidade, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recurso"].offer(unidade)

    def resource(self) -> dict[str, Sala | User | None]:
        """The chosen one, as the services take it."""
        chosen = self.fields["recurso"].known[self.cleaned_data["recurso"]]
        return {"sala": chosen} if isinstance(chosen, Sala) else {"conciliador": chosen}


class WindowForm(ResourceForm):
    """A weekly window."""

    dia_da_semana = forms.TypedChoiceField(label="Dia da semana", choices=Disponibilidade.Dia.choices, coerce=int)
    das = forms.TimeField(label="Das", widget=TimeInput())
    ate = forms.TimeField(label="Até", widget=TimeInput())
    vigente_de = day_field(label="A partir de")
    vigente_ate = day_field(label="Até o dia", required=False)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("dia_da_semana", "das", "ate", "vigente_de", "vigente_ate")
        return {**self.resource(), **{name: self.cleaned_data[name] for name in names}}


class AbsenceForm(ResourceForm):
    """A time away."""

    dia = day_field(label="Do dia")
    das = forms.TimeField(label="às", widget=TimeInput(), initial="00:00")
    ate_dia = day_field(label="Até o dia")
    ate = forms.TimeField(label="às ", widget=TimeInput(), initial="23:59")
    motivo = forms.CharField(label="Motivo", max_length=160)

    def values(self) -> dict[str, Any]:
        """What the service takes; the last minute belongs to the absence."""
        told = self.cleaned_data
        return {
            **self.resource(),
            "inicio": timezone.make_aware(datetime.combine(told["dia"], told["das"])),
            "fim": timezone.make_aware(datetime.combine(told["ate_dia"], told["ate"])),
            "motivo": told["motivo"],
        }
