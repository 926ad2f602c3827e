"""A batch of CIPs: what somebody asked for at once, and what came of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import User
from cases.models.atendimento import Reclamado
from cases.models.cip import CIP

if TYPE_CHECKING:
    _Lotes = models.QuerySet["Lote"]
else:
    _Lotes = models.QuerySet


class LoteQuerySet(_Lotes):
    """Batches."""

    def visible_to(self, user: User) -> Self:
        """A batch is seen by whoever asked for it."""
        return self.filter(por=user)

    def with_progress(self) -> Self:
        """With how many items there are, how many had their turn, and how many were refused."""
        refused = models.Count("itens", filter=~models.Q(itens__recusa=""))
        return self.annotate(total=models.Count("itens"), tratados=models.Count("itens__feito_em"), recusados=refused)


class Lote(models.Model):
    """One act on many CIPs, asked for by one person; done in the background, fifty at a time.

    How many are done and refused is counted from its items, never stored.
    """

    class Ato(models.TextChoices):
        """What is done to each."""

        EMITIR = "emitir", "Emitir CIP"
        ENVIAR = "enviar", "Registrar envio"
        CIENCIA = "ciencia", "Registrar ciência"
        BAIXA = "baixa", "Dar baixa"

    ato = models.CharField("ato", max_length=8, choices=Ato.choices)
    meio = models.CharField("meio de envio", max_length=8, choices=CIP.Meio.choices, blank=True)
    resultado = models.CharField("resultado da baixa", max_length=24, choices=CIP.Resultado.choices, blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="pedido por")
    criado_em = models.DateTimeField("pedido em")

    objects = LoteQuerySet.as_manager()

    class Meta:
        verbose_name = "lote"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="lote_envio_tem_meio",
                condition=models.Q(ato="enviar") & ~models.Q(meio="") | ~models.Q(ato="enviar") & models.Q(meio=""),
            ),
            models.CheckConstraint(
                name="lote_baixa_tem_resultado",
                condition=models.Q(ato="baixa") & ~models.Q(resultado="")
                | ~models.Q(ato="baixa") & models.Q(resultado=""),
            ),
        ]
        indexes = [models.Index(fields=["por", "-id"], name="lote_de_quem")]

    def __str__(self) -> str:
        return f"{self.get_ato_display()} {self.criado_em:%d/%m/%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Where its progress is read."""
        return reverse("cip_lote", args=[self.pk])


class ItemDoLote(models.Model):
    """One reclamado of a batch: its CIP once there is one, when it was its turn, and why not where refused."""

    lote = models.ForeignKey(Lote, models.PROTECT, related_name="itens", verbose_name="lote")
    ordem = models.PositiveIntegerField("ordem")
    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="+", verbose_name="reclamado")
    cip = models.ForeignKey(CIP, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="CIP")
    rastreio = models.CharField("código de rastreio do AR", max_length=20, blank=True)
    ciencia_em = models.DateField("data da ciência", null=True, blank=True)
    feito_em = models.DateTimeField("tratado em", null=True, blank=True)
    recusa = models.TextField("por que não", blank=True)

    class Meta:
        verbose_name = "item do lote"
        verbose_name_plural = "itens do lote"
        ordering = ["lote", "ordem"]
        constraints = [
            models.UniqueConstraint(
                fields=["lote", "reclamado", "cip"], name="item_do_lote_unico", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="item_do_lote_recusado_foi_tratado",
                condition=models.Q(recusa="") | models.Q(feito_em__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["lote", "ordem"], name="item_do_lote_a_fazer", condition=models.Q(feito_em__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.ordem} de {self.lote}"
