"""The settlement with one supplier, its instalments, and whether it was kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.atendimento import Reclamado
from cases.queries import AcordoQuerySet
from documents.models import Documento
from workflow.models import versioned


@versioned()
class Acordo(models.Model):
    """What a consumer and a supplier agreed, and what became of it. Moved only by the acts of cases/acts.py."""

    class Status(models.TextChoices):
        """What the office knows of its fulfilment."""

        FIRMADO = "firmado", "Firmado"
        CUMPRIDO = "cumprido", "Cumprido"
        DESCUMPRIDO = "descumprido", "Descumprido"
        NAO_INFORMADO = "nao_informado", "Não informado"

    class Origem(models.TextChoices):
        """Where it was agreed."""

        CIP = "cip", "Resposta à CIP"
        AUDIENCIA = "audiencia", "Audiência"
        RECLAMACAO = "reclamacao", "Reclamação"
        ATENDIMENTO = "atendimento", "Contato no atendimento"

    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="acordos", verbose_name="reclamado")
    status = models.CharField("status", max_length=14, choices=Status.choices, default=Status.FIRMADO)
    origem = models.CharField("origem", max_length=12, choices=Origem.choices)
    texto = models.TextField("o que foi acordado")
    total = models.DecimalField("total (R$)", max_digits=12, decimal_places=2, null=True, blank=True)
    firmado_em = models.DateField("firmado em")
    conferir_em = models.DateField("conferir em", db_index=True)
    perguntado_em = models.DateTimeField("perguntado em", null=True, blank=True)
    respondido_em = models.DateTimeField("respondido em", null=True, blank=True)
    observacao = models.TextField("o que foi informado", blank=True)
    registrado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrado por"
    )
    documento = models.OneToOneField(
        Documento, models.PROTECT, null=True, blank=True, related_name="acordo", verbose_name="termo"
    )

    objects = AcordoQuerySet.as_manager()

    class Meta:
        verbose_name = "acordo"
        ordering = ["conferir_em", "id"]
        constraints = [
            models.CheckConstraint(
                name="acordo_total_positivo", condition=models.Q(total__isnull=True) | models.Q(total__gt=0)
            ),
            models.CheckConstraint(
                name="acordo_conferido_depois_de_firmado",
                condition=models.Q(conferir_em__gte=models.F("firmado_em")),
                violation_error_message="O acordo é conferido no dia em que foi firmado ou depois.",
            ),
        ]
        indexes = [
            models.Index(fields=["conferir_em", "id"], name="acordo_a_conferir", condition=models.Q(status="firmado"))
        ]

    def __str__(self) -> str:
        return f"Acordo com {self.reclamado}"

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.reclamado.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.reclamado.historico_id


@versioned()
class Parcela(models.Model):
    """One instalment of an agreement."""

    acordo = models.ForeignKey(Acordo, models.PROTECT, related_name="parcelas", verbose_name="acordo")
    numero = models.PositiveSmallIntegerField("número")
    vencimento = models.DateField("vencimento")
    valor = models.DecimalField("valor (R$)", max_digits=12, decimal_places=2)
    paga_em = models.DateField("paga em", null=True, blank=True)

    class Meta:
        verbose_name = "parcela"
        ordering = ["acordo", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["acordo", "numero"], name="parcela_numero_unico"),
            models.CheckConstraint(name="parcela_valor_positivo", condition=models.Q(valor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.numero}ª parcela"
