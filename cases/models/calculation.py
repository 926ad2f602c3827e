"""Calculations made for a consumer, kept with what went in and what came out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.atendimento import Atendimento
from documents.models import Documento


class Calculo(models.Model):
    """One calculation: its data, its result, and the printed memória. Never edited; another one is made."""

    class Especie(models.TextChoices):
        """What is worked out."""

        JUROS_SIMPLES = "juros_simples", "Juros simples"
        JUROS_COMPOSTOS = "juros_compostos", "Juros compostos"
        PRICE = "price", "Parcelas pela Tabela Price"
        LIQUIDACAO = "liquidacao", "Liquidação antecipada"
        TAXA = "taxa", "Taxa embutida nas parcelas"

    atendimento = models.ForeignKey(Atendimento, models.PROTECT, related_name="calculos", verbose_name="atendimento")
    especie = models.CharField("espécie", max_length=16, choices=Especie.choices)
    entrada = models.JSONField("dados informados")
    resultado = models.JSONField("resultado")
    versao = models.PositiveSmallIntegerField("versão da fórmula")
    documento = models.OneToOneField(
        Documento, models.PROTECT, related_name="calculo", verbose_name="memória de cálculo"
    )
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    quando = models.DateTimeField("quando")

    class Meta:
        verbose_name = "cálculo"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="calculo_versao_positiva", condition=models.Q(versao__gt=0))]

    def __str__(self) -> str:
        return f"{self.get_especie_display()} em {self.atendimento}"
