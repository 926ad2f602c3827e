"""Letters: frozen when issued, never edited, only superseded; anyone holding the paper checks it by code."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import Unidade
from documents.queries import DocumentoQuerySet
from workflow.models import Historico


class Documento(models.Model):
    """One issued letter: its data, the template and its version, the PDF and the PDF's hash.

    A trigger refuses UPDATE and DELETE, except setting `substituido_por` once.
    """

    class Tipo(models.TextChoices):
        """What the office prints (domain: documents)."""

        ESPELHO = "espelho", "Espelho da Ficha de Atendimento"
        CIP = "cip", "Carta de Informações Preliminares"
        NOTIFICACAO_CONSUMIDOR = "notificacao_consumidor", "Notificação de audiência ao consumidor"
        NOTIFICACAO_FORNECEDOR = "notificacao_fornecedor", "Notificação de audiência ao fornecedor"
        TERMO_DE_AUDIENCIA = "termo_de_audiencia", "Termo de audiência"
        CERTIDAO_DE_AUSENCIA = "certidao_de_ausencia", "Certidão de ausência"
        BALANCO = "balanco", "Balanço"
        CARTA_DE_ABERTURA = "carta_de_abertura", "Carta de abertura de reclamação"
        TERMO_DE_ACORDO = "termo_de_acordo", "Termo de acordo"
        MANIFESTACAO_TECNICA = "manifestacao_tecnica", "Manifestação técnica"
        DECISAO = "decisao", "Decisão"
        FICHA_DE_BAIXA = "ficha_de_baixa", "Ficha de baixa"
        MEMORANDO = "memorando", "Memorando à fiscalização"
        DECLARACAO_DE_COMPARECIMENTO = "declaracao_de_comparecimento", "Declaração de comparecimento"
        PROCURACAO = "procuracao", "Modelo de procuração"
        CARTA_DE_PREPOSICAO = "carta_de_preposicao", "Modelo de carta de preposição"
        MEMORIA_DE_CALCULO = "memoria_de_calculo", "Memória de cálculo"
        COMUNICACAO = "comunicacao", "Comunicação"

    codigo = models.CharField("código de conferência", max_length=20, unique=True)
    tipo = models.CharField("tipo", max_length=30, choices=Tipo.choices)
    titulo = models.CharField("título", max_length=160)
    historico = models.ForeignKey(
        Historico, models.PROTECT, null=True, related_name="documentos", verbose_name="histórico"
    )
    unidade = models.ForeignKey(
        Unidade,
        models.PROTECT,
        null=True,
        related_name="documentos",
        verbose_name="unidade",
        help_text="vazia quando o documento é do Procon inteiro, como o balanço",
    )
    dados = models.JSONField("dados")
    modelo = models.CharField("modelo", max_length=60)
    modelo_hash = models.CharField("hash do modelo", max_length=64)
    arquivo = models.CharField("arquivo", max_length=120, help_text="nome sob DATA_DIR/documentos")
    tamanho = models.PositiveIntegerField("tamanho em bytes")
    sha256 = models.CharField("SHA-256 do PDF", max_length=64, db_index=True)
    emitido_em = models.DateTimeField("emitido em")
    emitido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="emitido por"
    )
    substituido_por = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="substitui", verbose_name="substituído por"
    )

    objects = DocumentoQuerySet.as_manager()

    class Meta:
        verbose_name = "documento"
        ordering = ["-emitido_em", "-id"]
        constraints = [
            models.CheckConstraint(
                name="documento_de_caso_tem_unidade",
                condition=models.Q(historico__isnull=True) | models.Q(unidade__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.titulo} ({self.codigo})"

    def get_absolute_url(self) -> str:
        """Where staff read the PDF."""
        return reverse("documento", args=[self.codigo])
