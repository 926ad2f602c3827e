"""The tasks that Celery's beat starts every minute."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications import services
from notifications.models import Mensagem

MAIL = (Mensagem.Canal.EMAIL.value,)
TEXTS = (Mensagem.Canal.SMS.value, Mensagem.Canal.WHATSAPP.value)


@shared_task
def deliver_due() -> dict[str, int]:
    """Send the e-mails that are due. Takes nothing; may run twice, in parallel, or after a kill."""
    return dict(services.deliver_due(at_clock=timezone.now, canais=MAIL))  # noqa: TID251  the edge reads the clock


@shared_task
def deliver_texts() -> dict[str, int]:
    """Send the SMS and WhatsApp messages that are due, apart: a slow gateway holds up no e-mail, nor the reverse."""
    return dict(services.deliver_due(at_clock=timezone.now, canais=TEXTS))  # noqa: TID251  the edge reads the clock


@shared_task
def read_returns() -> dict[str, int]:
    """Read the bounces that came into PROCON_DEVOLUCOES. Takes nothing and may run twice."""
    return dict(services.read_returns(at=timezone.now()))  # noqa: TID251  the edge reads the clock
