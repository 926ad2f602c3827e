"""Who comes back from a provider of OpenID Connect: staff by «equipe», consumers by «govbr».

allauth speaks the protocol. Nobody is registered by coming in: staff must have an account with that e-mail, consumers
a case with that CPF.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from access.views.outside import staff
from portal.views.govbr import consumer

#: By a key that the provider alone has; never by one that we know as well, and never by none.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
#: What an identity must say of itself.
REQUIRED = ["iss", "sub", "aud", "exp", "iat"]


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

    def get_requests_session(self) -> Any:
        """The line to the provider, which goes nowhere else: a redirection is an error."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Say that it did not work, and which ways remain; the provider's own words are not shown."""
        raise ImmediateHttpResponse(render(request, "procon/entrada_recusada.html", status=403))


class SignedIdentity(OpenIDConnectOAuth2Adapter):
    """allauth's client, but the identity's signature is always checked, though it came by TLS from the provider."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            told: dict[str, Any] = jwt.decode(
                id_token,
                self._key_of(id_token),
                algorithms=ALGORITHMS,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                options={"require": REQUIRED},
            )
        except jwt.PyJWTError as failure:
            raise OAuth2Error("Invalid id_token") from failure
        return told

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        """The provider's key that the identity names; its only one where it names none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config.get("jwks_uri", ""))
            answer.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.public_key_use in (None, "sig")]
        named = jwt.get_unverified_header(id_token).get("kid")
        found = [key for key in keys if key.key_id == named] if named else keys
        if len(found) != 1:
            raise jwt.InvalidTokenError("no such key")
        return found[0]


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The way back from the provider, in the place of allauth's."""
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(SignedIdentity(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer


def _is_of(identity: dict[str, Any], provider: str) -> bool:
    """Whether the provider that the office names issued it: allauth asks only whether its own description says so."""
    named = settings.PROCON[provider.upper()].partition("/.well-known/")[0]
    return bool(identity.get("iss", "").rstrip("/") == named.rstrip("/"))
