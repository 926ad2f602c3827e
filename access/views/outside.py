"""Staff who come in by the city's own OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from access.views.door import admit
from accounts.models import User


def staff(request: HttpRequest, claims: Mapping[str, Any], then: str) -> HttpResponse:
    """Whoever has an account here with the e-mail that the provider has verified goes on, to the second factor too.

    Nobody is registered by it, and an e-mail that two accounts share opens neither.
    """
    email = str(claims.get("email") or "").strip()
    verified = claims.get("email_verified") in (True, "true")
    found = list(User.objects.filter(email__iexact=email, is_active=True)[:2]) if email and verified else []
    if len(found) != 1:
        return render(request, "access/de_fora.html", {"email": email, "verificado": verified}, status=403)
    return admit(request, found[0], then or resolve_url("inicio"), how="conta da prefeitura")
