"""SINDEC's taxonomy. A problem's code depends on the assunto, so the key is the pair."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from listing.order import by_name


class Assunto(models.Model):
    """What was bought or contracted, with SINDEC's own code. Retired, never deleted."""

    codigo = models.PositiveIntegerField("código SINDEC", primary_key=True)
    area = models.CharField("área", max_length=60)
    descricao = models.CharField("descrição", max_length=200)
    ativo = models.BooleanField("ativo", default=True)

    class Meta:
        verbose_name = "assunto"
        ordering = ["area", by_name("descricao")]

    def __str__(self) -> str:
        return self.descricao


class Problema(models.Model):
    """What went wrong, in words."""

    descricao = models.CharField("descrição", max_length=200, unique=True)
    ativo = models.BooleanField("ativo", default=True)

    class Meta:
        verbose_name = "problema"
        ordering = [by_name("descricao")]

    def __str__(self) -> str:
        return self.descricao


class ProblemaDoAssunto(models.Model):
    """A problem that may be chosen under an assunto, with SINDEC's codes and how often it was used in 2017."""

    assunto = models.ForeignKey(Assunto, models.PROTECT, related_name="problemas", verbose_name="assunto")
    problema = models.ForeignKey(Problema, models.PROTECT, related_name="assuntos", verbose_name="problema")
    codigo_sindec = models.PositiveIntegerField("código SINDEC mais usado", null=True, blank=True)
    codigos_sindec = ArrayField(
        models.PositiveIntegerField(), verbose_name="todos os códigos SINDEC", default=list, blank=True
    )
    frequencia = models.PositiveIntegerField("frequência", default=0)
    ativo = models.BooleanField("ativo", default=True)

    class Meta:
        verbose_name = "problema do assunto"
        verbose_name_plural = "problemas dos assuntos"
        ordering = ["-frequencia", by_name("problema__descricao")]
        constraints = [models.UniqueConstraint(fields=["assunto", "problema"], name="problema_do_assunto_unico")]

    def __str__(self) -> str:
        return f"{self.assunto} – {self.problema}"


class Orgao(models.Model):
    """A body to which the office refers people."""

    sigla = models.CharField("sigla", max_length=30, unique=True)
    nome = models.CharField("nome", max_length=160)
    ativo = models.BooleanField("ativo", default=True)

    class Meta:
        verbose_name = "órgão"
        ordering = ["sigla"]

    def __str__(self) -> str:
        return self.sigla
