"""The office's own clock over cases."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from cases.services import lapse_due_cips as lapse


@shared_task
def lapse_due_cips() -> int:
    """Lapse every CIP whose term has passed. May run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return lapse(today=timezone.localdate(now), at=now)
