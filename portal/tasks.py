"""What the API's clock does: telling webhooks, and forgetting what may no longer be asked for."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import AccessToken

from portal.api.idempotency import forget_expired
from portal.services import deliver_due, forget_deliveries, forget_links


@shared_task
def forget_expired_answers() -> int:
    """Delete answers kept for Idempotency-Keys, tokens, links and deliveries whose time is over; returns how many."""
    at = timezone.now()  # noqa: TID251  the edge reads the clock
    deleted, _ = AccessToken.objects.filter(expires__lte=at).delete()
    return forget_expired(at=at) + forget_links(at=at) + forget_deliveries(at=at) + int(deleted)


@shared_task
def deliver_webhooks() -> dict[str, int]:
    """Tell the webhooks what they are owed. Takes nothing; may run twice, in parallel, or after a kill."""
    return dict(deliver_due(at_clock=timezone.now))  # noqa: TID251  the edge reads the clock
