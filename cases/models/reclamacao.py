"""The reclamação: the formal complaint that follows an unsolved case or a direct opening."""

from __future__ import annotations

from django.db import models

from cases.models.atendimento import Atendimento, Reclamado
from cases.models.cip import CIP
from cases.queries import DefesaQuerySet, ReclamacaoQuerySet
from deadlines.models import Prazo
from documents.models import Documento
from workflow.models import versioned


@versioned()
class Reclamacao(models.Model):
    """The administrative process of complaint of one case. Moved only by the acts of cases/acts.py."""

    class Status(models.TextChoices):
        """Where the process stands."""

        INSTAURADA = "instaurada", "Instaurada"
        NOTIFICADA = "notificada", "Notificada"
        DEFESA_RECEBIDA = "defesa_recebida", "Defesa recebida"
        REVELIA = "revelia", "Revelia"
        EM_ANALISE = "em_analise", "Em análise"
        DECIDIDA = "decidida", "Decidida"
        ARQUIVADA = "arquivada", "Arquivada"

    atendimento = models.OneToOneField(
        Atendimento, models.PROTECT, related_name="reclamacao", verbose_name="atendimento"
    )
    status = models.CharField("status", max_length=16, choices=Status.choices, default=Status.INSTAURADA)
    instaurada_em = models.DateTimeField("instaurada em", db_index=True)

    objects = ReclamacaoQuerySet.as_manager()

    class Meta:
        verbose_name = "reclamação"
        verbose_name_plural = "reclamações"

    def __str__(self) -> str:
        return f"Reclamação {self.atendimento}"

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.atendimento.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.atendimento.historico_id


@versioned()
class Defesa(models.Model):
    """One reclamado's turn to speak in a reclamação: notified, received, answered or silent.

    Has no status of its own: the moments say where it stands. A reopening begins a new turn and keeps the old one.
    """

    class Revelia(models.TextChoices):
        """Why a reclamado is held to be silent."""

        PRAZO = "prazo_decorrido", "Prazo de defesa decorrido"
        AUSENCIA = "ausencia", "Ausência à audiência"

    reclamacao = models.ForeignKey(Reclamacao, models.PROTECT, related_name="defesas", verbose_name="reclamação")
    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="defesas", verbose_name="reclamado")
    documento = models.OneToOneField(
        Documento, models.PROTECT, null=True, blank=True, related_name="defesa", verbose_name="carta de abertura"
    )
    meio = models.CharField("meio", max_length=8, choices=CIP.Meio.choices, blank=True)
    notificada_em = models.DateTimeField("notificada em", null=True, blank=True)
    recebida_em = models.DateField("recebida em", null=True, blank=True)
    prazo = models.OneToOneField(
        Prazo, models.PROTECT, null=True, blank=True, related_name="defesa", verbose_name="prazo de defesa"
    )
    apresentada_em = models.DateTimeField("apresentada em", null=True, blank=True)
    texto = models.TextField("defesa", blank=True)
    fora_do_prazo = models.BooleanField("fora do prazo", default=False)
    revelia_em = models.DateTimeField("revelia em", null=True, blank=True)
    revelia_por = models.CharField("motivo da revelia", max_length=16, choices=Revelia.choices, blank=True)
    substituida_em = models.DateTimeField("substituída em", null=True, blank=True)

    objects = DefesaQuerySet.as_manager()

    class Meta:
        verbose_name = "defesa"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reclamado"],
                name="defesa_uma_vigente",
                condition=models.Q(substituida_em__isnull=True),
                violation_error_message="Este fornecedor já foi chamado a se defender nesta reclamação.",
            ),
            models.CheckConstraint(
                name="defesa_prazo_desde_o_recebimento",
                condition=models.Q(recebida_em__isnull=True, prazo__isnull=True)
                | models.Q(recebida_em__isnull=False, prazo__isnull=False, notificada_em__isnull=False),
            ),
            models.CheckConstraint(
                name="defesa_apresentada_tem_texto",
                condition=models.Q(apresentada_em__isnull=True, texto="", fora_do_prazo=False)
                | models.Q(apresentada_em__isnull=False) & ~models.Q(texto=""),
            ),
            models.CheckConstraint(
                name="defesa_revelia_tem_motivo",
                condition=models.Q(revelia_em__isnull=True, revelia_por="")
                | models.Q(revelia_em__isnull=False) & ~models.Q(revelia_por=""),
            ),
            models.CheckConstraint(
                name="defesa_em_tempo_nao_e_revel",
                condition=models.Q(revelia_em__isnull=True)
                | models.Q(apresentada_em__isnull=True)
                | models.Q(fora_do_prazo=True),
                violation_error_message="Quem se defendeu no prazo não é revel.",
            ),
        ]

    def __str__(self) -> str:
        return f"Defesa de {self.reclamado}"

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.reclamado.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.reclamado.historico_id

    @property
    def concluida(self) -> bool:
        """Whether this reclamado has spoken, or is held to be silent."""
        return bool(self.apresentada_em or self.revelia_em)
