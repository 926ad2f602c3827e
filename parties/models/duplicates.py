"""Registrations that may be one: what the finder found, and the pairs that an auditor declared to be different."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from parties.models.merging import Fusao, FusaoDeConsumidores
from parties.models.parties import Consumidor, Fornecedor
from parties.queries import GrupoDeConsumidoresQuerySet


class ParDiferente(models.Model):
    """Two registrations that look alike and are not the same: the finder never brings them up together again."""

    declarado_por = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="declarado por")
    declarado_em = models.DateTimeField("declarado em")

    um: Any
    outro: Any

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_em_ordem", condition=Q(um__lt=F("outro"))),
            models.UniqueConstraint(fields=["um", "outro"], name="%(class)s_unico"),
        ]

    def __str__(self) -> str:
        return f"{self.um} não é {self.outro}"


class NaoDuplicado(ParDiferente):
    """Two suppliers that are not the same."""

    um = models.ForeignKey(Fornecedor, models.PROTECT, related_name="+", verbose_name="um")
    outro = models.ForeignKey(Fornecedor, models.PROTECT, related_name="+", verbose_name="outro")

    class Meta(ParDiferente.Meta):
        verbose_name = "par que não é o mesmo"
        verbose_name_plural = "pares que não são o mesmo"


class PessoasDiferentes(ParDiferente):
    """Two consumers who are not the same."""

    um = models.ForeignKey(Consumidor, models.PROTECT, related_name="+", verbose_name="um")
    outro = models.ForeignKey(Consumidor, models.PROTECT, related_name="+", verbose_name="outro")

    class Meta(ParDiferente.Meta):
        verbose_name = "par de pessoas diferentes"
        verbose_name_plural = "pares de pessoas diferentes"


class BuscaDeDuplicados(models.Model):
    """One run of the finder over all suppliers or all consumers, with its progress. One of each is open at a time."""

    class Alvo(models.TextChoices):
        """Among whom is looked."""

        FORNECEDORES = "fornecedores", "Fornecedores"
        CONSUMIDORES = "consumidores", "Consumidores"

    alvo = models.CharField("entre", max_length=12, choices=Alvo.choices, default=Alvo.FORNECEDORES)
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
                fields=["alvo"],
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


class GrupoParecido(models.Model):
    """Registrations that may be one, waiting for an auditor, or decided on by one."""

    busca = models.ForeignKey(BuscaDeDuplicados, models.PROTECT, related_name="+", verbose_name="busca")
    pontos = models.PositiveSmallIntegerField("pontos (até 100)")
    decidido_por = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="decidido por"
    )
    decidido_em = models.DateTimeField("decidido em", null=True, blank=True)

    fusao: Any
    itens: Any

    class Meta:
        abstract = True
        ordering = ["-pontos", "-id"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_decidido_por_alguem",
                condition=Q(decidido_em__isnull=True, decidido_por__isnull=True, fusao__isnull=True)
                | Q(decidido_em__isnull=False, decidido_por__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Grupo {self.pk}"


class GrupoDeDuplicados(GrupoParecido):
    """Suppliers that may be one."""

    fusao = models.ForeignKey(Fusao, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fusão")

    class Meta(GrupoParecido.Meta):
        verbose_name = "grupo de possíveis duplicados"
        verbose_name_plural = "grupos de possíveis duplicados"
        indexes = [
            models.Index(fields=["-pontos", "-id"], name="grupo_a_decidir", condition=Q(decidido_em__isnull=True))
        ]


class GrupoDeConsumidores(GrupoParecido):
    """Consumers who may be one person."""

    fusao = models.ForeignKey(
        FusaoDeConsumidores, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fusão"
    )

    objects = GrupoDeConsumidoresQuerySet.as_manager()

    class Meta(GrupoParecido.Meta):
        verbose_name = "grupo de consumidores parecidos"
        verbose_name_plural = "grupos de consumidores parecidos"
        indexes = [
            models.Index(fields=["-pontos", "-id"], name="pessoas_a_decidir", condition=Q(decidido_em__isnull=True))
        ]


class ItemParecido(models.Model):
    """One registration of such a group, with the evidence that ties it to the group's first."""

    primeiro = models.BooleanField("o primeiro do grupo", default=False)
    pontos = models.PositiveSmallIntegerField("pontos (até 100)")
    motivo = models.CharField("motivo", max_length=120)
    casos = models.PositiveIntegerField("casos", default=0)

    class Meta:
        abstract = True
        ordering = ["-primeiro", "-pontos", "-casos", "id"]


class ItemDeDuplicados(ItemParecido):
    """One supplier of a group."""

    grupo = models.ForeignKey(GrupoDeDuplicados, models.CASCADE, related_name="itens", verbose_name="grupo")
    fornecedor = models.ForeignKey(Fornecedor, models.PROTECT, related_name="+", verbose_name="fornecedor")

    class Meta(ItemParecido.Meta):
        verbose_name = "item de grupo de duplicados"
        verbose_name_plural = "itens de grupos de duplicados"
        constraints = [models.UniqueConstraint(fields=["grupo", "fornecedor"], name="item_sem_repeticao")]

    def __str__(self) -> str:
        return f"{self.fornecedor} em {self.grupo}"


class ItemDeConsumidores(ItemParecido):
    """One consumer of a group."""

    grupo = models.ForeignKey(GrupoDeConsumidores, models.CASCADE, related_name="itens", verbose_name="grupo")
    consumidor = models.ForeignKey(Consumidor, models.PROTECT, related_name="+", verbose_name="consumidor")

    class Meta(ItemParecido.Meta):
        verbose_name = "item de grupo de consumidores"
        verbose_name_plural = "itens de grupos de consumidores"
        constraints = [models.UniqueConstraint(fields=["grupo", "consumidor"], name="item_de_pessoa_sem_repeticao")]

    def __str__(self) -> str:
        return f"{self.consumidor} em {self.grupo}"
