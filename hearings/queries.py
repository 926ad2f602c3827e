"""Reads of hearings, starting from who asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.models import CASE_READERS, SYSTEM_LOGIN, User
from deadlines.models import Feriado
from workflow.queries import INTO_EVENTS, prepared

if TYPE_CHECKING:
    from hearings.models import (
        Audiencia,
        Ausencia,
        Disponibilidade,
        Impedimento,
        Justificativa,
        NotificacaoDaAudiencia,
        Reserva,
    )

    _Audiencias = models.QuerySet[Audiencia]
    _Ausencias = models.QuerySet[Ausencia]
    _Disponibilidades = models.QuerySet[Disponibilidade]
    _Impedimentos = models.QuerySet[Impedimento]
    _Justificativas = models.QuerySet[Justificativa]
    _Notificacoes = models.QuerySet[NotificacaoDaAudiencia]
    _Reservas = models.QuerySet[Reserva]
else:
    _Audiencias = _Ausencias = _Disponibilidades = _Impedimentos = models.QuerySet
    _Justificativas = _Notificacoes = _Reservas = models.QuerySet

#: The states in which a hearing is still to come.
PENDING = ("agendada", "notificada", "confirmada")

# The cases' histories, locked in the order of their numbers. The cases are read by the next statement, which sees what
# the one waited for has written.
HOLD = """
SELECT id FROM workflow_historico
WHERE id IN (SELECT historico_id FROM cases_atendimento WHERE id = %s)
ORDER BY id FOR NO KEY UPDATE
"""

# All that a date is checked against, by one statement: facts only, the rules are in `services/checks.py`. Windows and
# impediments are rare; whether there are any is asked here, and what they say only then.
GROUNDS = """
SELECT c.id, c.protocolo, c.unidade_id, c.status, c.consumidor_id, c.prioridade, c.historico_id,
    coalesce(p.fundido_em_id, p.id), u.abre_as, u.fecha_as,
    ARRAY(SELECT user_id FROM accounts_atribuicao WHERE unidade_id = u.id AND papel = 'conciliador'),
    EXISTS (SELECT FROM hearings_disponibilidade WHERE unidade_id = u.id),
    EXISTS (SELECT FROM hearings_impedimento WHERE atendimento_id = c.id AND retirado_em IS NULL),
    (SELECT selo FROM deadlines_selodalei)
FROM cases_atendimento c JOIN accounts_unidade u ON u.id = c.unidade_id
    LEFT JOIN parties_consumidor p ON p.id = c.consumidor_id
