"""What the project itself stores: whether this office is a demonstration."""

from __future__ import annotations

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
