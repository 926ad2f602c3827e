"""When to try again, when to give up, and when people are left in peace. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

#: Waits after the first tries, in minutes; then one an hour. Together over 49 hours: an outage of a day is outlived.
FIRST_WAITS = (1, 2, 5, 10, 20, 40)
HOURLY_TRIES = 48
MAX_TRIES = len(FIRST_WAITS) + HOURLY_TRIES

#: How long a worker may keep one message before others may take it: longer than the slowest conversation that ends well
#: (every answer just within its time limit), else a slow server would get it twice. A kill delays it by this much.
LEASE = timedelta(minutes=5)
#: How many messages are claimed at once; only one of them is ever in flight.
BATCH = 20
#: How long one run goes on. The next begins with the next minute, so a slow server never holds every worker.
BUDGET = timedelta(seconds=50)
#: How long the rest of a batch waits when the mail server does not answer at all. Costs them no try.
OUTAGE_PAUSE = timedelta(minutes=1)
#: A reminder that the quiet would make useless goes out the evening before, so long before the quiet begins.
EVENING = timedelta(hours=1)

#: The kinds of message, as they are read. Packages above name theirs here.
TIPOS = {
    "aviso_audiencia": "Aviso de audiência",
    "lembrete_audiencia": "Lembrete de audiência",
    "cancelamento_audiencia": "Cancelamento de audiência",
    "negativa_remarcacao": "Resposta a pedido de outra data",
    "cip": "CIP ao fornecedor",
}


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the day, in the office's time, in which nobody is reminded; half-open, over midnight or not."""

    begins: time
    ends: time
    zone: tzinfo

    def end(self, moment: datetime) -> datetime | None:
        """When the quiet in which `moment` lies ends, in UTC; None outside of it."""
        local = moment.astimezone(self.zone)
        clock, day = local.time(), local.date()
        if self.begins < self.ends:
            inside = self.begins <= clock < self.ends
        else:
            inside = clock >= self.begins or clock < self.ends
            if clock >= self.begins:
                day += timedelta(days=1)
        return datetime.combine(day, self.ends, self.zone).astimezone(UTC) if inside else None

    def begin(self, moment: datetime) -> datetime:
        """When the quiet that ends next after `moment` began, in UTC; ask only for a moment within it."""
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() >= self.begins else local.date() - timedelta(days=1)
        return datetime.combine(day, self.begins, self.zone).astimezone(UTC)


def parse_quiet(text: str, zone: tzinfo) -> Quiet | None:
    """Read "20:00-08:00"; None for "nenhum". Raises ValueError for anything else."""
    if text == "nenhum":
        return None
    found = re.fullmatch(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})", text)
    if not found or found[1] == found[2]:
        raise ValueError(text)
    return Quiet(time.fromisoformat(found[1]), time.fromisoformat(found[2]), zone)


def considerate(due: datetime, *, event: datetime, quiet: Quiet | None) -> datetime:
    """When a reminder due at `due` of something at `event` goes out, so that it wakes nobody.

    In the quiet it waits for the morning, as long as half of its lead is left then (2 hours before 9:00 is 8:00, an
    hour before); else it goes out the evening before (2 hours before 8:30 is 19:00 of the day before).
    """
    morning = quiet.end(due) if quiet else None
    if quiet is None or morning is None:
        return due
    return morning if event - morning >= (event - due) / 2 else quiet.begin(due) - EVENING


def next_try(*, done: int, now: datetime, cut_off: datetime | None, asked: timedelta = timedelta(0)) -> datetime | None:
    """When to try again after `done` failed tries; None means give up.

    Near the cut-off the waits shrink to a quarter of what is left, but never under a minute, nor under what the server
    `asked` for (Retry-After).
    """
    if done >= MAX_TRIES:
        return None
    wait = timedelta(minutes=FIRST_WAITS[done - 1] if done <= len(FIRST_WAITS) else 60)
    if cut_off is None:
        return now + max(wait, asked)
    left = cut_off - now
    due = now + max(min(wait, left / 4), timedelta(minutes=1), asked)
    return due if due < cut_off else None


def masked(address: str) -> str:
    """An address of which only the first letter and the domain, or the last four digits, are readable."""
    name, at, domain = address.partition("@")
    if not at and len(address) > 8:
        return f"•••{address[-4:]}"
    return f"{name[:1]}•••{at}{domain}" if at else f"{name[:1]}•••"