WHERE c.id = %s
"""
# One case is found by its number and the indexes, in an office of any size. Of many the planner has to guess how many,
# and in a small office reads whole tables. (The array is a subselect, so that it guesses alike with the values and
# without: no plan made for some values then looks cheaper than the one that is kept, and after some times it plans no
# more.)
_ONE, _MANY = "= %s", "= ANY(ARRAY(SELECT unnest(%s::bigint[])))"
HOLD_MANY, GROUNDS_OF_MANY = HOLD.replace(_ONE, _MANY), GROUNDS.replace(_ONE, _MANY)
#: The first columns, as Model.from_db wants them: in the model's own order.
CASE_FIELDS = ("id", "protocolo", "unidade_id", "status", "consumidor_id", "prioridade", "historico_id")

# Hearings, whom they call, whom they take, and the events that say so, by one statement. The reservations are written
# in the order given, the events in the order of the histories. ON CONFLICT waits for whoever holds the resource without
# an outcome yet, and then leaves out what is taken; two plain INSERTs would see each other's rows and deadlock instead.
BOOK = f"""
WITH asked AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('hearings_audiencia', 'id')) AS id, a.*
    FROM jsonb_to_recordset(%s) AS a (place int, atendimento_id bigint, sala_id bigint, conciliador_id bigint,
        modalidade text, inicio timestamptz, fim timestamptz, status text, dispensa_antecedencia text,
        anterior_id bigint, primeira_id bigint, versao smallint, agendada_em timestamptz, called bigint[],
        historico_id bigint, autor_id bigint, dados jsonb)
), written AS (
    INSERT INTO hearings_audiencia (id, atendimento_id, sala_id, conciliador_id, modalidade, inicio, fim, status,
        resultado, observacao, dispensa_antecedencia, anterior_id, primeira_id, versao, agendada_em)
    SELECT id, atendimento_id, sala_id, conciliador_id, modalidade, inicio, fim, status, '', '', dispensa_antecedencia,
        anterior_id, primeira_id, versao, agendada_em FROM asked
), parties AS (
    INSERT INTO hearings_audiencia_reclamados (audiencia_id, reclamado_id)
    SELECT id, party FROM asked, unnest(called) AS party
), told AS ({INTO_EVENTS}
    SELECT historico_id, 'hearings.audiencia', id, 'AGENDAR', '', status, autor_id, agendada_em, '', dados
    FROM asked ORDER BY historico_id, place
), held AS (
    INSERT INTO hearings_reserva (audiencia_id, recurso, durante)
    SELECT id, recurso, tstzrange(inicio, fim, '[)')
    FROM ROWS FROM (jsonb_to_recordset(%s) AS (place int, recurso text)) WITH ORDINALITY AS wanted (place, recurso, nth)
    JOIN asked USING (place) ORDER BY nth ON CONFLICT DO NOTHING RETURNING audiencia_id, recurso
)
SELECT id, ARRAY(SELECT split_part(recurso, ':', 1) FROM held WHERE audiencia_id = id) FROM asked ORDER BY place
"""  # noqa: S608  the columns of events are a constant
BOOKED_FIELDS = (
    "atendimento_id", "sala_id", "conciliador_id", "modalidade", "status", "dispensa_antecedencia", "anterior_id",
    "primeira_id", "versao",
)  # fmt: skip
MOMENTS = ("inicio", "fim", "agendada_em")

TAKE_AWAY = """
INSERT INTO hearings_reserva (ausencia_id, recurso, durante)
VALUES (%(ausencia)s, %(resource)s, tstzrange(%(start)s, %(end)s, '[)')) ON CONFLICT DO NOTHING RETURNING id
"""

# What is held between two moments, start and end in epoch seconds, and by whom, their keys in one string. An office has
# few different times and many who hold each: to read a row or two numbers for every reservation would cost more than
# finding it. Moments are compared faster than ranges.
BUSY = """
SELECT date_part('epoch', begins)::bigint, date_part('epoch', ends)::bigint, holders FROM (
    SELECT lower(durante) AS begins, upper(durante) AS ends, string_agg(recurso, ' ') AS holders
    FROM unnest(%(resources)s::text[]) AS wanted (one)
    JOIN hearings_reserva ON recurso = one AND durante && tstzrange(%(start)s, %(end)s, '[)')
    GROUP BY 1, 2
) AS held
"""
# What each resource holds that begins in a range, by a plain index (`reserva_inicio`): an entry of the constraint's one
# costs ten times as much. OFFSET 0: each resource is looked up, whatever the planner believes of many.
_BEGINS = """
    SELECT durante, audiencia_id FROM hearings_reserva
    WHERE recurso = one AND lower(durante) >= %(start)s AND lower(durante) < %(end)s OFFSET 0
"""
# Of what began before, only the last can reach into the range, for a resource holds nothing twice.
_MEETS = f"""
    ({_BEGINS}) UNION ALL SELECT * FROM (
        SELECT durante, audiencia_id FROM hearings_reserva
        WHERE recurso = one AND lower(durante) < %(start)s ORDER BY lower(durante) DESC LIMIT 1
    ) AS earlier WHERE upper(durante) > %(start)s
"""  # noqa: S608  constants only
# The times that meet a range and are held by every one of some resources: each holds a time once at most, so they
# are counted. To write down who holds them costs as much again, and is needed only where somebody is free.
FULL = f"""
SELECT date_part('epoch', begins)::bigint, date_part('epoch', ends)::bigint FROM (
    SELECT lower(durante) AS begins, upper(durante) AS ends
    FROM unnest(%(resources)s::text[]) AS wanted (one) CROSS JOIN LATERAL ({_MEETS}) AS held
    GROUP BY 1, 2 HAVING count(*) = cardinality(%(resources)s::text[])
) AS full_times
"""  # noqa: S608  constants only
# How many hearings each of many resources has on each of some local days, by where the days begin: to ask the zone for
# the day of every reservation would cost more than to read them.
LOADS = f"""
SELECT one, width_bucket(lower(durante), %(midnights)s::timestamptz[]) - 1 AS place, count(*)
FROM unnest(%(resources)s::text[]) AS wanted (one) CROSS JOIN LATERAL ({_BEGINS}) AS held
WHERE audiencia_id IS NOT NULL GROUP BY 1, 2
"""  # noqa: S608  constants only

#: Dates that no longer stand and did not take place.
GONE = ("redesignada", "cancelada")
# From the moment at which the first date of the series was asked for to the date; of the dates that stand or stood.
WAITS = """
SELECT count(*), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY dias) FROM (
    SELECT extract(epoch FROM a.inicio - coalesce(f.agendada_em, a.agendada_em))::float8 / 86400 AS dias
    FROM hearings_audiencia a LEFT JOIN hearings_audiencia f ON f.id = a.primeira_id
    JOIN cases_atendimento c ON c.id = a.atendimento_id
    WHERE a.inicio >= %(start)s AND a.inicio < %(end)s AND c.unidade_id = ANY(%(unidades)s)
        AND a.status <> ALL(%(gone)s)
) AS waited
"""


def waits(unidades: Collection[int], start: datetime, end: datetime) -> tuple[int, float | None, float | None]:
    """How many hearings have their date from `start` to before `end`; median and p95 of the days waited for it."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS, {"start": start, "end": end, "unidades": list(unidades), "gone": list(GONE)})
        count, quantiles = cursor.fetchone()
    return (count, *quantiles) if quantiles else (count, None, None)


