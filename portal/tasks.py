"""What the API's clock does: forgetting what may no longer be asked for."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import AccessToken

from portal.api.idempotency import forget_expired
from portal.services import forget_links


@shared_task
def forget_expired_answers() -> int:
    """Delete the answers kept for Idempotency-Keys older than 24 hours, expired tokens and links; returns how many."""
    at = timezone.now()  # noqa: TID251  the edge reads the clock
    deleted, _ = AccessToken.objects.filter(expires__lte=at).delete()
    return forget_expired(at=at) + forget_links(at=at) + int(deleted)
