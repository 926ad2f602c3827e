"""One form per act of a reclamação or an agreement."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.filters import DateInput
from cases.forms.acts import ActForm, OptionalReasonForm, ReasonForm, SendForm
from cases.forms.attachments import FilesField, FilesInput
from cases.models import ClasseDaReclamacao, Proposta, Reclamado, Recurso

_CLASSES = [("", "Escolha"), *ClasseDaReclamacao.choices]


def _papers() -> FilesField:
    """The files that come with what is written; what may come in is the service's to say."""
    return FilesField(
        label="Papéis que a acompanham",
        required=False,
        allow_empty_file=True,  # the service says so of each by its name
        widget=FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
        help_text="PDF, JPEG, PNG ou WebP; pode escolher vários. Entram nos anexos do caso.",
    )


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ComplaintForm(ActForm):
    """What every act here carries; `reclamados` are the case's, for the forms that ask about each."""

    def __init__(self, *args: Any, reclamados: list[Reclamado], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reclamados = reclamados

    def arguments(self) -> dict[str, Any]:
        """What the service takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "visto"}
        return {{"arquivo": "arquivos"}.get(name, name): value for name, value in given.items()}


class NoticeForm(ComplaintForm, SendForm):
    """How the carta de abertura left."""

    rastreio = None  # kept of a CIP alone


class ReasonedForm(ComplaintForm, ReasonForm):
    """An act that needs a written reason."""


class RemarkForm(ComplaintForm, OptionalReasonForm):
    """An act that may carry a remark."""


class DayForm(ComplaintForm):
    """A proven day."""

    on = forms.DateField(label="Data", widget=DateInput(), help_text="A data no AR ou no comprovante.")


class DefenceForm(ComplaintForm):
    """What the supplier said in defence."""

    texto = forms.CharField(label="Defesa", widget=_lines(6), max_length=20000)
    arquivo = _papers()


class ExtendForm(ReasonedForm):
    """More days on top of the term."""

    dias = forms.IntegerField(label="Dias a mais", min_value=1, max_value=180)
    field_order = ["dias", "motivo"]


class OpinionForm(ComplaintForm):
    """The technical opinion, with a proposal for each reclamado."""

    analise = forms.CharField(label="Análise", widget=_lines(8), max_length=20000)
    base_legal = forms.CharField(label="Base legal", max_length=200)
    conclusao = forms.CharField(label="Conclusão", widget=_lines(3), max_length=4000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for party in self.reclamados:
            self.fields[f"valor_{party.pk}"] = forms.ChoiceField(
                label=f"Proposta: {party.fornecedor}", choices=_CLASSES
            )
            self.fields[f"motivo_{party.pk}"] = forms.CharField(
                label=f"Motivo: {party.fornecedor}", widget=_lines(2), max_length=4000
            )
        self.fields["arquivo"] = _papers()

    def arguments(self) -> dict[str, Any]:
        """The opinion and its proposals as unsaved rows."""
        data = self.cleaned_data
        rows = [
            Proposta(reclamado=party, valor=data[f"valor_{party.pk}"], motivo=data[f"motivo_{party.pk}"])
            for party in self.reclamados
        ]
        written = {name: data[name] for name in ("analise", "base_legal", "conclusao")}
        return written | {"propostas": rows, "arquivos": data["arquivo"]}


class DecideForm(ReasonedForm):
    """The decision about one reclamado."""

    valor = forms.ChoiceField(label="Classificação", choices=_CLASSES)
    base_legal = forms.CharField(label="Base legal", max_length=200)
    a_fiscalizacao = forms.BooleanField(label="Comunicar à fiscalização (memorando)", required=False)
    field_order = ["valor", "motivo", "base_legal", "a_fiscalizacao"]


class AppealForm(ComplaintForm):
    """An appeal that came in."""

    de_quem = forms.ChoiceField(label="Quem recorre", choices=[("", "Escolha"), *Recurso.Parte.choices])
    on = forms.DateField(label="Chegou em", widget=DateInput())
    texto = forms.CharField(label="Razões", widget=_lines(5), max_length=20000)
    arquivo = _papers()


class JudgeForm(ReasonedForm):
    """The judgement of an appeal."""

    resultado = forms.ChoiceField(label="Resultado", choices=[("", "Escolha"), *Recurso.Resultado.choices])
    valor = forms.ChoiceField(label="Nova classificação (só se provido)", choices=_CLASSES, required=False)
    base_legal = forms.CharField(label="Base legal (só se provido)", max_length=200, required=False)
    field_order = ["resultado", "valor", "motivo", "base_legal"]


class ToldForm(ComplaintForm):
    """What the office was told of an agreement."""

    observacao = forms.CharField(label="O que foi informado", widget=_lines(3), max_length=4000, required=False)


class BrokenForm(ComplaintForm):
    """What of an agreement was not kept."""

    observacao = forms.CharField(label="O que não foi cumprido", widget=_lines(3), max_length=4000)