def hold(cases: Collection[int]) -> None:
    """Lock the histories of these cases until the commit: nobody else moves them."""
    _of(cases, HOLD, HOLD_MANY)


def grounds(cases: Collection[int]) -> list[tuple[Any, ...]]:
    """The columns of GROUNDS for each of these cases, in no order."""
    return _of(cases, GROUNDS, GROUNDS_OF_MANY)


def _of(cases: Collection[int], one: str, many: str) -> list[tuple[Any, ...]]:
    return prepared(one, list(cases)) if len(cases) == 1 else prepared(many, [list(cases)])


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Local midnight to local midnight."""
    return (
        timezone.make_aware(datetime.combine(day, time.min)),
        timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)),
    )


def _of_resources(resources: list[str]) -> models.Q:
    """What belongs to one of these rooms and conciliators."""
    keys = [resource.partition(":") for resource in resources]
    rooms = [int(pk) for kind, _, pk in keys if kind == "sala"]
    people = [int(pk) for kind, _, pk in keys if kind == "conciliador"]
    return models.Q(sala__in=rooms) | models.Q(conciliador__in=people)


class AudienciaQuerySet(_Audiencias):
    """Hearings."""

    def visible_to(self, user: User) -> Self:
        """The hearings of the unidades where `user` holds a papel that reads cases; the system reads everywhere."""
        if user.usuario == SYSTEM_LOGIN:
            return self
        return self.filter(atendimento__unidade_id__in=user.unidades_com(CASE_READERS))

    def on_day(self, day: date) -> Self:
        """Hearings that begin on this local day."""
        start, end = day_bounds(day)
        return self.filter(inicio__gte=start, inicio__lt=end)

    def pending(self) -> Self:
        """Hearings still to come: neither held, moved nor cancelled."""
        return self.filter(status__in=PENDING)

    def between(self, first: date, last: date) -> Self:
        """Hearings that begin on a local day from `first` to `last`."""
        return self.filter(inicio__gte=day_bounds(first)[0], inicio__lt=day_bounds(last)[1])

    def on_closed_days(self, *, since: date) -> Self:
        """Hearings to come, from `since` on, on a day that the calendar has closed after they were booked.

        Each row has its `dia` and the day's name as `fechado`.
        """
        coming = self.pending().filter(inicio__gte=day_bounds(since)[0]).annotate(dia=TruncDate("inicio"))
        closed = Feriado.objects.filter(data=OuterRef("dia")).order_by("id")
        return coming.filter(Exists(closed)).annotate(fechado=Subquery(closed.values("nome")[:1]))

    def to_announce(self, *, at: datetime) -> Self:
        """Booked hearings to come whose notices were not made yet: what the act owes, found by query."""
        return self.pending().filter(avisada_em=None, inicio__gt=at)

    def of_closed_cases(self) -> Self:
        """Pending hearings whose case was closed meanwhile."""
        return self.pending().filter(atendimento__status="encerrado")

    def with_everything(self) -> Self:
        """With the rows that a page of hearings shows."""
        return self.select_related(
            "atendimento__unidade", "atendimento__consumidor", "sala", "conciliador"
        ).prefetch_related("reclamados__fornecedor")

    def book(
        self, rows: Sequence[Audiencia], facts: Sequence[Mapping[str, Any]], wanted: Sequence[tuple[int, str]]
    ) -> list[list[str]]:
        """Write these hearings with their events, and reserve whom they take: (which hearing, resource), in order.

        `facts` says of each what is not in its row: `called`, the keys of the suppliers; and of its event the
        `historico_id`, the `autor_id` and the `dados`. Returns for each hearing the kinds of resource that it got. It
        takes one of each kind; they are told apart by it, since the database reserves for the registration that stands
        for a consumer, which may be another than the one asked for. Where a kind is missing the caller rolls back.
        """
        asked = [
            {name: getattr(row, name) for name in BOOKED_FIELDS}
            | {name: getattr(row, name).isoformat() for name in MOMENTS}
            | {"place": place, **more}
            for place, (row, more) in enumerate(zip(rows, facts, strict=True))
        ]
        takes = [{"place": place, "recurso": resource} for place, resource in wanted]
        written = prepared(BOOK, [Jsonb(asked), Jsonb(takes)])
        for row, (pk, _) in zip(rows, written, strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, connection.alias
        return [kinds for _, kinds in written]


class ReservaQuerySet(_Reservas):
    """What is taken, and when."""

    def meeting(self, start: datetime, end: datetime) -> Self:
        """Reservations that share a moment with [start, end)."""
        return self.filter(durante__overlap=(start, end))

    def take_away(self, *, ausencia: int, resource: str, start: datetime, end: datetime) -> bool:
        """Reserve one resource for an absence; whether it could be had, by the constraint's word."""
        with connection.cursor() as cursor:
            cursor.execute(TAKE_AWAY, {"ausencia": ausencia, "resource": resource, "start": start, "end": end})
            return cursor.fetchone() is not None

    def busy(self, resources: list[str], *, start: datetime, end: datetime) -> list[tuple[int, int, str]]:
        """The times that meet [start, end), in epoch seconds and no order, each with all who hold it, in one string."""
        with connection.cursor() as cursor:
            cursor.execute(BUSY, {"resources": resources, "start": start, "end": end})
            held: list[tuple[int, int, str]] = cursor.fetchall()
        return held

    def full(self, resources: list[str], *, start: datetime, end: datetime) -> list[tuple[int, int]]:
        """The times that meet [start, end) and that all of `resources` hold, in epoch seconds and no order."""
        return prepared(FULL, {"resources": resources, "start": start, "end": end})  # type: ignore[return-value]

    def loads(self, resources: list[str], *, start: date, end: date) -> dict[tuple[str, date], int]:
        """How many hearings each resource has on each local day from `start` to before `end`; none is left out."""
        days = [start + timedelta(days=place) for place in range((end - start).days)]
        midnights = [day_bounds(day)[0] for day in [*days, end]]
        asked = {"resources": resources, "start": midnights[0], "end": midnights[-1], "midnights": midnights}
        return {(resource, days[place]): total for resource, place, total in prepared(LOADS, asked)}


