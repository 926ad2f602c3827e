"""How long personal data are kept, and whose were made anonymous."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.atendimento import Atendimento, Tipo
from parties.models import Consumidor


class PrazoDeGuarda(models.Model):
    """For how many years after its closing a case of one tipo names its consumer; the office may change it."""

    tipo = models.CharField("tipo", max_length=30, choices=Tipo.choices, unique=True)
    anos = models.PositiveSmallIntegerField("anos depois do encerramento")
    fonte = models.CharField("fonte", max_length=200)

    class Meta:
        verbose_name = "prazo de guarda"
        verbose_name_plural = "prazos de guarda"
        ordering = ["tipo"]
        constraints = [
            models.CheckConstraint(
                name="prazo_de_guarda_de_1_a_100_anos",
                condition=models.Q(anos__gte=1, anos__lte=100),
                violation_error_message="O prazo de guarda vai de 1 a 100 anos. Corrija o número.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()}: {self.anos} anos"


class Anonimizacao(models.Model):
    """A consumer whose data were made anonymous, by whom and when; there is no way back."""

    consumidor = models.OneToOneField(
        Consumidor, models.PROTECT, related_name="anonimizacao", verbose_name="consumidor", primary_key=True
    )
    feita_em = models.DateTimeField("feita em")
    feita_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="feita por")

    class Meta:
        verbose_name = "anonimização"
        verbose_name_plural = "anonimizações"

    def __str__(self) -> str:
        return f"consumidor {self.consumidor_id}, em {self.feita_em:%d/%m/%Y}"


class PerfilAnonimo(models.Model):
    """What an anonymous case keeps of its consumer for the profile: the age bracket at the opening."""

    atendimento = models.OneToOneField(
        Atendimento, models.PROTECT, related_name="perfil_anonimo", verbose_name="atendimento", primary_key=True
    )
    faixa_etaria = models.CharField("faixa etária", max_length=20)

    class Meta:
        verbose_name = "perfil anônimo"
        verbose_name_plural = "perfis anônimos"

    def __str__(self) -> str:
        return self.faixa_etaria
