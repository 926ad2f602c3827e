"""When a party of a case says it cannot come."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cases.models import Atendimento, Reclamado
from hearings.models.agenda import Disponibilidade
from hearings.queries import ImpedimentoQuerySet
from hearings.rules import Unable


class Impedimento(models.Model):
    """Days or hours at which the consumer, or one supplier, cannot come; no hearing of the case is booked over it.

    What is empty does not narrow: "às terças" has a day of the week only, "de 10 a 20/03" only dates.
    """

    atendimento = models.ForeignKey(
        Atendimento, models.PROTECT, related_name="impedimentos", verbose_name="atendimento"
    )
    reclamado = models.ForeignKey(
        Reclamado,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="impedimentos",
        verbose_name="fornecedor",
        help_text="vazio: o consumidor",
    )
    de = models.DateField("do dia", null=True, blank=True)
    ate = models.DateField("até o dia", null=True, blank=True)
    dias_da_semana = ArrayField(
        models.PositiveSmallIntegerField(choices=Disponibilidade.Dia.choices),
        verbose_name="dias da semana",
        default=list,
        blank=True,
    )
    das = models.TimeField("das", null=True, blank=True)
    ate_as = models.TimeField("até as", null=True, blank=True)
    motivo = models.CharField("motivo", max_length=160, blank=True)
    registrado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrado por"
    )
    registrado_em = models.DateTimeField("registrado em")
    retirado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retirado por"
    )
    retirado_em = models.DateTimeField("retirado em", null=True, blank=True)

    objects = ImpedimentoQuerySet.as_manager()

    class Meta:
        verbose_name = "impedimento"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="impedimento_diz_quando",
                condition=models.Q(de__isnull=False)
                | models.Q(ate__isnull=False)
                | models.Q(das__isnull=False)
                | models.Q(ate_as__isnull=False)
                | models.Q(dias_da_semana__len__gt=0),
                violation_error_message="Diga quando a parte não pode: dias, dias da semana ou horas.",
            ),
            models.CheckConstraint(
                name="impedimento_dias",
                condition=models.Q(de__isnull=True) | models.Q(ate__isnull=True) | models.Q(ate__gte=models.F("de")),
                violation_error_message="O último dia vem antes do primeiro.",
            ),
            models.CheckConstraint(
                name="impedimento_horas",
                condition=models.Q(das__isnull=True)
                | models.Q(ate_as__isnull=True)
                | models.Q(ate_as__gt=models.F("das")),
                violation_error_message="O fim vem depois do início.",
            ),
            models.CheckConstraint(
                name="impedimento_retirado_por_alguem",
                condition=models.Q(retirado_em__isnull=True, retirado_por__isnull=True)
                | models.Q(retirado_em__isnull=False, retirado_por__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quem}: {self.quando}"

    @property
    def quem(self) -> str:
        """Whose it is."""
        return str(self.reclamado.fornecedor) if self.reclamado else "o consumidor"

    @property
    def quando(self) -> str:
        """When, in words: "segunda-feira, terça-feira, das 09:00 às 12:00, de 10/03/2026"."""
        labels = dict(Disponibilidade.Dia.choices)
        parts = [", ".join(labels[day].lower() for day in self.dias_da_semana)]
        parts += [f"a partir das {self.das:%H:%M}" if self.das and not self.ate_as else ""]
        parts += [f"até as {self.ate_as:%H:%M}" if self.ate_as and not self.das else ""]
        parts += [f"das {self.das:%H:%M} às {self.ate_as:%H:%M}" if self.das and self.ate_as else ""]
        if self.de and self.ate:
            parts.append(
                f"em {self.de:%d/%m/%Y}" if self.de == self.ate else f"de {self.de:%d/%m} a {self.ate:%d/%m/%Y}"
            )
        else:
            parts += [f"desde {self.de:%d/%m/%Y}" if self.de else "", f"até {self.ate:%d/%m/%Y}" if self.ate else ""]
        return ", ".join(part for part in parts if part)

    @property
    def rule(self) -> Unable:
        """The same, as the pure rules read it."""
        return Unable(self.de, self.ate, frozenset(self.dias_da_semana), self.das, self.ate_as)

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.atendimento.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.atendimento.historico_id
