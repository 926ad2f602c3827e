"""By which other channels than e-mail a consumer wants to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from notifications.models import Mensagem
from parties.models.parties import Consumidor
from parties.queries import AutorizacaoQuerySet


class AutorizacaoDeCanal(models.Model):
    """A consumer's word that the office may write to their mobile; taken back, the row stays and says when.

    The number is the consumer's own (`Consumidor.telefone`) as it is when a message is written; it is not kept twice.
    """

    class Canal(models.TextChoices):
        """The channels that somebody has to ask for."""

        SMS = Mensagem.Canal.SMS.value, "SMS"
        WHATSAPP = Mensagem.Canal.WHATSAPP.value, "WhatsApp"

    consumidor = models.ForeignKey(
        Consumidor, models.PROTECT, related_name="autorizacoes_de_canal", verbose_name="consumidor"
    )
    canal = models.CharField("canal", max_length=10, choices=Canal.choices)
    autorizada_em = models.DateTimeField("autorizada em")
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrada por"
    )
    retirada_em = models.DateTimeField("retirada em", null=True, blank=True)

    objects = AutorizacaoQuerySet.as_manager()

    class Meta:
        verbose_name = "autorização de canal"
        verbose_name_plural = "autorizações de canal"
        ordering = ["canal", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consumidor", "canal"],
                condition=models.Q(retirada_em__isnull=True),
                name="autorizacao_de_canal_unica",
                violation_error_message="Este consumidor já autorizou este canal.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_canal_display()} a {self.consumidor}"
