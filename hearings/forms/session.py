"""Forms of the hearing's day: the door, what came of it, the proof of notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from cases.forms.cips import LabelsForm
from cases.models import Reclamado
from hearings.forms.hearing import RefusableForm, TimeInput, day_field
from hearings.models import Audiencia, DocumentoVisto, NotificacaoDaAudiencia, Presenca, ResultadoDoReclamado
from hearings.services import HELD, Addressee, awaited, sides


class PresenceForm(forms.Form):
    """One person who came. A row with neither an arrival nor «chegou agora» is of somebody who is not here yet."""

    qualidade = forms.ChoiceField(label="Qualidade", choices=[("", "—"), *Presenca.Qualidade.choices], required=False)
    reclamado = forms.TypedChoiceField(label="Representa", required=False, empty_value=None)
    nome = forms.CharField(label="Nome", max_length=160, required=False)
    agora = forms.BooleanField(label="Chegou agora", required=False)
    chegada = forms.TimeField(label="ou chegou às", widget=TimeInput(), required=False)
    papeis = forms.MultipleChoiceField(
        label="Documentos vistos",
        choices=DocumentoVisto.Tipo.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    documentos = forms.CharField(label="Outros documentos", max_length=200, required=False)

    def __init__(self, *args: Any, audiencia: Audiencia, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reclamado"]
        called = {str(item.pk): item for item in audiencia.reclamados.all()}
        field.choices = [("", "—"), *((pk, str(item.fornecedor)) for pk, item in called.items())]  # type: ignore[attr-defined]
        field.coerce = called.get  # type: ignore[attr-defined]
        self.audiencia, self.now = audiencia, now

    @property
    def came(self) -> bool:
        """Whether the row says that somebody arrived."""
        return bool(self.cleaned_data.get("agora") or self.cleaned_data.get("chegada") is not None)

    def clean(self) -> dict[str, Any]:
        """Somebody written in needs an arrival, and whoever arrived a name and a quality."""
        values: dict[str, Any] = super().clean() or {}
        self.cleaned_data = values
        if "chegada" in self.errors:
            return values
        if not self.came:
            if ("nome" in self.changed_data and values.get("nome")) or values.get("papeis"):
                self.add_error("chegada", "Marque «chegou agora» ou escreva a hora; ou apague a linha.")
            return values
        for name in ("qualidade", "nome"):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, "Preencha quem chegou.")
        return values

    def row(self) -> Presenca | None:
        """The attendance row, not saved; nothing where nobody came."""
        values = self.cleaned_data
        if not self.came:
            return None
        day = timezone.localdate(self.audiencia.inicio)
        arrived = self.now
        if values.get("chegada") is not None:
            arrived = timezone.make_aware(datetime.combine(day, values["chegada"]))
        return Presenca(
            qualidade=values["qualidade"],
            reclamado=values["reclamado"],
            nome=values["nome"],
            chegou_em=arrived,
            documentos=values["documentos"],
        )


PresenceFormSet = forms.formset_factory(PresenceForm, extra=1, max_num=40, absolute_max=40)


def expected_people(audiencia: Audiencia, present: Iterable[Presenca], *, at: datetime) -> list[dict[str, Any]]:
    """The rows that the page fills in beforehand: of the parties, those for whom nobody is here yet."""
    waited = {item.nome for item in awaited(audiencia, list(present), at=at) if item.chegou_em is None}
    rows: list[dict[str, Any]] = []
    if audiencia.atendimento.consumidor and str(audiencia.atendimento.consumidor) in waited:
        rows.append({"qualidade": "consumidor", "nome": str(audiencia.atendimento.consumidor)})
    called = sorted(audiencia.reclamados.all(), key=lambda item: item.pk)
    return rows + [{"qualidade": "preposto", "reclamado": item.pk} for item in called if str(item.fornecedor) in waited]


class PapersForm(RefusableForm):
    """Papers handed in after the arrival."""

    papeis = forms.MultipleChoiceField(
        label="Documentos entregues agora", choices=DocumentoVisto.Tipo.choices, widget=forms.CheckboxSelectMultiple
    )


class OutcomeForm(RefusableForm):
    """What came of it with each supplier who came; or, where a side is missing, only what is to be noted."""

    def __init__(self, *args: Any, audiencia: Audiencia, present: list[Presenca], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consumer, came = sides(audiencia, present)
        self.parties = came if consumer else []
        offered = [choice for choice in ResultadoDoReclamado.Resultado.choices if choice[0] in HELD]
        for item in self.parties:
            self.fields[f"resultado_{item.pk}"] = forms.ChoiceField(
                label=f"Com {item.fornecedor}", choices=offered, widget=forms.RadioSelect
            )
        self.fields["observacao"] = forms.CharField(
            label="Observação", widget=forms.Textarea(attrs={"rows": 3}), max_length=10000, required=False
        )

    def results(self) -> dict[Reclamado, str]:
        """The result by supplier."""
        return {item: self.cleaned_data[f"resultado_{item.pk}"] for item in self.parties}


class NoticeForm(RefusableForm):
    """A notice that went out to one party."""

    parte = forms.ChoiceField(label="A quem")
    meio = forms.ChoiceField(label="Como", choices=NotificacaoDaAudiencia.Meio.choices)
    rastreio = forms.CharField(label="Rastreio do AR", max_length=20, required=False)
    on = day_field(label="Enviada em")

    def __init__(self, *args: Any, parties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parte"].choices = parties  # type: ignore[attr-defined]


class PostForm(LabelsForm):
    """Whose notices go by post, and the first free place of the sheet."""

    partes = forms.MultipleChoiceField(label="Etiquetas para", widget=forms.CheckboxSelectMultiple)
    field_order = ("partes", "inicio")

    def __init__(self, *args: Any, people: list[Addressee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partes"].choices = [(one.parte, f"{one.nome}, {one.lugar.endereco}") for one in people]  # type: ignore[attr-defined]


class ProofForm(RefusableForm):
    """The AR came back signed."""

    on = day_field(label="Recebida em")
    recebida_por = forms.CharField(label="Por quem", max_length=160, required=False)


class ReturnForm(RefusableForm):
    """The letter came back."""

    on = day_field(label="Devolvida em")
    motivo = forms.CharField(label="Por que voltou", max_length=200)
