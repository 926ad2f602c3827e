"""Totals: what was counted up to the last fold, and what was written since (decision 72)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Unidade


def _dimension(name: str, size: int = 30) -> models.CharField[str, str]:
    return models.CharField(name, max_length=size, db_collation="C", default="", db_default="")


class Lancamento(models.Model):
    """A fact that came (+1) or went (-1), or many alike. Written by triggers only; folded into `Soma`, then gone.

    Nobody waits for anybody to write one. The dimensions are those of `measures.DIMENSIONS`, as texts.
    """

    medida = models.PositiveSmallIntegerField("medida")
    ano = models.PositiveSmallIntegerField("ano")
    dia = models.DateField("dia", null=True)
    unidade = models.BigIntegerField("unidade", help_text="0 onde não há unidade: registro nacional")
    tipo = _dimension("tipo")
    canal = _dimension("canal")
    desfecho = _dimension("desfecho")
    orgao = _dimension("órgão")
    nfp = _dimension("senha da NFP desbloqueada")
    assunto = _dimension("assunto")
    problema = _dimension("problema")
    fornecedor = _dimension("fornecedor")
    situacao = _dimension("situação")
    resultado = _dimension("resultado")
    conciliador = _dimension("conciliador")
    meio = _dimension("meio")
    grafia = _dimension("grafia", 200)
    n = models.IntegerField("quantos a mais ou a menos")

    class Meta:
        verbose_name = "lançamento"

    def __str__(self) -> str:
        return f"{self.n:+d} em {self.dia or self.ano}"


class Soma(models.Model):
    """The total of one measure over one stretch of time, one unidade and the values of at most two dimensions.

    Written by the fold only. What was not folded yet stands in `Lancamento`: a reader adds both in one statement.
    """

    pk = models.CompositePrimaryKey("medida", "conjunto", "grao", "inicio", "unidade", "a", "b")
    medida = models.PositiveSmallIntegerField("medida")
    conjunto = models.PositiveSmallIntegerField("conjunto de dimensões")
    grao = models.PositiveSmallIntegerField("grão: 1 dia, 2 mês, 3 ano")
    inicio = models.DateField("início")
    unidade = models.BigIntegerField("unidade")
    a = models.CharField("valor da primeira dimensão", max_length=30, db_collation="C")
    b = models.CharField("valor da segunda dimensão", max_length=200, db_collation="C")
    n = models.BigIntegerField("total")

    class Meta:
        verbose_name = "soma"

    def __str__(self) -> str:
        return f"{self.inicio} {self.a} {self.b}: {self.n}"


class Fechamento(models.Model):
    """A year's balance of one unidade as it stood when it was closed. Never rewritten: a trigger refuses it.

    `resumo` is the hash of the whole (closing.digest). Later corrections show as a difference to the balance of today.
    """

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="fechamentos", verbose_name="unidade")
    ano = models.PositiveSmallIntegerField("ano")
    numeros = models.JSONField("números", help_text="contador → total, como no balanço")
    resumo = models.CharField("resumo SHA-256", max_length=64)
    fechado_em = models.DateTimeField("fechado em")
    fechado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    ultimo_evento = models.BigIntegerField("último evento de então")

    class Meta:
        verbose_name = "fechamento"
        ordering = ["-ano"]
        constraints = [
            models.UniqueConstraint(
                fields=["unidade", "ano"],
                name="fechamento_um_por_ano",
                violation_error_message="Este ano já foi fechado nesta unidade.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unidade} {self.ano}"
