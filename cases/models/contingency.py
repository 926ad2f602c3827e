"""Paper for the days without the system: numbered blank forms, and the case that each became."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Unidade
from cases.models.atendimento import Atendimento, Tipo
from cases.queries import FormularioQuerySet


class SequenciaDeContingencia(models.Model):
    """The last form's number in one unidade and year; locked from the number until the commit, so without gaps."""

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="+", verbose_name="unidade")
    ano = models.PositiveSmallIntegerField("ano")
    ultimo = models.PositiveIntegerField("último número")

    class Meta:
        verbose_name = "sequência de contingência"
        constraints = [models.UniqueConstraint(fields=["unidade", "ano"], name="sequencia_contingencia_unica")]

    def __str__(self) -> str:
        return f"{self.unidade.codigo}/{self.ano}: {self.ultimo}"


class FormularioDeContingencia(models.Model):
    """One numbered blank form: reserved before it is needed, then typed in once, or voided with a reason."""

    codigo = models.CharField("número", max_length=24, unique=True)
    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="+", verbose_name="unidade")
    tipo = models.CharField("tipo impresso", max_length=30, choices=Tipo.choices)
    reservado_em = models.DateTimeField("reservado em")
    reservado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="reservado por"
    )
    atendimento = models.OneToOneField(
        Atendimento,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="formulario",
        verbose_name="atendimento em que foi digitado",
    )
    digitado_em = models.DateTimeField("digitado em", null=True, blank=True)
    digitado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="digitado por"
    )
    anulado_em = models.DateTimeField("anulado em", null=True, blank=True)
    anulado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="anulado por"
    )
    motivo = models.CharField("por que foi anulado", max_length=300, blank=True)

    objects = FormularioQuerySet.as_manager()

    class Meta:
        verbose_name = "formulário de contingência"
        verbose_name_plural = "formulários de contingência"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="formulario_digitado_inteiro",
                condition=models.Q(atendimento__isnull=True, digitado_em__isnull=True, digitado_por__isnull=True)
                | models.Q(
                    atendimento__isnull=False,
                    digitado_em__isnull=False,
                    digitado_por__isnull=False,
                    anulado_em__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="formulario_anulado_com_motivo",
                condition=models.Q(anulado_em__isnull=True, anulado_por__isnull=True, motivo="")
                | models.Q(anulado_em__isnull=False, anulado_por__isnull=False) & ~models.Q(motivo=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unidade", "tipo"],
                name="formulario_em_branco",
                condition=models.Q(atendimento__isnull=True, anulado_em__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.codigo
