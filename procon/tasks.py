"""Tasks of the project itself; those of the office's work are in each package's tasks.py."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

#: How long a finished pulse counts, in seconds: two missed minutes are a fault.
PULSE_LIFETIME = 150
PULSE = "vida:pulso"


@shared_task
def pulse() -> None:
    """Show that the way from beat through the broker to the worker is open."""
    cache.set(PULSE, "1", PULSE_LIFETIME)


@shared_task
def keep_copies() -> None:
    """Make today's copy of the office when its hour has come and it is not there."""
    from procon.backup import schedule

    schedule.keep_copies(at=timezone.now())  # noqa: TID251  the edge reads the clock
