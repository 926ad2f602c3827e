"""The tasks that Celery's beat starts every minute."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from hearings import services


@shared_task
def announce_waiting() -> int:
    """Make the notices of bookings that were interrupted before them. Takes nothing and may run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return services.announce_waiting(at=now)


@shared_task
def cancel_of_closed_cases() -> int:
    """Cancel pending hearings of closed cases. Takes nothing and may run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return services.cancel_of_closed_cases(by=User.objects.system(), at=now)


@shared_task
def archive_absences() -> int:
    """Archive the cases of consumers who missed a hearing and did not justify it. Takes nothing and may run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return services.archive_absences(today=timezone.localdate(now), at=now)
