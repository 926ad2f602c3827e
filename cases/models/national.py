"""Founded complaints imported from the national register: reclamações of other Procons, never our atendimentos."""

from __future__ import annotations

from django.db import models

from cases.models.taxonomy import Assunto, Problema
from parties.models import Fornecedor


class RegistroNacional(models.Model):
    """One record of the Cadastro Nacional de Reclamações Fundamentadas (Senacon/MJSP, open data).

    `impressao` is the hash of all columns but AnoCalendario and RadicalCNPJ, CNPJ zero-filled: the record's identity,
    by which a file read twice, or a record published in two years, is stored once. A line about a natural person is
    stored masked and without supplier.
    """

    impressao = models.BinaryField("impressão", max_length=16, unique=True)
    ano_calendario = models.PositiveSmallIntegerField("ano do calendário", db_index=True)
    arquivado_em = models.DateTimeField("arquivado em", null=True)
    aberto_em = models.DateTimeField("aberto em", null=True)
    uf = models.CharField("UF", max_length=2)
    fornecedor = models.ForeignKey(
        Fornecedor, models.PROTECT, null=True, related_name="registros_nacionais", verbose_name="fornecedor"
    )
    razao_social = models.CharField("razão social como publicada", max_length=200)
    nome_fantasia = models.CharField("nome fantasia como publicado", max_length=200)
    tipo = models.PositiveSmallIntegerField("tipo (1 jurídica, 0 física)")
    cnpj = models.CharField("CNPJ como publicado, com zeros", max_length=14)
    radical = models.CharField("radical como publicado", max_length=8)
    atendida = models.BooleanField("atendida")
    assunto = models.ForeignKey(Assunto, models.PROTECT, related_name="+", db_index=False, verbose_name="assunto")
    problema = models.ForeignKey(
        Problema, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="problema"
    )
    sexo = models.CharField("sexo", max_length=4)
    faixa_etaria = models.CharField("faixa etária", max_length=20)
    cep = models.CharField("CEP", max_length=8)
    original = models.TextField("linha original", help_text="as 23 colunas como publicadas, separadas por U+001F")

    class Meta:
        verbose_name = "registro nacional"
        verbose_name_plural = "registros nacionais"

    def __str__(self) -> str:
        return f"{self.ano_calendario} {self.razao_social}"
