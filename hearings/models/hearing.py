"""Hearings, and the reservations by which the database keeps anybody from being in two places."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import models
from django.urls import reverse

from cases.models import Atendimento, Reclamado
from deadlines.models import Prazo
from hearings.models.agenda import Ausencia, Sala
from hearings.queries import PENDING, AudienciaQuerySet, JustificativaQuerySet, ReservaQuerySet


class Audiencia(models.Model):
    """One date for one case. A new date is a new row that names the old one. Moved by hearings/acts.py."""

    class Status(models.TextChoices):
        """Where the hearing stands; scheduled and held are counted apart."""

        AGENDADA = "agendada", "Agendada"
        NOTIFICADA = "notificada", "Notificada"
        CONFIRMADA = "confirmada", "Confirmada"
        REALIZADA = "realizada", "Realizada"
        NAO_REALIZADA = "nao_realizada", "Não realizada"
        REDESIGNADA = "redesignada", "Redesignada"
        CANCELADA = "cancelada", "Cancelada"

    class Resultado(models.TextChoices):
        """What came of it: the first three when held, the others when not."""

        ACORDO = "acordo", "Acordo"
        ACORDO_PARCIAL = "acordo_parcial", "Acordo parcial"
        SEM_ACORDO = "sem_acordo", "Sem acordo"
        AUSENTE_CONSUMIDOR = "ausente_consumidor", "Consumidor ausente"
        AUSENTE_FORNECEDOR = "ausente_fornecedor", "Fornecedor ausente"
        AUSENTES_AMBOS = "ausentes_ambos", "Ambos ausentes"

    class Modalidade(models.TextChoices):
        """Where people meet."""

        PRESENCIAL = "presencial", "Presencial"
        VIRTUAL = "virtual", "Virtual"
        HIBRIDA = "hibrida", "Híbrida"

    atendimento = models.ForeignKey(Atendimento, models.PROTECT, related_name="audiencias", verbose_name="atendimento")
    reclamados = models.ManyToManyField(Reclamado, related_name="audiencias", verbose_name="reclamados")
    sala = models.ForeignKey(Sala, models.PROTECT, related_name="audiencias", verbose_name="sala")
    conciliador = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="audiencias", verbose_name="conciliador"
    )
    modalidade = models.CharField(
        "modalidade", max_length=10, choices=Modalidade.choices, default=Modalidade.PRESENCIAL
    )
    inicio = models.DateTimeField("início", db_index=True)
    fim = models.DateTimeField("fim")
    status = models.CharField("status", max_length=14, choices=Status.choices, default=Status.AGENDADA)
    resultado = models.CharField("resultado", max_length=20, choices=Resultado.choices, blank=True)
    observacao = models.TextField("observação", blank=True)
    dispensa_antecedencia = models.CharField(
        "dispensa da antecedência mínima", max_length=200, blank=True, help_text="como as partes a dispensaram"
    )
    anterior = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="seguinte", verbose_name="audiência anterior"
    )
    primeira = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="redesignacoes",
        verbose_name="primeira audiência",
        help_text="a que abriu esta série de datas; vazia na própria",
    )
    versao = models.PositiveSmallIntegerField("versão da data", default=0)
    agendada_em = models.DateTimeField("agendada em")
    avisada_em = models.DateTimeField(
        "avisos feitos em",
        null=True,
        blank=True,
        help_text="quando as notificações e as mensagens foram feitas; vazia enquanto ainda se devem",
    )
    integracao = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="integração que registrou o caso",
        help_text="a do caso, copiada pelo banco quando a audiência é marcada",
        db_index=False,
    )

    objects = AudienciaQuerySet.as_manager()

    class Meta:
        verbose_name = "audiência"
        ordering = ["inicio", "id"]
        indexes = [
            models.Index("inicio", name="audiencia_a_avisar", condition=models.Q(avisada_em=None, status__in=PENDING)),
            # An integration's list is read off its own index, with a status or without, however many others have.
            models.Index(
                fields=["integracao", "inicio", "id"],
                name="audiencia_da_integracao",
                condition=models.Q(integracao__isnull=False),
            ),
            models.Index(
                fields=["integracao", "status", "inicio", "id"],
                name="audiencia_integracao_status",
                condition=models.Q(integracao__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="audiencia_serie",
                condition=models.Q(anterior__isnull=True, primeira__isnull=True, versao=0)
                | models.Q(anterior__isnull=False, primeira__isnull=False, versao__gt=0),
            ),
            models.CheckConstraint(name="audiencia_fim_depois", condition=models.Q(fim__gt=models.F("inicio"))),
            models.CheckConstraint(
                name="audiencia_resultado_coerente",
                condition=models.Q(status="realizada", resultado__in=["acordo", "acordo_parcial", "sem_acordo"])
                | models.Q(
                    status="nao_realizada",
                    resultado__in=["ausente_consumidor", "ausente_fornecedor", "ausentes_ambos"],
                )
                | ~models.Q(status__in=["realizada", "nao_realizada"]) & models.Q(resultado=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Audiência de {self.atendimento} em {self.inicio:%d/%m/%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """The hearing's page."""
        return reverse("audiencia", args=[self.pk])

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.atendimento.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.atendimento.historico_id

    @property
    def espera_avisos(self) -> bool:
        """Whether its notices are still to be made."""
        return self.avisada_em is None and self.status in PENDING

    @property
    def referencia(self) -> str:
        """The name under which messages speak of this hearing."""
        return f"audiencia:{self.pk}"


