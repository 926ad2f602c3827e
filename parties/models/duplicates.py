"""Suppliers that may be one: what the finder found, and the pairs that an auditor declared to be different."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from parties.models.merging import Fusao
from parties.models.parties import Fornecedor


class NaoDuplicado(models.Model):
    """Two suppliers that look alike and are not the same: the finder never brings them up together again."""

    um = models.ForeignKey(Fornecedor, models.PROTECT, related_name="+", verbose_name="um")
    outro = models.ForeignKey(Fornecedor, models.PROTECT, related_name="+", verbose_name="outro")
    declarado_por = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="declarado por")
    declarado_em = models.DateTimeField("declarado em")

    class Meta:
        verbose_name = "par que não é o mesmo"
        verbose_name_plural = "pares que não são o mesmo"
        constraints = [
            models.CheckConstraint(name="nao_duplicado_em_ordem", condition=Q(um__lt=F("outro"))),
            models.UniqueConstraint(fields=["um", "outro"], name="nao_duplicado_unico"),
        ]

    def __str__(self) -> str:
        return f"{self.um} não é {self.outro}"


class BuscaDeDuplicados(models.Model):
    """One run of the finder over all suppliers, with its progress. One is open at a time."""

    pedida_por = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="pedida por")
    pedida_em = models.DateTimeField("pedida em")
    etapa = models.CharField("etapa", max_length=80, default="na fila")
    andamento = models.PositiveSmallIntegerField("andamento (%)", default=0)
    encontrados = models.PositiveIntegerField("grupos encontrados", default=0)
    terminada_em = models.DateTimeField("terminada em", null=True, blank=True)
    aberta = models.BooleanField("aberta", default=True, editable=False)

    class Meta:
        verbose_name = "busca de duplicados"
        verbose_name_plural = "buscas de duplicados"
        ordering = ["-pedida_em", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["aberta"],
                name="busca_uma_por_vez",
                condition=Q(aberta=True),
                violation_error_message="Já há uma busca de duplicados em andamento. Espere que termine.",
            ),
            models.CheckConstraint(
                name="busca_aberta_ou_terminada",
                condition=Q(aberta=True, terminada_em__isnull=True) | Q(aberta=False, terminada_em__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Busca de {self.pedida_em:%d/%m/%Y}"


class GrupoDeDuplicados(models.Model):
    """Suppliers that may be one, waiting for an auditor, or decided on by one."""

    busca = models.ForeignKey(BuscaDeDuplicados, models.PROTECT, related_name="grupos", verbose_name="busca")
    pontos = models.PositiveSmallIntegerField("pontos (até 100)")
    fusao = models.ForeignKey(Fusao, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fusão")
    decidido_por = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="decidido por"
    )
    decidido_em = models.DateTimeField("decidido em", null=True, blank=True)

    class Meta:
        verbose_name = "grupo de possíveis duplicados"
        verbose_name_plural = "grupos de possíveis duplicados"
        ordering = ["-pontos", "-id"]
        constraints = [
            models.CheckConstraint(
                name="grupo_decidido_por_alguem",
                condition=Q(decidido_em__isnull=True, decidido_por__isnull=True, fusao__isnull=True)
                | Q(decidido_em__isnull=False, decidido_por__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["-pontos", "-id"], name="grupo_a_decidir", condition=Q(decidido_em__isnull=True))
        ]

    def __str__(self) -> str:
        return f"Grupo {self.pk}"


class ItemDeDuplicados(models.Model):
    """One supplier of such a group, with the evidence that ties it to the group's first."""

    grupo = models.ForeignKey(GrupoDeDuplicados, models.CASCADE, related_name="itens", verbose_name="grupo")
    fornecedor = models.ForeignKey(Fornecedor, models.PROTECT, related_name="+", verbose_name="fornecedor")
    primeiro = models.BooleanField("o primeiro do grupo", default=False)
    pontos = models.PositiveSmallIntegerField("pontos (até 100)")
    motivo = models.CharField("motivo", max_length=120)
    casos = models.PositiveIntegerField("casos", default=0)

    class Meta:
        verbose_name = "item de grupo de duplicados"
        verbose_name_plural = "itens de grupos de duplicados"
        ordering = ["-primeiro", "-pontos", "-casos", "id"]
        constraints = [models.UniqueConstraint(fields=["grupo", "fornecedor"], name="item_sem_repeticao")]

    def __str__(self) -> str:
        return f"{self.fornecedor} em {self.grupo}"
