"""When a delivery is tried again, and when it is left for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Waits after the first tries, in minutes; then six hours each, until three days after the first try.
FIRST_WAITS = (1, 5, 15, 30, 60, 120, 240)
LATER_WAIT = 360
KEEP_TRYING = timedelta(days=3)
#: A wait is up to this share longer, by chance, so that an hour's deliveries do not come back in one second.
SPREAD = 0.2

#: How long a worker may keep one delivery before others may take it; a try takes seconds. A kill delays it by this.
LEASE = timedelta(minutes=1)
#: How long one run goes on; the next begins with the next minute.
BUDGET = timedelta(seconds=25)
#: How long a webhook rests whose server is out of reach: one that hangs costs one try a minute, whatever waits for it.
OUTAGE_PAUSE = timedelta(minutes=1)
#: How long a delivery is kept after it was settled.
KEPT_FOR = timedelta(days=30)
#: How long the former secret still signs when its owner does not say otherwise, and at most, in hours.
OVERLAP, LONGEST_OVERLAP = 24, 168
#: How many webhooks an integration may have.
MOST = 10


def next_try(
    *, done: int, first: datetime, now: datetime, chance: float, asked: timedelta = timedelta(0)
) -> datetime | None:
    """When to try again after `done` failed tries, the first of them at `first`; None means give up.

    `chance`, from 0 to 1, spreads the waits. The receiver may ask for a longer one (Retry-After). The last try comes
    three days after the first.
    """
    last = first + KEEP_TRYING
    if now >= last:
        return None
    minutes = FIRST_WAITS[done - 1] if done <= len(FIRST_WAITS) else LATER_WAIT
    wait = timedelta(minutes=minutes) * (1 + SPREAD * chance)
    return min(now + max(wait, asked), last)
