"""The office's own clock over cases."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from cases.services import archive_idle_cases, ask_due, finalize_due, lapse_due_defences, warn_idle_cases
from cases.services import lapse_due_cips as lapse
from cases.services import scan_attachments as scan
from cases.services.cip_lots import run_lots
from cases.services.drafts import forget_old_drafts
from cases.services.presumption import presume_receipts as presume
from cases.services.queue import forget_first_names


@shared_task
def lapse_due_cips() -> int:
    """Lapse every CIP whose term has passed. May run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return lapse(today=timezone.localdate(now), at=now)


@shared_task
def presume_receipts() -> int:
    """Presume the receipt of the electronic CIPs that stayed closed to the end of their days. May run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return presume(today=timezone.localdate(now), at=now)


@shared_task
def run_batches() -> int:
    """Do what waits in the batches of CIPs, each item once. May run twice."""
    return run_lots(at_clock=timezone.now)  # noqa: TID251  the edge reads the clock


@shared_task
def mind_complaints() -> tuple[int, int]:
    """Certify the revelia of whoever let the term of defence pass, and the decisions that became final."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    today = timezone.localdate(now)
    return lapse_due_defences(today=today, at=now), finalize_due(today=today, at=now)


@shared_task
def ask_about_agreements() -> int:
    """Ask the consumer, on the due day, whether the agreement was kept. May run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return ask_due(today=timezone.localdate(now), at=now)


@shared_task
def scan_attachments() -> int:
    """Ask the antivirus about what waits for it. May run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return scan(at=now, by=User.objects.system())


@shared_task
def forget_drafts() -> int:
    """Delete the drafts that nobody came back to, and the first names of past days' tickets. May run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return forget_old_drafts(at=now) + forget_first_names(today=timezone.localdate(now))


@shared_task
def follow_idle_cases() -> int:
    """Warn the consumers whose days to return have passed, and archive after the last notice. May run twice."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    today = timezone.localdate(now)
    return warn_idle_cases(today=today, at=now) + archive_idle_cases(today=today, at=now)
