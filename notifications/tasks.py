"""The task that Celery's beat starts every minute."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications import services


@shared_task
def deliver_due() -> dict[str, int]:
    """Send what is due. Takes nothing, may run twice, in parallel, or after a kill: the claim is a query."""
    return dict(services.deliver_due(at_clock=timezone.now))  # noqa: TID251  the edge reads the clock
