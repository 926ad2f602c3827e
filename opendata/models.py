"""Conduct of companies on consumidor.gov.br, as sums: a month has 300,000 lines, and nobody needs people's rows."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from opendata.layout.consumidor_gov import LONGEST_NAME, Kind
from opendata.queries.conduct import CondutaQuerySet


class ArquivoConsumidorGov(models.Model):
    """A published file that is counted here. No two of a kind tell of the same days: that would count twice."""

    class Tipo(models.TextChoices):
        """How the publisher cuts the files."""

        FINALIZADAS = Kind.FINALIZADAS.value, "finalizadas"
        BASE_COMPLETA = Kind.BASE_COMPLETA.value, "base completa"

    nome = models.CharField("nome", max_length=255)
    tipo = models.CharField("tipo", max_length=15, choices=Tipo.choices)
    periodo = DateRangeField("período, pelo nome do arquivo")
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    linhas = models.PositiveIntegerField("linhas")
    contadas = models.PositiveIntegerField("contadas")
    ignoradas = models.PositiveIntegerField("nem finalizadas nem canceladas")
    recusadas = models.PositiveIntegerField("recusadas")
    lugares = ArrayField(models.CharField(max_length=7), verbose_name="lugares somados")
    importado_em = models.DateTimeField("importado em")

    class Meta:
        verbose_name = "arquivo do consumidor.gov.br"
        verbose_name_plural = "arquivos do consumidor.gov.br"
        ordering = ["-periodo", "id"]
        constraints = [
            ExclusionConstraint(
                name="arquivo_gov_um_por_periodo",
                expressions=[("tipo", RangeOperators.EQUAL), ("periodo", RangeOperators.OVERLAPS)],
                violation_error_message="Já há um arquivo deste tipo sobre estes dias.",
            ),
            models.CheckConstraint(name="arquivo_gov_sha256_formato", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="arquivo_gov_linhas_somam", condition=Q(linhas=F("contadas") + F("ignoradas") + F("recusadas"))
            ),
        ]

    def __str__(self) -> str:
        return self.nome


class EmpresaConsumidorGov(models.Model):
    """A company as consumidor.gov.br names it; suppliers are found by the same name, normalised."""

    chave = models.CharField("nome normalizado", max_length=LONGEST_NAME, unique=True)
    nome = models.CharField("nome fantasia", max_length=LONGEST_NAME)
    segmento = models.CharField("segmento de mercado", max_length=LONGEST_NAME, blank=True)
    vista_em = models.DateField("mês mais recente em que apareceu")

    class Meta:
        verbose_name = "empresa no consumidor.gov.br"
        verbose_name_plural = "empresas no consumidor.gov.br"
        ordering = ["nome", "id"]

    def __str__(self) -> str:
        return self.nome


class CondutaConsumidorGov(models.Model):
    """What one file adds about a company in one month of finalisation and one place: our city, its UF, Brazil (BR)."""

    arquivo = models.ForeignKey(
        ArquivoConsumidorGov, models.CASCADE, related_name="condutas", db_index=False, verbose_name="arquivo"
    )
    empresa = models.ForeignKey(
        EmpresaConsumidorGov, models.PROTECT, related_name="condutas", db_index=False, verbose_name="empresa"
    )
    mes = models.DateField("mês da finalização, seu primeiro dia")
    lugar = models.CharField("lugar: município (IBGE), UF ou BR", max_length=7)
    reclamacoes = models.PositiveIntegerField("reclamações finalizadas")
    respondidas = models.PositiveIntegerField("respondidas")
    resolvidas = models.PositiveIntegerField("avaliadas como resolvidas")
    nao_resolvidas = models.PositiveIntegerField("avaliadas como não resolvidas")
    nao_avaliadas = models.PositiveIntegerField("não avaliadas")
    canceladas = models.PositiveIntegerField("canceladas, fora das finalizadas")
    notas = models.PositiveIntegerField("quantas notas")
    notas_soma = models.PositiveIntegerField("soma das notas")
    respostas = models.PositiveIntegerField("quantas respostas com tempo")
    dias_soma = models.PositiveIntegerField("soma dos dias até a resposta")

    objects = CondutaQuerySet.as_manager()

    class Meta:
        verbose_name = "conduta no consumidor.gov.br"
        verbose_name_plural = "condutas no consumidor.gov.br"
        ordering = ["mes", "empresa", "lugar"]
        constraints = [
            models.UniqueConstraint(fields=["arquivo", "empresa", "mes", "lugar"], name="conduta_gov_unica"),
            models.CheckConstraint(name="conduta_gov_mes_primeiro_dia", condition=Q(mes__day=1)),
            models.CheckConstraint(
                name="conduta_gov_lugar_formato", condition=Q(lugar__regex=r"^([0-9]{7}|[A-Z]{2})$")
            ),
            models.CheckConstraint(
                name="conduta_gov_avaliacoes_somam",
                condition=Q(reclamacoes=F("resolvidas") + F("nao_resolvidas") + F("nao_avaliadas")),
            ),
            models.CheckConstraint(
                name="conduta_gov_partes_cabem",
                condition=Q(respondidas__lte=F("reclamacoes"), respostas__lte=F("respondidas"))
                & Q(notas__lte=F("reclamacoes"), notas_soma__gte=F("notas"), notas_soma__lte=F("notas") * 5),
            ),
        ]
        indexes = [models.Index(fields=["empresa", "lugar", "mes"], name="conduta_gov_leitura")]

    def __str__(self) -> str:
        return f"{self.empresa} em {self.lugar}, {self.mes:%m/%Y}: {self.reclamacoes}"
