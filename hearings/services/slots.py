"""Which times are free."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Atribuicao, Papel, Unidade, User
from deadlines.services import office_calendar
from hearings.models import Audiencia, Disponibilidade, RegrasDaAgenda, Sala
from hearings.rules import SLOT, TOLERANCE, Unable
from hearings.services.search import Hours, Loads, Search
from listing.order import by_name
from parties.models import Consumidor
from parties.priority import RANK_NONE
from workflow.queries import loaded, worded

#: No office means a day outside these years.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
#: How far ahead free times are looked for, in days.
HORIZON = 366


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a hearing can be held, with the room and the conciliator that it would be fairest to take."""

    inicio: datetime
    fim: datetime
    sala: Sala
    conciliador: User

    def __str__(self) -> str:
        return f"{timezone.localtime(self.inicio):%d/%m/%Y às %H:%M} ({self.sala}, {self.conciliador})"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the parties can: the days of the week (Monday is 0) and the hours of the day; all, unless told otherwise."""

    dias: frozenset[int] = frozenset(range(7))
    das: time = time.min
    ate: time = time.max

    def allows(self, start: datetime, end: datetime) -> bool:
        """Whether this local time suits them."""
        return start.weekday() in self.dias and self.das <= start.time() and end.time() <= self.ate


def agenda_rules(unidade: Unidade) -> RegrasDaAgenda:
    """How this unidade cuts its day; the practice of hearings/rules.py where it set nothing."""
    try:
        return unidade.regras_da_agenda  # read once per object, also where there is none
    except RegrasDaAgenda.DoesNotExist:
        minute = timedelta(minutes=1)
        return RegrasDaAgenda(unidade=unidade, duracao=SLOT // minute, tolerancia=TOLERANCE // minute)


def free_slots(
    *,
    unidade: Unidade,
    start: date,
    days: int = HORIZON,
    limit: int | None = None,
    after: datetime | None = None,
    modalidade: str = Audiencia.Modalidade.PRESENCIAL,
    consumidor: Consumidor | None = None,
    length: timedelta | None = None,
    wish: Wish | None = None,
    unable: Sequence[Unable] = (),
    prioridade: int = RANK_NONE,
) -> list[Slot]:
    """Free times from `start` on, for `days` days, soonest first; one pair of room and conciliator for each time.

    The pair is the one with the fewest hearings in the week of the date, then on the day, then the first by name: the
    same office always gives the same answer. Left out: times when the consumer is taken, not later than `after`,
    against the parties' `wish`, when one of them is `unable` to come; and the day's first ones, which the unidade
    keeps for those whom the law puts first, unless `prioridade` is such a rank.
    """
    rooms = {room.recurso: room for room in rooms_for(unidade, modalidade)}
    team = loaded("hearings.conciliators", lambda: conciliators_of(unidade), [Papel.CONCILIADOR, unidade.pk])
    people = {person_key(person): person for person in team}
    if not rooms or not people:
        return []
    suits = wish or Wish()

    def fits(begin: datetime, end: datetime) -> bool:
        if after and begin <= after:
            return False
        return suits.allows(begin, end) and not any(item.meets(begin, end) for item in unable)

    search = Search(
        calendar=office_calendar(),
        hours=hours_of(unidade, length=length, first_too=prioridade < RANK_NONE),
        rooms=list(rooms),
        people=list(people),
        consumer=consumer_key(consumidor) if consumidor else "",
        windows=windows_of(unidade, [*rooms, *people], start, start + timedelta(days=days)),
        fits=fits if after or wish or unable else None,
    )
    found = list(search.run(start, start + timedelta(days=days), limit))
    if not found:
        return []
    asked = {key for free in found for key in (*free.rooms, *free.people)}
    loads = Loads(sorted(asked), [free.inicio.date() for free in found])
    return [
        Slot(
            free.inicio,
            free.inicio + search.hours.length,
            rooms[loads.fairest(free.rooms, free.inicio.date())],
            people[loads.fairest(free.people, free.inicio.date())],
        )
        for free in found
    ]


def hours_of(unidade: Unidade, *, length: timedelta | None = None, first_too: bool = False) -> Hours:
    """How this unidade cuts its days now; a hearing longer than usual keeps the unidade's starts."""
    rules = agenda_rules(unidade)
    [(opens, closes)] = worded(
        "hearings.hours",
        lambda: Unidade.objects.filter(pk=unidade.pk).order_by().values_list("abre_as", "fecha_as"),
        [unidade.pk],
    )
    return Hours(
        opens=opens,
        closes=closes,
        length=length or timedelta(minutes=rules.duracao),
        step=timedelta(minutes=rules.duracao + rules.intervalo),
        kept=0 if first_too else rules.prioritarias,
    )


def rooms_for(unidade: Unidade, modalidade: str) -> list[Sala]:
    """The active rooms; where somebody joins from afar, only those with a link."""

    def active() -> QuerySet[Sala]:
        return Sala.objects.filter(unidade=unidade, ativa=True)

    if modalidade == Audiencia.Modalidade.PRESENCIAL:
        return loaded("hearings.rooms", active, [unidade.pk])
    return loaded("hearings.rooms_with_link", lambda: active().exclude(link=""), [unidade.pk, ""])


def conciliators_of(unidade: Unidade) -> QuerySet[User]:
    """Who conciliates in this unidade."""
    return conciliators_in([unidade.pk])


def conciliators_in(unidades: Collection[int]) -> QuerySet[User]:
    """Who conciliates in any of these unidades, each once."""
    held = Atribuicao.objects.filter(unidade__in=unidades, papel=Papel.CONCILIADOR)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by(by_name("nome"), "pk")


def kind_of(resource: str) -> str:
    """«sala», «conciliador» or «consumidor»."""
    return resource.partition(":")[0]


def person_key(person: User) -> str:
    """The conciliator as a resource."""
    return f"conciliador:{person.pk}"


def consumer_key(person: Consumidor) -> str:
    """The consumer as a resource: who was merged holds the time of the registration that stands for them."""
    return f"consumidor:{person.fundido_em_id or person.pk}"


def windows_of(unidade: Unidade, resources: list[str], first: date, last: date) -> dict[str, list[Disponibilidade]]:
    """The weekly windows of each resource that are in force on some of these days."""
    found: dict[str, list[Disponibilidade]] = {}
    asked = set(resources)
    for window in loaded(
        "hearings.windows",
        lambda: Disponibilidade.objects.filter(unidade=unidade).valid_between(first, last),
        [unidade.pk, first, last],
    ):
        if window.recurso in asked:
            found.setdefault(window.recurso, []).append(window)
    return found


def outside(windows: Sequence[Disponibilidade], start: datetime, end: datetime) -> list[Disponibilidade]:
    """The windows in force that a local time does not fit into; none where it fits, or where there are none."""
    valid = [window for window in windows if window.holds_on(start.date())]
    fits = any(
        window.dia_da_semana == start.weekday() and window.das <= start.time() and end.time() <= window.ate
        for window in valid
    )
    return [] if fits else valid
