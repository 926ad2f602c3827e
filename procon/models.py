"""What the project itself stores: which office this is, whether it is a demonstration, and its daily copies."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Demonstracao(models.Model):
    """The one row of an office whose people and history are fictitious: which year, which scale, how far it is built.

    `partes` names what was built so far, so that a killed build goes on where it stopped.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ano = models.PositiveSmallIntegerField("ano")
    escala = models.FloatField("escala")
    partes = ArrayField(models.CharField(max_length=12), verbose_name="partes prontas", default=list, blank=True)
    concluida = models.BooleanField("concluída", default=False)

    class Meta:
        verbose_name = "demonstração"
        verbose_name_plural = "demonstrações"
        constraints = [models.CheckConstraint(name="demonstracao_uma_so", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.ano}, escala {self.escala}"


class Escritorio(models.Model):
    """The one row by which the office of this database is told from any other; its stored files bear the same mark."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    marca = models.UUIDField("marca", default=uuid4)

    class Meta:
        verbose_name = "escritório"
        verbose_name_plural = "escritórios"
        constraints = [models.CheckConstraint(name="escritorio_um_so", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.marca)


class Copia(models.Model):
    """One try at the daily copy of the whole office; the file itself lies in the folder of PROCON_COPIAS."""

    id = models.BigAutoField(primary_key=True)
    arquivo = models.CharField("arquivo", max_length=40)
    iniciada_em = models.DateTimeField("iniciada em")
    tamanho = models.BigIntegerField("tamanho em bytes", null=True)
    selo = models.CharField("SHA-256 do conteúdo", max_length=64, blank=True)
    faltam = models.PositiveIntegerField("arquivos que faltavam no escritório", default=0)
    erro = models.TextField("por que falhou", blank=True)

    class Meta:
        verbose_name = "cópia de segurança"
        verbose_name_plural = "cópias de segurança"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.arquivo
