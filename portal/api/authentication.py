"""Who calls: the token names an integration, and the integration acts as its user."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from oauth2_provider.models import AccessToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from accounts.models import User
from portal.models import Integracao

#: How exactly the last use is known; a finer one would write on every request.
_LAST_USE = timedelta(minutes=1)


class IntegrationAuthentication(BaseAuthentication):
    """Bearer tokens. Looked up on every request, so that revoking a token or an integration works at once."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """The integration's user and the token; None without a token. Raises AuthenticationFailed (401)."""
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if not scheme:
            return None
        if scheme.lower() != b"bearer":
            raise AuthenticationFailed
        found = (
            AccessToken.objects.select_related("application__user")
            .filter(token_checksum=hashlib.sha256(token.strip()).hexdigest())
            .first()
        )
        at = timezone.now()  # noqa: TID251  the edge reads the clock
        if found is None or found.expires <= at or not found.application or not found.application.is_usable(request):
            raise AuthenticationFailed
        _note_use(found.application, at)
        return found.application.user, found

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


class SecretValidator(OAuth2Validator):
    """Besides the secret, the one before it while it is still taken."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether id and secret are an integration's."""
        if super().authenticate_client(request, *args, **kwargs):
            return True
        client = request.client
        earlier = client.earlier_secret(at=timezone.now()) if isinstance(client, Integracao) else ""  # noqa: TID251  the edge
        if not earlier:
            return False
        newest, client.client_secret = client.client_secret, earlier
        try:
            return bool(super().authenticate_client(request, *args, **kwargs))
        finally:
            client.client_secret = newest


def caller(request: Request) -> User:
    """The user in whose name an integration calls; for addresses that ask for a token."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def _note_use(integracao: Integracao, at: datetime) -> None:
    if integracao.usada_em is None or integracao.usada_em < at - _LAST_USE:
        stale = Q(usada_em__isnull=True) | Q(usada_em__lt=at - _LAST_USE)
        Integracao.objects.filter(stale, pk=integracao.pk).update(usada_em=at)
