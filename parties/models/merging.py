"""Which suppliers were found to be one, by whom and why; a merge can be undone, its record stays."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from parties.models.parties import Fornecedor


class Fusao(models.Model):
    """A decision that several registrations are one supplier. The registrations only point; no case is rewritten."""

    sobrevivente = models.ForeignKey(
        Fornecedor, models.PROTECT, related_name="fusoes", verbose_name="fornecedor que ficou"
    )
    fundidos = models.ManyToManyField(
        Fornecedor, through="FornecedorFundido", related_name="fundido_por", verbose_name="fornecedores fundidos"
    )
    motivo = models.TextField("motivo")
    feita_por = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="feita por")
    feita_em = models.DateTimeField("feita em")
    motivo_de_desfazer = models.TextField("motivo de desfazer", blank=True)
    desfeita_por = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="desfeita por"
    )
    desfeita_em = models.DateTimeField("desfeita em", null=True, blank=True)

    class Meta:
        verbose_name = "fusão de fornecedores"
        verbose_name_plural = "fusões de fornecedores"
        ordering = ["-feita_em", "-id"]
        constraints = [
            models.CheckConstraint(name="fusao_com_motivo", condition=~Q(motivo="")),
            models.CheckConstraint(
                name="fusao_desfeita_por_inteiro",
                condition=Q(desfeita_em__isnull=True, desfeita_por__isnull=True, motivo_de_desfazer="")
                | (Q(desfeita_em__isnull=False, desfeita_por__isnull=False) & ~Q(motivo_de_desfazer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Fusão {self.pk}"


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