class Reserva(models.Model):
    """`recurso` is taken during `durante` (half-open). The exclusion constraint decides, whatever path writes.

    `recurso` is "sala:3", "conciliador:7" or "consumidor:12"; it is taken by a hearing or by an absence, so that nobody
    is booked while away, nor away while booked. A hearing that is moved or cancelled loses its rows.
    """

    audiencia = models.ForeignKey(
        Audiencia, models.CASCADE, null=True, blank=True, related_name="reservas", verbose_name="audiência"
    )
    ausencia = models.OneToOneField(
        Ausencia, models.CASCADE, null=True, blank=True, related_name="reserva", verbose_name="ausência"
    )
    recurso = models.CharField("recurso", max_length=40)
    durante = DateTimeRangeField("durante")

    objects = ReservaQuerySet.as_manager()

    class Meta:
        verbose_name = "reserva"
        constraints = [
            ExclusionConstraint(
                name="reserva_sem_sobreposicao",
                expressions=[("recurso", RangeOperators.EQUAL), ("durante", RangeOperators.OVERLAPS)],
            ),
            models.UniqueConstraint(fields=["audiencia", "recurso"], name="reserva_unica"),
            models.CheckConstraint(
                name="reserva_recurso_formato",
                condition=models.Q(recurso__regex=r"^(sala|conciliador|consumidor):[0-9]+$"),
            ),
            models.CheckConstraint(
                name="reserva_de_audiencia_ou_ausencia",
                condition=models.Q(audiencia__isnull=False, ausencia__isnull=True)
                | models.Q(audiencia__isnull=True, ausencia__isnull=False),
            ),
        ]
        indexes = [
            models.Index("recurso", RangeStartsWith("durante"), name="reserva_inicio", include=["durante", "audiencia"])
        ]

    def __str__(self) -> str:
        return f"{self.recurso} em {self.durante.lower:%d/%m/%Y %H:%M}"


class Presenca(models.Model):
    """One person who came to a hearing, when, in which quality, and with which papers."""

    class Qualidade(models.TextChoices):
        """In which quality the person takes part."""

        CONSUMIDOR = "consumidor", "Consumidor"
        PROCURADOR = "procurador", "Procurador"
        PREPOSTO = "preposto", "Preposto"
        ADVOGADO = "advogado", "Advogado"
        TESTEMUNHA = "testemunha", "Testemunha"

    audiencia = models.ForeignKey(Audiencia, models.PROTECT, related_name="presencas", verbose_name="audiência")
    qualidade = models.CharField("qualidade", max_length=12, choices=Qualidade.choices)
    reclamado = models.ForeignKey(
        Reclamado, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="representa"
    )
    nome = models.CharField("nome", max_length=160)
    chegou_em = models.DateTimeField("chegou em")
    documentos = models.CharField("documentos vistos", max_length=200, blank=True)

    class Meta:
        verbose_name = "presença"
        ordering = ["chegou_em", "id"]

    def __str__(self) -> str:
        return f"{self.nome} ({self.get_qualidade_display()})"


