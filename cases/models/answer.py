"""What follows a CIP: the supplier's request for more days, and the consumer's word on the answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.atendimento import Canal
from cases.models.cip import CIP


class PedidoDeProrrogacao(models.Model):
    """A supplier asks for more days, with a reason; the office grants or denies, with a reason. The term runs on."""

    cip = models.ForeignKey(CIP, models.PROTECT, related_name="pedidos", verbose_name="CIP")
    dias = models.PositiveSmallIntegerField("dias pedidos")
    motivo = models.CharField("motivo", max_length=200)
    pedido_por = models.CharField("quem pediu", max_length=160)
    pedido_em = models.DateTimeField("pedido em")
    deferido = models.BooleanField("deferido", null=True, blank=True)
    decisao = models.CharField("motivo da decisão", max_length=200, blank=True)
    decidido_em = models.DateTimeField("decidido em", null=True, blank=True)
    decidido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="decidido por"
    )

    class Meta:
        verbose_name = "pedido de prorrogação"
        verbose_name_plural = "pedidos de prorrogação"
        ordering = ["pedido_em", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cip"],
                name="pedido_um_sem_decisao",
                condition=models.Q(deferido__isnull=True),
                violation_error_message="Já há um pedido de prorrogação à espera de decisão para esta CIP.",
            ),
            models.CheckConstraint(
                name="pedido_decidido_por_inteiro",
                condition=models.Q(deferido__isnull=True, decidido_em__isnull=True, decidido_por__isnull=True)
                | models.Q(deferido__isnull=False, decidido_em__isnull=False, decidido_por__isnull=False),
            ),
            models.CheckConstraint(name="pedido_tem_motivo", condition=~models.Q(motivo="") & models.Q(dias__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.dias} dias para {self.cip}"


class Manifestacao(models.Model):
    """The consumer's word on a supplier's answer: accepted, which closes the CIP, or not."""

    cip = models.OneToOneField(CIP, models.PROTECT, related_name="manifestacao", verbose_name="CIP")
    aceita = models.BooleanField("aceita")
    texto = models.TextField("o que disse", blank=True)
    canal = models.CharField("canal", max_length=10, choices=Canal.choices)
    quando = models.DateTimeField("quando")
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrada por")

    class Meta:
        verbose_name = "manifestação do consumidor"
        verbose_name_plural = "manifestações do consumidor"
        ordering = ["quando", "id"]

    def __str__(self) -> str:
        return f"{'Aceita' if self.aceita else 'Não aceita'}: {self.cip}"
