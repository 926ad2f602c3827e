"""Tasks of the project itself; those of the office's work are in each package's tasks.py."""

from celery import shared_task
from django.core.cache import cache

#: How long a finished pulse counts, in seconds: two missed minutes are a fault.
PULSE_LIFETIME = 150
PULSE = "vida:pulso"


@shared_task
def pulse() -> None:
    """Show that the way from beat through the broker to the worker is open."""
    cache.set(PULSE, "1", PULSE_LIFETIME)
