"""One form per act. `visto` is the status that the page showed, so that a stale page is refused."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.filters import DateInput
from cases.forms.attachments import FilesField, FilesInput
from cases.models import CIP, Atendimento, Canal, Contato, Desfecho
from cases.services.cip import NOT_BY_HAND
from cases.tipos import DESFECHOS_BY_STATUS

_WORDS = "Obrigatória quando recusa (o motivo) ou apenas informa."


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActForm(forms.Form):
    """What every act carries."""

    visto = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class ReasonForm(ActForm):
    """An act that needs a written reason."""

    motivo = forms.CharField(label="Motivo", widget=_lines(3), max_length=4000)


class OptionalReasonForm(ActForm):
    """An act that may carry a remark."""

    motivo = forms.CharField(label="Observação", widget=_lines(3), max_length=4000, required=False)


class ContactForm(forms.Form):
    """The call to a supplier, and what came of it."""

    resultado = forms.ChoiceField(
        label="O que resultou", choices=Contato.Resultado.choices, widget=forms.RadioSelect(attrs={"class": "em-linha"})
    )
    com_quem = forms.CharField(label="Com quem falou", max_length=120, required=False)
    relato = forms.CharField(label="O que foi dito", widget=_lines(3), max_length=4000, required=False)


class SendForm(ActForm):
    """How the CIP left."""

    meio = forms.ChoiceField(label="Como foi enviada", choices=CIP.Meio.choices)
    rastreio = forms.CharField(label="Código de rastreio do AR", max_length=20, required=False)


class AcknowledgeForm(ActForm):
    """The proven receipt."""

    on = forms.DateField(
        label="Data da ciência",
        widget=DateInput(),
        help_text="A data no AR ou no comprovante. O prazo de resposta começa nela.",
    )


class AnswerForm(ActForm):
    """The supplier's answer, entered by the clerk on the supplier's behalf."""

    especie = forms.ChoiceField(
        label="O fornecedor",
        choices=CIP.Especie.choices,
        initial=CIP.Especie.INFORMACAO,
        widget=forms.RadioSelect(attrs={"class": "em-linha"}),
    )
    resposta = forms.CharField(
        label="Resposta do fornecedor", widget=_lines(6), max_length=20000, required=False, help_text=_WORDS
    )
    proposta = forms.CharField(label="O que propõe, se propõe", widget=_lines(3), max_length=10000, required=False)
    respondente = forms.CharField(label="Quem respondeu", max_length=160, required=False)
    qualidade = forms.CharField(
        label="Em que qualidade", max_length=80, required=False, help_text="Como preposto, advogado ou gerente."
    )
    arquivos = FilesField(
        label="Documentos",
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
        help_text="PDF, JPEG, PNG ou WebP; pode escolher vários.",
    )


class ExtensionForm(ActForm):
    """More days for the supplier."""

    dias = forms.IntegerField(label="Dias a mais", min_value=1, max_value=180)
    motivo = forms.CharField(label="Motivo", widget=_lines(2), max_length=200)


class DecisionForm(ActForm):
    """Granting or denying the days that the supplier asked for."""

    deferir = forms.TypedChoiceField(
        label="Decisão",
        choices=[("sim", "Prorrogar"), ("nao", "Não prorrogar")],
        coerce=lambda value: value == "sim",
        widget=forms.RadioSelect(attrs={"class": "em-linha"}),
    )
    motivo = forms.CharField(label="Motivo da decisão", widget=_lines(2), max_length=200)


class ManifestationForm(ActForm):
    """The consumer's word on the answer."""

    aceita = forms.TypedChoiceField(
        label="O consumidor",
        choices=[("sim", "Aceita: a CIP é encerrada"), ("nao", "Não aceita")],
        coerce=lambda value: value == "sim",
        widget=forms.RadioSelect(attrs={"class": "em-linha"}),
    )
    canal = forms.ChoiceField(
        label="Por onde falou", choices=[item for item in Canal.choices if item[0] != Canal.DE_OFICIO]
    )
    texto = forms.CharField(label="O que disse", widget=_lines(3), max_length=10000, required=False)


class NoticeForm(ActForm):
    """The consumer was told by other means than e-mail."""

    on = forms.DateField(label="Avisado em", widget=DateInput(), help_text="O prazo para voltar começa nesse dia.")
    meio = forms.CharField(label="Como", max_length=200, help_text="Como «por telefone, falou com ela mesma».")


class CloseCipForm(ActForm):
    """How the CIP ended."""

    resultado = forms.ChoiceField(
        label="Resultado",
        choices=[("", "Escolha"), *(item for item in CIP.Resultado.choices if item[0] not in NOT_BY_HAND)],
    )


class CloseForm(OptionalReasonForm):
    """How the case ended; only the desfechos that fit its status are offered."""

    desfecho = forms.ChoiceField(label="Desfecho")
    field_order = ["desfecho", "motivo"]

    def __init__(self, *args: Any, case_status: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = DESFECHOS_BY_STATUS.get(case_status, ())
        typed = self.data.get("desfecho") if self.is_bound else None
        # What was typed stays a valid shape on a stale page; the service says that it no longer fits.
        shown = [item for item in Desfecho.choices if item[0] in possible or item[0] == typed]
        self.fields["desfecho"].choices = [("", "Escolha"), *shown]


class RectifyForm(ReasonForm):
    """A wrong status corrected outside the acts."""

    status = forms.ChoiceField(label="Situação correta", choices=Atendimento.Status.choices)
    desfecho = forms.ChoiceField(
        label="Desfecho (só se encerrado)", choices=[("", "Nenhum"), *Desfecho.choices], required=False
    )
    field_order = ["status", "desfecho", "motivo"]
