"""What the API's clock does: forgetting what may no longer be asked for."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import AccessToken

from portal.api.idempotency import forget_expired


@shared_task
def forget_expired_answers() -> int:
    """Delete the answers kept for Idempotency-Keys older than 24 hours, and expired tokens; returns how many rows."""
    at = timezone.now()  # noqa: TID251  the edge reads the clock
    deleted, _ = AccessToken.objects.filter(expires__lte=at).delete()
    return forget_expired(at=at) + int(deleted)
