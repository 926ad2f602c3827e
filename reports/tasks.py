"""The office's own clock over the totals."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reports.register.services.corrections import forget_requesters
from reports.totals import fold


@shared_task
def fold_totals() -> int:
    """Move what was written since the last time into the sums. May run twice, and many at a time: one works."""
    return fold()


@shared_task
def forget_correction_requesters() -> int:
    """Forget who asked for corrections of registers that nobody reads any more. May run twice."""
    return forget_requesters(today=timezone.localdate())
