"""The Carta de Informações Preliminares: one per reclamado."""

from __future__ import annotations

from django.db import models

from cases.models.atendimento import Reclamado
from cases.queries import CIPQuerySet
from deadlines.models import Prazo
from documents.models import Documento
from workflow.models import versioned


@versioned("codigo_hash")
class CIP(models.Model):
    """A letter to one supplier asking for a solution within a term. Moved only by the acts of cases/acts.py."""

    class Status(models.TextChoices):
        """Where the letter stands."""

        EMITIDA = "emitida", "Emitida"
        ENVIADA = "enviada", "Enviada"
        CIENTIFICADA = "cientificada", "Cientificada"
        RESPONDIDA = "respondida", "Respondida"
        PRAZO_DECORRIDO = "prazo_decorrido", "Prazo decorrido"
        EM_ANALISE = "em_analise", "Em análise"
        BAIXADA = "baixada", "Baixada"

    class Meio(models.TextChoices):
        """How it reaches the supplier."""

        AR = "ar", "Carta com AR"
        EMAIL = "email", "E-mail"
        PORTAL = "portal", "Eletrônica"
        EM_MAOS = "em_maos", "Em mãos"

    class Resultado(models.TextChoices):
        """How the letter ended (domain: the life of a case)."""

        ACORDO = "acordo", "Acordo"
        RESOLUCAO_TOTAL = "resolucao_total", "Resolução total"
        RESOLUCAO_PARCIAL = "resolucao_parcial", "Resolução parcial"
        MERA_LIBERALIDADE = "mera_liberalidade", "Mera liberalidade"
        SEM_RESOLUCAO = "sem_resolucao", "Sem resolução"
        IMPROCEDENCIA = "improcedencia", "Improcedência"
        CONSULTA_FORNECIDA = "consulta_fornecida", "Consulta fornecida"
        DECURSO = "decurso", "Decurso de prazo"
        DESISTENCIA = "desistencia", "Desistência"
        LITISPENDENCIA = "litispendencia", "Litispendência"
        CANCELADA = "cancelada", "Cancelada"
        ABERTURA_DE_RECLAMACAO = "abertura_de_reclamacao", "Abertura de reclamação"

    class Especie(models.TextChoices):
        """What the supplier's answer is."""

        ACEITA = "aceita", "Atende ao pedido"
        PROPOSTA = "proposta", "Faz uma proposta"
        RECUSA = "recusa", "Recusa, com motivo"
        INFORMACAO = "informacao", "Apenas informa"

    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="cips", verbose_name="reclamado")
    status = models.CharField("status", max_length=16, choices=Status.choices, default=Status.EMITIDA)
    resultado = models.CharField("resultado", max_length=24, choices=Resultado.choices, blank=True)
    meio = models.CharField("meio", max_length=8, choices=Meio.choices, blank=True)
    emitida_em = models.DateTimeField("emitida em")
    enviada_em = models.DateTimeField("enviada em", null=True, blank=True)
    cientificada_em = models.DateField("ciência em", null=True, blank=True)
    respondida_em = models.DateTimeField("respondida em", null=True, blank=True)
    baixada_em = models.DateTimeField("baixada em", null=True, blank=True)
    especie = models.CharField("espécie da resposta", max_length=12, choices=Especie.choices, blank=True)
    resposta = models.TextField("resposta do fornecedor", blank=True)
    proposta = models.TextField("proposta do fornecedor", blank=True)
    respondente = models.CharField("quem respondeu", max_length=160, blank=True)
    respondente_qualidade = models.CharField("em que qualidade", max_length=80, blank=True)
    recibo = models.CharField("número do recibo da resposta", max_length=20, blank=True)
    codigo_hash = models.CharField(
        "hash do código de resposta", max_length=64, blank=True, help_text="o código só existe na carta"
    )
    rastreio = models.CharField("código de rastreio do AR", max_length=20, blank=True)
    prazo = models.OneToOneField(
        Prazo, models.PROTECT, null=True, blank=True, related_name="cip", verbose_name="prazo de resposta"
    )
    documento = models.OneToOneField(
        Documento, models.PROTECT, null=True, blank=True, related_name="cip", verbose_name="carta"
    )

    objects = CIPQuerySet.as_manager()

    class Meta:
        verbose_name = "CIP"
        verbose_name_plural = "CIPs"
        ordering = ["-emitida_em", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reclamado"],
                name="cip_uma_em_andamento",
                condition=~models.Q(status="baixada"),
                violation_error_message=(
                    "Já há uma CIP em andamento para este fornecedor neste caso. Dê baixa nela antes de emitir outra."
                ),
            ),
            models.CheckConstraint(
                name="cip_baixada_tem_resultado",
                condition=models.Q(status="baixada", baixada_em__isnull=False) & ~models.Q(resultado="")
                | ~models.Q(status="baixada") & models.Q(resultado="", baixada_em__isnull=True),
            ),
            models.CheckConstraint(
                name="cip_prazo_desde_a_ciencia",
                condition=models.Q(cientificada_em__isnull=True, prazo__isnull=True)
                | models.Q(cientificada_em__isnull=False, prazo__isnull=False),
            ),
            models.CheckConstraint(name="cip_proposta_tem_texto", condition=~models.Q(especie="proposta", proposta="")),
        ]
        indexes = [
            models.Index(fields=["emitida_em"], name="cip_balanco"),
            models.Index(
                fields=["enviada_em"], name="cip_nao_aberta", condition=models.Q(status="enviada", meio="portal")
            ),
            models.Index(fields=["codigo_hash"], name="cip_codigo", condition=~models.Q(codigo_hash="")),
        ]

    def __str__(self) -> str:
        return f"CIP a {self.reclamado}"

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.reclamado.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.reclamado.historico_id
