"""The shape of what the public types; the law is in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Papel, Unidade, User
from cases.forms.attachments import FilesField, FilesInput
from cases.models import CIP
from parties.identifiers import clean_cnpj
from portal.conf import LIMITS
from portal.models import Entrega
from portal.scopes import SCOPES
from portal.services.integrations import HIGHEST_LIMIT

LARGEST = 5 * 1024 * 1024


class ConferenciaForm(forms.Form):
    """A check code, and the PDF to compare if one has it."""

    codigo = forms.CharField(
        label="Código de conferência",
        max_length=40,
        help_text="São doze letras e números, ao pé de cada página: XXXX-XXXX-XXXX.",
        error_messages={"required": "Escreva o código que está ao pé do documento."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    arquivo = forms.FileField(
        label="Arquivo PDF (opcional)",
        required=False,
        help_text="Se recebeu o documento como arquivo, envie-o para saber se é igual ao emitido. Ele não é guardado.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_arquivo(self) -> UploadedFile | None:
        """Refuse a file larger than any letter."""
        arquivo: UploadedFile | None = self.cleaned_data["arquivo"]
        if arquivo and arquivo.size and arquivo.size > LARGEST:
            raise forms.ValidationError("O arquivo passa de 5 MB, e nenhum documento do Procon é tão grande.")
        return arquivo


class AcompanhamentoForm(forms.Form):
    """What opens a case for its consumer."""

    protocolo = forms.CharField(
        label="Protocolo",
        max_length=40,
        help_text="Como 35.001.001.26-0001234.",
        error_messages={"required": "Escreva o protocolo do atendimento."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    chave = forms.CharField(
        label="Chave de acompanhamento",
        max_length=64,
        help_text="Veio com o protocolo: vinte letras e números, XXXXX-XXXXX-XXXXX-XXXXX.",
        error_messages={"required": "Escreva a chave que veio com o protocolo."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class PalavraForm(forms.Form):
    """Whether the consumer accepts a supplier's answer."""

    aceita = forms.TypedChoiceField(
        label="O que você diz desta resposta?",
        choices=[("sim", "Aceito"), ("nao", "Não aceito")],
        coerce=lambda value: value == "sim",
        widget=forms.RadioSelect,
        error_messages={"required": "Diga se aceita ou não."},
    )
    texto = forms.CharField(
        label="Por quê",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10000,
        required=False,
        help_text="Obrigatório se não aceita.",
    )

    def only_refuse(self) -> None:
        """For an answer that holds nothing to accept."""
        self.fields["aceita"].choices = [("nao", "Não aceito, e quero continuar")]


class AnexoForm(forms.Form):
    """What the consumer sends to the case."""

    arquivo = FilesField(
        label="Arquivos",
        allow_empty_file=True,  # the service says so of each by its name
        widget=FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
        help_text="PDF, JPEG, PNG ou WebP; pode escolher vários.",
        error_messages={"required": "Escolha ao menos um arquivo."},
    )
    descricao = forms.CharField(label="O que é", max_length=200, required=False, help_text="Como «nota fiscal».")


