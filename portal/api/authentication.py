"""Who calls: the token names an integration, and the integration acts as its user."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from oauth2_provider.models import AccessToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from accounts.models import User
from portal.models import Integracao
from workflow.queries import prepared

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
        found = _known(hashlib.sha256(token.strip()).hexdigest())
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


# Every request asks this first: composed by the ORM it took a fifth of the time of a page of fifty cases.
_TOKEN, _CLIENT = ("id", "scope", "expires"), ("id", "name", "usada_em", "revogada_em", "limite_por_minuto")
_USER = ("id", "usuario", "nome", "is_active")
_KNOWN = """
SELECT t.id, t.scope, t.expires, i.id, i.name, i.usada_em, i.revogada_em, i.limite_por_minuto,
    u.id, u.usuario, u.nome, u.is_active
FROM oauth2_provider_accesstoken t JOIN portal_integracao i ON i.id = t.application_id
JOIN accounts_user u ON u.id = i.user_id WHERE t.token_checksum = %s
"""


def _known(checksum: str) -> AccessToken | None:
    """The token with its integration and user; what else they hold is read where it is asked for."""
    found = prepared(_KNOWN, [checksum])
    if not found:
        return None
    [row] = found
    token = _loaded(AccessToken, _TOKEN, row[:3])
    token.application = _loaded(Integracao, _CLIENT, row[3:8])
    token.application.user = _loaded(User, _USER, row[8:])
    return cast("AccessToken", token)


def _loaded(model: Any, names: Sequence[str], values: Sequence[Any]) -> Any:
    """A row of the model with these columns read; `from_db` takes them in the model's own order."""
    held = dict(zip(names, values, strict=True))
    given = [field.attname for field in model._meta.concrete_fields if field.attname in held]
    return model.from_db(connection.alias, given, [held[name] for name in given])


def caller(request: Request) -> User:
    """The user in whose name an integration calls; for addresses that ask for a token."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def _note_use(integracao: Integracao, at: datetime) -> None:
    if integracao.usada_em is None or integracao.usada_em < at - _LAST_USE:
        stale = Q(usada_em__isnull=True) | Q(usada_em__lt=at - _LAST_USE)
        Integracao.objects.filter(stale, pk=integracao.pk).update(usada_em=at)
