"""Rooms, and when rooms and conciliators can be had: the office's slots, weekly availability, absences."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from accounts.models import Unidade
from hearings.queries import AusenciaQuerySet, DisponibilidadeQuerySet


class Sala(models.Model):
    """A room, or a virtual one with its link."""

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="salas", verbose_name="unidade")
    nome = models.CharField("nome", max_length=80)
    link = models.URLField("link (sala virtual)", blank=True)
    ativa = models.BooleanField("ativa", default=True)

    class Meta:
        verbose_name = "sala"
        ordering = ["nome"]
        constraints = [
            models.UniqueConstraint(
                fields=["unidade", "nome"],
                name="sala_nome_unico",
                violation_error_message="Já há uma sala com este nome nesta unidade. Escolha outro nome.",
            )
        ]

    def __str__(self) -> str:
        return self.nome

    @property
    def recurso(self) -> str:
        """The room as a resource that is reserved."""
        return f"sala:{self.pk}"


class RegrasDaAgenda(models.Model):
    """How one unidade cuts its day into hearings. Without a row, the practice of hearings/rules.py."""

    unidade = models.OneToOneField(Unidade, models.PROTECT, related_name="regras_da_agenda", verbose_name="unidade")
    duracao = models.PositiveSmallIntegerField("duração da audiência (min)", default=30)
    intervalo = models.PositiveSmallIntegerField("intervalo entre audiências (min)", default=0)
    tolerancia = models.PositiveSmallIntegerField("tolerância de atraso (min)", default=15)
    prioritarias = models.PositiveSmallIntegerField(
        "horários por dia para prioridade",
        default=0,
        help_text="os primeiros horários do dia, oferecidos só a quem tem prioridade por lei",
    )

    class Meta:
        verbose_name = "regras da agenda"
        verbose_name_plural = "regras das agendas"
        constraints = [
            models.CheckConstraint(
                name="regras_da_agenda_duracao",
                condition=models.Q(duracao__range=(5, 240)),
                violation_error_message="A duração fica entre 5 e 240 minutos.",
            ),
            models.CheckConstraint(
                name="regras_da_agenda_intervalo",
                condition=models.Q(intervalo__lte=120),
                violation_error_message="O intervalo vai até 120 minutos.",
            ),
            models.CheckConstraint(
                name="regras_da_agenda_tolerancia",
                condition=models.Q(tolerancia__lte=models.F("duracao")),
                violation_error_message="A tolerância não passa da duração da audiência.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unidade}: {self.duracao} min"


class DoRecurso(models.Model):
    """A row about one room or one conciliator, never both."""

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="+", verbose_name="unidade")
    sala = models.ForeignKey(
        Sala, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name="sala"
    )
    conciliador = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name="conciliador",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_de_um_recurso",
                condition=models.Q(sala__isnull=False, conciliador__isnull=True)
                | models.Q(sala__isnull=True, conciliador__isnull=False),
                violation_error_message="Escolha uma sala ou um conciliador, não os dois.",
            )
        ]

    @property
    def recurso(self) -> str:
        """The resource that is reserved: "sala:3" or "conciliador:7"."""
        return f"sala:{self.sala_id}" if self.sala_id else f"conciliador:{self.conciliador_id}"

    @property
    def quem(self) -> str:
        """The room's or the conciliator's name."""
        return str(self.sala or self.conciliador)


class Disponibilidade(DoRecurso):
    """A weekly window in which a room or a conciliator takes hearings.

    Who has no window valid on a day is available during the office's hours; who has one, only inside it.
    """

    class Dia(models.IntegerChoices):
        """As Python counts: Monday is 0."""

        SEGUNDA = 0, "Segunda-feira"
        TERCA = 1, "Terça-feira"
        QUARTA = 2, "Quarta-feira"
        QUINTA = 3, "Quinta-feira"
        SEXTA = 4, "Sexta-feira"
        SABADO = 5, "Sábado"
        DOMINGO = 6, "Domingo"

    dia_da_semana = models.PositiveSmallIntegerField("dia da semana", choices=Dia.choices)
    das = models.TimeField("das")
    ate = models.TimeField("até")
    vigente_de = models.DateField("vigente de")
    vigente_ate = models.DateField("vigente até", null=True, blank=True)

    objects = DisponibilidadeQuerySet.as_manager()

    class Meta(DoRecurso.Meta):
        verbose_name = "disponibilidade"
        ordering = ["dia_da_semana", "das", "id"]
        constraints = [
            *DoRecurso.Meta.constraints,
            models.CheckConstraint(
                name="disponibilidade_horario",
                condition=models.Q(das__lt=models.F("ate")),
                violation_error_message="O fim vem depois do início.",
            ),
            models.CheckConstraint(
                name="disponibilidade_vigencia",
                condition=models.Q(vigente_ate__isnull=True) | models.Q(vigente_ate__gte=models.F("vigente_de")),
                violation_error_message="A vigência termina antes de começar.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quem}: {self.get_dia_da_semana_display()}, {self.das:%H:%M} às {self.ate:%H:%M}"

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return self.vigente_de <= day and (self.vigente_ate is None or day <= self.vigente_ate)


class AssinaturaDeAgenda(DoRecurso):
    """A private address at which a calendar program reads the hearings of one room or conciliator, until revoked.

    The key is shown once and kept hashed; whoever has it reads times, places and protocols, and nobody's name.
    """

    chave_hash = models.CharField("hash da chave", max_length=64, unique=True)
    criada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="criada por"
    )
    criada_em = models.DateTimeField("criada em")
    lida_em = models.DateTimeField("lida pela última vez em", null=True, blank=True)
    revogada_em = models.DateTimeField("revogada em", null=True, blank=True)

    class Meta(DoRecurso.Meta):
        verbose_name = "assinatura de agenda"
        verbose_name_plural = "assinaturas de agenda"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"agenda de {self.quem}"


class Ausencia(DoRecurso):
    """When a room or a conciliator cannot be had: leave, training, works. Holds a Reserva while it stands."""

    durante = DateTimeRangeField("durante")
    motivo = models.CharField("motivo", max_length=160)
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrada por"
    )
    registrada_em = models.DateTimeField("registrada em")
    desfeita_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="desfeita por"
    )
    desfeita_em = models.DateTimeField("desfeita em", null=True, blank=True)

    objects = AusenciaQuerySet.as_manager()

    class Meta(DoRecurso.Meta):
        verbose_name = "ausência"
        ordering = ["durante", "id"]
        constraints = [
            *DoRecurso.Meta.constraints,
            models.CheckConstraint(
                name="ausencia_desfeita_por_alguem",
                condition=models.Q(desfeita_em__isnull=True, desfeita_por__isnull=True)
                | models.Q(desfeita_em__isnull=False, desfeita_por__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quem}: {self.durante.lower:%d/%m/%Y %H:%M} a {self.durante.upper:%d/%m/%Y %H:%M} ({self.motivo})"