class Justificativa(models.Model):
    """The absent consumer's term to justify, and what was said within it. Without it the case is archived."""

    audiencia = models.OneToOneField(Audiencia, models.PROTECT, related_name="justificativa", verbose_name="audiência")
    prazo = models.OneToOneField(Prazo, models.PROTECT, related_name="justificativa", verbose_name="prazo")
    texto = models.TextField("justificativa", blank=True)
    apresentada_em = models.DateField("apresentada em", null=True, blank=True)
    registrada_em = models.DateTimeField("registrada em", null=True, blank=True)
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="registrada por"
    )

    objects = JustificativaQuerySet.as_manager()

    class Meta:
        verbose_name = "justificativa de ausência"
        verbose_name_plural = "justificativas de ausência"
        constraints = [
            models.CheckConstraint(
                name="justificativa_inteira",
                condition=models.Q(
                    texto="", apresentada_em__isnull=True, registrada_em__isnull=True, registrada_por__isnull=True
                )
                | models.Q(apresentada_em__isnull=False, registrada_em__isnull=False, registrada_por__isnull=False)
                & ~models.Q(texto=""),
                violation_error_message="A justificativa tem texto, data e quem a registrou.",
            ),
        ]

    def __str__(self) -> str:
        return f"Justificativa da ausência à audiência {self.audiencia_id}"


class Confirmacao(models.Model):
    """One party said, by its link, that it will come."""

    audiencia = models.ForeignKey(Audiencia, models.PROTECT, related_name="confirmacoes", verbose_name="audiência")
    parte = models.CharField("parte", max_length=40, help_text="consumidor:5 ou fornecedor:9")
    quando = models.DateTimeField("quando")

    class Meta:
        verbose_name = "confirmação"
        verbose_name_plural = "confirmações"
        constraints = [models.UniqueConstraint(fields=["audiencia", "parte"], name="confirmacao_unica")]

    def __str__(self) -> str:
        return f"{self.parte} em {self.quando:%d/%m/%Y %H:%M}"


class PedidoDeRemarcacao(models.Model):
    """A party asks for another date; the office grants it by rescheduling, or refuses with a reason."""

    audiencia = models.ForeignKey(Audiencia, models.PROTECT, related_name="pedidos", verbose_name="audiência")
    parte = models.CharField("parte", max_length=40, help_text="consumidor:5 ou fornecedor:9")
    quem = models.CharField("quem pede", max_length=200)
    motivo = models.TextField("motivo")
    preferencias = ArrayField(
        models.DateTimeField(), verbose_name="horários que prefere", default=list, blank=True, db_default=[]
    )
    pedido_em = models.DateTimeField("pedido em")
    decidido_em = models.DateTimeField("decidido em", null=True, blank=True)
    decidido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="decidido por"
    )
    atendido = models.BooleanField("atendido", null=True, blank=True)
    resposta = models.TextField("resposta do Procon", blank=True)

    class Meta:
        verbose_name = "pedido de remarcação"
        verbose_name_plural = "pedidos de remarcação"
        ordering = ["pedido_em", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["audiencia", "parte"],
                name="pedido_um_em_aberto",
                condition=models.Q(decidido_em__isnull=True),
                violation_error_message="Seu pedido já foi recebido e está em análise. Aguarde a resposta do Procon.",
            ),
            models.CheckConstraint(
                name="pedido_decidido_por_alguem",
                condition=models.Q(decidido_em__isnull=True, decidido_por__isnull=True, atendido__isnull=True)
                | models.Q(decidido_em__isnull=False, decidido_por__isnull=False, atendido__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quem} pede outra data"
