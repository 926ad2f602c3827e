"""Which registrations were found to be one, by whom and why; a merge can be undone, its record stays."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from parties.models.parties import Consumidor, Fornecedor


class Juncao(models.Model):
    """A decision that several registrations are one party. The registrations only point; no case is rewritten."""

    motivo = models.TextField("motivo")
    feita_por = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="feita por")
    feita_em = models.DateTimeField("feita em")
    motivo_de_desfazer = models.TextField("motivo de desfazer", blank=True)
    desfeita_por = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="desfeita por"
    )
    desfeita_em = models.DateTimeField("desfeita em", null=True, blank=True)

    sobrevivente: Any
    sobrevivente_id: int
    itens: Any

    class Meta:
        abstract = True
        ordering = ["-feita_em", "-id"]
        constraints = [
            models.CheckConstraint(name="%(class)s_com_motivo", condition=~Q(motivo="")),
            models.CheckConstraint(
                name="%(class)s_desfeita_por_inteiro",
                condition=Q(desfeita_em__isnull=True, desfeita_por__isnull=True, motivo_de_desfazer="")
                | (Q(desfeita_em__isnull=False, desfeita_por__isnull=False) & ~Q(motivo_de_desfazer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Fusão {self.pk}"


class Fusao(Juncao):
    """Several registrations are one supplier."""

    sobrevivente = models.ForeignKey(
        Fornecedor, models.PROTECT, related_name="fusoes", verbose_name="fornecedor que ficou"
    )
    fundidos = models.ManyToManyField(
        Fornecedor, through="FornecedorFundido", related_name="fundido_por", verbose_name="fornecedores fundidos"
    )

    class Meta(Juncao.Meta):
        verbose_name = "fusão de fornecedores"
        verbose_name_plural = "fusões de fornecedores"


class FornecedorFundido(models.Model):
    """One registration that a merge made point to the survivor."""

    fusao = models.ForeignKey(Fusao, models.PROTECT, related_name="itens", verbose_name="fusão")
    fornecedor = models.ForeignKey(Fornecedor, models.PROTECT, related_name="+", verbose_name="fornecedor")

    class Meta:
        verbose_name = "fornecedor fundido"
        verbose_name_plural = "fornecedores fundidos"
        constraints = [models.UniqueConstraint(fields=["fusao", "fornecedor"], name="fusao_sem_repeticao")]

    def __str__(self) -> str:
        return f"{self.fornecedor} em {self.fusao}"


class FusaoDeConsumidores(Juncao):
    """Several registrations are one person."""

    sobrevivente = models.ForeignKey(
        Consumidor, models.PROTECT, related_name="fusoes", verbose_name="consumidor que ficou"
    )
    fundidos = models.ManyToManyField(
        Consumidor, through="ConsumidorFundido", related_name="fundido_por", verbose_name="consumidores fundidos"
    )

    class Meta(Juncao.Meta):
        verbose_name = "fusão de consumidores"
        verbose_name_plural = "fusões de consumidores"


class ConsumidorFundido(models.Model):
    """One registration that a merge made point to the survivor."""

    fusao = models.ForeignKey(FusaoDeConsumidores, models.PROTECT, related_name="itens", verbose_name="fusão")
    consumidor = models.ForeignKey(Consumidor, models.PROTECT, related_name="+", verbose_name="consumidor")

    class Meta:
        verbose_name = "consumidor fundido"
        verbose_name_plural = "consumidores fundidos"
        constraints = [
            models.UniqueConstraint(fields=["fusao", "consumidor"], name="fusao_de_consumidores_sem_repeticao")
        ]

    def __str__(self) -> str:
        return f"{self.consumidor} em {self.fusao}"
