"""Who comes back from a provider of OpenID Connect: staff by «equipe», consumers by «govbr».

allauth speaks the protocol. Nobody is registered by coming in: staff must have an account with that e-mail, consumers
a case with that CPF.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from access.views.outside import staff
from portal.views.govbr import consumer


class Adapter(DefaultSocialAccountAdapter):
    """What we do with who the provider says it is; allauth's own accounts are never made."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take over: the protocol is done, its answer checked."""
        provider = sociallogin.account.provider
        then = sociallogin.get_redirect_url(request) or ""
        told: dict[str, Any] = sociallogin.account.extra_data
        claims = {**told.get("id_token", {}), **told.get("userinfo", {})}
        identity = told.get("id_token", {})
        if not _is_of(identity, provider) or identity.get("sub") != claims.get("sub"):
            self.on_authentication_error(request, provider)
        answer = staff(request, claims, then) if provider == "equipe" else consumer(request, claims)
        raise ImmediateHttpResponse(answer)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Say that it did not work, and which ways remain; the provider's own words are not shown."""
        raise ImmediateHttpResponse(render(request, "procon/entrada_recusada.html", status=403))


def _is_of(identity: dict[str, Any], provider: str) -> bool:
    """Whether the provider that the office names issued it: allauth asks only whether its own description says so."""
    named = settings.PROCON[provider.upper()].partition("/.well-known/")[0]
    return bool(identity.get("iss", "").rstrip("/") == named.rstrip("/"))
