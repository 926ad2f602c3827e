"""The calendar, the rules of law with their validity, and the terms computed from them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models

from deadlines.queries import PrazoQuerySet
from deadlines.rules import Rule, Suspension
from workflow.models import Historico


class Feriado(models.Model):
    """A day on which the office does not work, with the norm that says so."""

    class Ambito(models.TextChoices):
        """Who decreed the day."""

        NACIONAL = "nacional", "Nacional"
        ESTADUAL = "estadual", "Estadual"
        MUNICIPAL = "municipal", "Municipal"

    data = models.DateField("data")
    nome = models.CharField("nome", max_length=120)
    ambito = models.CharField("âmbito", max_length=10, choices=Ambito.choices)
    facultativo = models.BooleanField("ponto facultativo", default=False)
    fonte = models.CharField("fonte", max_length=160)

    class Meta:
        verbose_name = "feriado"
        ordering = ["data"]
        constraints = [
            models.UniqueConstraint(
                fields=["data", "nome"],
                name="feriado_unico",
                violation_error_message="Este dia já está no calendário com este nome.",
            ),
            models.CheckConstraint(
                name="feriado_tem_fonte",
                condition=~models.Q(nome="") & ~models.Q(fonte=""),
                violation_error_message="Escreva o nome do dia e a norma que o criou.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nome} ({self.data:%d/%m/%Y})"


class RegraDePrazo(models.Model):
    """A term as the law or the office sets it, valid between two dates."""

    class Contagem(models.TextChoices):
        """How the days are counted."""

        CORRIDOS = "corridos", "Dias corridos"
        UTEIS = "uteis", "Dias úteis"
        ANOS = "anos", "Anos"

    nome = models.CharField("nome", max_length=40)
    versao = models.PositiveSmallIntegerField("versão")
    descricao = models.CharField("descrição", max_length=160)
    dias = models.PositiveSmallIntegerField("dias", help_text="anos, se a contagem é em anos")
    contagem = models.CharField("contagem", max_length=8, choices=Contagem.choices)
    inicio = models.CharField("o que inicia", max_length=120)
    prorroga = models.BooleanField("prorroga para dia útil", default=True)
    fonte = models.CharField("fonte", max_length=200)
    vigente_de = models.DateField("vigente de")
    vigente_ate = models.DateField("vigente até", null=True, blank=True)

    class Meta:
        verbose_name = "regra de prazo"
        verbose_name_plural = "regras de prazo"
        ordering = ["nome", "versao"]
        constraints = [
            models.UniqueConstraint(fields=["nome", "versao"], name="regra_versao_unica"),
            models.CheckConstraint(name="regra_dias_positivos", condition=models.Q(dias__gt=0)),
            models.CheckConstraint(
                name="regra_vigencia",
                condition=models.Q(vigente_ate__isnull=True) | models.Q(vigente_ate__gte=models.F("vigente_de")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nome} v{self.versao}: {self.dias} {self.get_contagem_display().lower()}"

    def as_rule(self) -> Rule:
        """This version as the pure module counts it."""
        return Rule(
            name=self.nome,
            version=self.versao,
            days=self.dias,
            counting=self.contagem,
            start_text=self.inicio,
            rolls=self.prorroga,
            source=self.fonte,
            valid_from=self.vigente_de,
            valid_until=self.vigente_ate,
        )


class Suspensao(models.Model):
    """A window in which terms do not run, except those of the rules it spares."""

    de = models.DateField("de")
    ate = models.DateField("até")
    motivo = models.CharField("motivo", max_length=160)
    fonte = models.CharField("fonte", max_length=160)
    poupa = ArrayField(
        models.CharField(max_length=40), verbose_name="regras que não suspende", default=list, blank=True
    )

    class Meta:
        verbose_name = "suspensão"
        verbose_name_plural = "suspensões"
        ordering = ["de"]
        constraints = [
            models.CheckConstraint(name="suspensao_ordem", condition=models.Q(ate__gte=models.F("de"))),
            models.CheckConstraint(
                name="suspensao_tem_fonte",
                condition=~models.Q(motivo="") & ~models.Q(fonte=""),
                violation_error_message="Escreva o motivo da suspensão e a norma que a determina.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motivo} ({self.de:%d/%m/%Y} a {self.ate:%d/%m/%Y})"

    def as_window(self) -> Suspension:
        """This window as the pure module counts it."""
        return Suspension(self.de, self.ate, self.motivo, frozenset(self.poupa))


class SeloDaLei(models.Model):
    """One row whose seal changes with every day, window or rule: what was read under the same seal still holds.

    Written only by triggers on the three tables, in the transaction that changes them.
    """

    id = models.SmallIntegerField("id", primary_key=True, default=1)
    selo = models.UUIDField("selo", db_default=RandomUUID())

    class Meta:
        verbose_name = "selo da lei"
        verbose_name_plural = "selos da lei"
        constraints = [models.CheckConstraint(name="selo_da_lei_um_so", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.selo)


class Prazo(models.Model):
    """A computed term: when it started, when it ends, and why, in words. A change of law never moves it."""

    historico = models.ForeignKey(Historico, models.PROTECT, related_name="prazos", verbose_name="histórico")
    regra = models.ForeignKey(RegraDePrazo, models.PROTECT, related_name="prazos", verbose_name="regra")
    inicio = models.DateField("início")
    vence_em = models.DateField("vence em", db_index=True)
    explicacao = models.TextField("explicação")
    nota = models.TextField("como começou", blank=True, help_text="vai na explicação, depois do dia")
    cumprido_em = models.DateTimeField(
        "cumprido em", null=True, blank=True, help_text="daqui em diante o prazo não corre mais"
    )

    objects = PrazoQuerySet.as_manager()

    class Meta:
        verbose_name = "prazo"
        constraints = [
            models.CheckConstraint(name="prazo_depois_do_inicio", condition=models.Q(vence_em__gt=models.F("inicio")))
        ]
        indexes = [
            models.Index(fields=["vence_em", "id"], name="prazo_corrente", condition=models.Q(cumprido_em__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.regra.nome}: {self.vence_em:%d/%m/%Y}"


class Prorrogacao(models.Model):
    """Days granted on top of a running term, with the reason; never edited, counted again with the term."""

    prazo = models.ForeignKey(Prazo, models.PROTECT, related_name="prorrogacoes", verbose_name="prazo")
    dias = models.PositiveSmallIntegerField("dias", help_text="contados como a regra do prazo conta")
    motivo = models.CharField("motivo", max_length=200)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    quando = models.DateTimeField("quando")

    class Meta:
        verbose_name = "prorrogação"
        verbose_name_plural = "prorrogações"
        ordering = ["prazo", "id"]
        constraints = [
            models.CheckConstraint(name="prorrogacao_dias_positivos", condition=models.Q(dias__gt=0)),
            models.CheckConstraint(name="prorrogacao_tem_motivo", condition=~models.Q(motivo="")),
        ]

    def __str__(self) -> str:
        return f"{self.dias} dias a mais em {self.prazo}"


class MudancaDeCalendario(models.Model):
    """What an administrador changed in the calendar or the rules: who, when, on what ground, how many terms moved."""

    class Acao(models.TextChoices):
        """What was done."""

        INCLUIR_DIA = "incluir_dia", "Dia incluído"
        RETIRAR_DIA = "retirar_dia", "Dia retirado"
        INCLUIR_SUSPENSAO = "incluir_suspensao", "Suspensão incluída"
        RETIRAR_SUSPENSAO = "retirar_suspensao", "Suspensão retirada"
        NOVA_REGRA = "nova_regra", "Versão nova de regra"

    acao = models.CharField("ação", max_length=20, choices=Acao.choices)
    descricao = models.CharField("descrição", max_length=300)
    fonte = models.TextField("norma ou motivo")
    prazos = models.PositiveIntegerField("prazos que mudaram", default=0)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    quando = models.DateTimeField("quando")

    class Meta:
        verbose_name = "mudança de calendário"
        verbose_name_plural = "mudanças de calendário"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="mudanca_tem_fonte", condition=~models.Q(fonte=""))]

    def __str__(self) -> str:
        return f"{self.get_acao_display()}: {self.descricao}"
