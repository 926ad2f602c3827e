"""The tasks that Celery's beat starts every minute."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from parties import services


@shared_task
def search_duplicates() -> int:
    """Run the search for duplicates that somebody asked for. Takes nothing, may run twice: the claim is a lock."""
    return services.run_search(at_clock=timezone.now)  # noqa: TID251  the edge reads the clock


@shared_task
def end_expired_enrolments() -> int:
    """End the electronic CIP of suppliers whose term's validity passed. Takes nothing, may run twice."""
    return services.end_expired_enrolments(at=timezone.now())  # noqa: TID251  the edge reads the clock