class CodigoForm(forms.Form):
    """The code that stands in the CIP's letter."""

    codigo = forms.CharField(
        label="Código de resposta",
        max_length=60,
        help_text="Está na carta, em «Como responder»: dezesseis letras e números, XXXX-XXXX-XXXX-XXXX.",
        error_messages={"required": "Escreva o código que está na carta."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class RespostaForm(forms.Form):
    """The supplier's answer on the public page."""

    especie = forms.ChoiceField(
        label="A sua resposta",
        choices=[
            (CIP.Especie.ACEITA, "Atendemos ao pedido do consumidor"),
            (CIP.Especie.PROPOSTA, "Fazemos uma proposta"),
            (CIP.Especie.RECUSA, "Não atendemos, pelo motivo abaixo"),
        ],
        widget=forms.RadioSelect,
    )
    resposta = forms.CharField(
        label="Explicação ou motivo",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20000,
        required=False,
        help_text="Obrigatória quando não atende ao pedido.",
    )
    proposta = forms.CharField(
        label="A sua proposta",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10000,
        required=False,
        help_text="Obrigatória quando faz uma proposta: o que, quanto e até quando.",
    )
    respondente = forms.CharField(
        label="Seu nome", max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    qualidade = forms.CharField(
        label="Em que qualidade responde", max_length=80, help_text="Como preposto, advogado ou gerente."
    )
    arquivos = FilesField(
        label="Documentos (opcional)",
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
        help_text="PDF, JPEG, PNG ou WebP; pode escolher vários.",
    )


class PrazoForm(forms.Form):
    """The supplier asks for more days."""

    dias = forms.IntegerField(label="Quantos dias a mais", min_value=1, max_value=180)
    motivo = forms.CharField(label="Por quê", max_length=200)
    quem = forms.CharField(label="Seu nome e função", max_length=160)


class CaixaForm(forms.Form):
    """The CNPJ whose inbox is asked for."""

    cnpj = forms.CharField(
        label="CNPJ",
        max_length=40,
        help_text="De qualquer estabelecimento da empresa, com ou sem pontos.",
        error_messages={"required": "Escreva o CNPJ da empresa."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_cnpj(self) -> str:
        """Only its check digits are looked at here."""
        try:
            return clean_cnpj(self.cleaned_data["cnpj"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None


class LinkForm(forms.Form):
    """The token of the link, sent on by the button."""

    token = forms.CharField(max_length=100, widget=forms.HiddenInput)


class FiltroDaCaixaForm(forms.Form):
    """Which CIPs of the inbox."""

    quais = forms.ChoiceField(
        label="Mostrar",
        required=False,
        choices=[("", "A responder"), ("respondidas", "Respondidas"), ("todas", "Todas")],
    )


class RespostaVariasForm(RespostaForm):
    """The same answer to several CIPs; papers go with each one's own answer."""

    arquivos = None


class AlterarIntegracaoForm(forms.Form):
    """What an integration may do, each scope with its sentence, and how often."""

    escopos = forms.MultipleChoiceField(
        label="O que ela pode fazer",
        choices=[(name, f"{name}: {sentence}") for name, sentence in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Marque ao menos um escopo."},
    )
    limite = forms.IntegerField(
        label="Pedidos por minuto",
        required=False,
        min_value=1,
        max_value=HIGHEST_LIMIT,
        help_text=f"Vazio, vale o limite comum: {LIMITS['integracao']}.",
    )


class IntegracaoForm(AlterarIntegracaoForm):
    """A new integration."""

    nome = forms.CharField(label="Nome", max_length=49, help_text="De quem é, como em «Portal da cidade».")
    unidades = forms.ModelMultipleChoiceField(
        label="Unidades onde registra", queryset=Unidade.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["nome", "unidades", "escopos", "limite"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = user.unidades_com([Papel.ADMINISTRADOR])
        self.fields["unidades"].queryset = Unidade.objects.filter(pk__in=mine, ativa=True)


class SegredoForm(forms.Form):
    """How long the old secret is still taken."""

    horas = forms.TypedChoiceField(
        label="O segredo de agora ainda vale por",
        coerce=int,
        choices=[
            (24, "1 dia"),
            (1, "1 hora"),
            (168, "7 dias"),
            (720, "30 dias"),
            (0, "nada: morre já, com todos os tokens (se vazou)"),
        ],
    )


class RevogarForm(forms.Form):
    """Why, and that it is meant."""

    use_required_attribute = False  # a box that is not ticked yet is not wrong yet

    motivo = forms.CharField(label="Por que revogar", max_length=400)
    certeza = forms.BooleanField(
        label="Sim, esta integração deixa de funcionar agora",
        error_messages={"required": "Marque que tem certeza."},
    )


class DeliveryFilter(forms.Form):
    """Which deliveries of a webhook are shown; what cannot be read is left out."""

    situacao = forms.ChoiceField(label="Situação", choices=[("", "Todas"), *Entrega.Situacao.choices], required=False)
