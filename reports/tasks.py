"""The office's own clock over the totals."""

from __future__ import annotations

from celery import shared_task

from reports.totals import fold


@shared_task
def fold_totals() -> int:
    """Move what was written since the last time into the sums. May run twice, and many at a time: one works."""
    return fold()