class DisponibilidadeQuerySet(_Disponibilidades):
    """Weekly windows."""

    def valid_between(self, first: date, last: date) -> Self:
        """Windows in force on some day from `first` to `last`."""
        return self.filter(models.Q(vigente_ate__isnull=True) | models.Q(vigente_ate__gte=first), vigente_de__lte=last)


class AusenciaQuerySet(_Ausencias):
    """Absences."""

    def standing(self) -> Self:
        """Absences that were not undone."""
        return self.filter(desfeita_em__isnull=True)

    def meeting(self, start: datetime, end: datetime) -> Self:
        """Absences that share a moment with [start, end)."""
        return self.filter(durante__overlap=(start, end))

    def filter_resources(self, resources: list[str]) -> Self:
        """Absences of these resources."""
        return self.filter(_of_resources(resources)).select_related("sala", "conciliador")


class ImpedimentoQuerySet(_Impedimentos):
    """When parties cannot come."""

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(retirado_em__isnull=True)


class JustificativaQuerySet(_Justificativas):
    """Absences that the consumer may justify."""

    def passed(self, *, today: date) -> Self:
        """Not justified, the term over, the case still open, and no other date given to it since."""
        waiting = self.filter(
            apresentada_em=None,
            prazo__cumprido_em=None,
            prazo__vence_em__lt=today,
            audiencia__atendimento__status__in=["aguarda_consumidor", "em_reclamacao"],
        )
        return waiting.exclude(audiencia__atendimento__audiencias__status__in=PENDING)


class NotificacaoQuerySet(_Notificacoes):
    """Notices of hearings."""

    def proven(self) -> Self:
        """Those that are known to have arrived."""
        return self.filter(recebida_em__isnull=False)
