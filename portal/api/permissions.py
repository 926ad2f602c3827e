"""What a token lets one do: each view says which scope each method needs; a view that says nothing is closed.

A view outside this package takes part without importing it: it carries `required_scopes`, and the settings name this
class for every view of the API.
"""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.scopes import SCOPES

#: In `required_scopes`: any valid token; and nobody is asked for one.
ANYBODY_KNOWN = "*"
PUBLIC = ""


class HasScope(BasePermission):
    """The view's `required_scopes`, by method: {"GET": "atendimentos:ler", …}."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the token carries the scope; raises PermissionDenied naming the one that is missing."""
        method = "GET" if request.method == "HEAD" else str(request.method)
        wanted = getattr(view, "required_scopes", {}).get(method)
        if wanted is None and (method == "OPTIONS" or not hasattr(view, method.lower())):
            return True  # the view answers 405
        if wanted == PUBLIC:
            return True
        token: Any = request.auth
        if wanted is None or token is None:
            return False
        if wanted == ANYBODY_KNOWN or wanted in token.scope.split():
            return True
        refusal: Any = PermissionDenied(f"O token não tem o escopo «{wanted}». Ele serve para isto: {SCOPES[wanted]}")
        refusal.auth_header = f'Bearer realm="api", error="insufficient_scope", scope="{wanted}"'
        raise refusal
