"""When to try again, and when to give up. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Waits after the first tries, in minutes; then one an hour. Together over 49 hours: an outage of a day is outlived.
FIRST_WAITS = (1, 2, 5, 10, 20, 40)
HOURLY_TRIES = 48
MAX_TRIES = len(FIRST_WAITS) + HOURLY_TRIES

#: How long a worker may keep one message before others may take it. A kill delays the message in flight by this much.
LEASE = timedelta(minutes=2)
#: How many messages are claimed at once; only one of them is ever in flight.
BATCH = 20
#: How long the rest of a batch waits when the mail server does not answer at all. Costs them no try.
OUTAGE_PAUSE = timedelta(minutes=1)

#: The kinds of message, as they are read. Packages above name theirs here.
TIPOS = {
    "aviso_audiencia": "Aviso de audiência",
    "lembrete_audiencia": "Lembrete de audiência",
    "cancelamento_audiencia": "Cancelamento de audiência",
    "cip": "CIP ao fornecedor",
}


def next_try(*, done: int, now: datetime, cut_off: datetime | None) -> datetime | None:
    """When to try again after `done` failed tries; None means give up.

    Near the cut-off the waits shrink to a quarter of what is left, but never under a minute.
    """
    if done >= MAX_TRIES:
        return None
    wait = timedelta(minutes=FIRST_WAITS[done - 1] if done <= len(FIRST_WAITS) else 60)
    if cut_off is None:
        return now + wait
    left = cut_off - now
    due = now + max(min(wait, left / 4), timedelta(minutes=1))
    return due if due < cut_off else None


def masked(address: str) -> str:
    """An e-mail address of which only the first letter and the domain are readable."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••{at}{domain}" if at else f"{name[:1]}•••"
