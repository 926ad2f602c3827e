"""What somebody typed to search, kept in their session under a short name: a name or a CPF stands in no address."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, QueryDict

KEY = "buscas"
#: How many searches back the browser's «back» button still finds its results.
KEPT = 20


def keep(request: HttpRequest, text: str) -> str:
    """Remember the text; the name under which this person, and nobody else, finds it again."""
    searches: dict[str, str] = request.session.get(KEY, {})
    for name, said in searches.items():
        if said == text:
            return name
    name = secrets.token_urlsafe(8)
    request.session[KEY] = dict([*searches.items(), (name, text)][-KEPT:])
    return name


def kept(request: HttpRequest, name: str) -> str | None:
    """The text kept under this name, if it was this person's and is not too long ago."""
    found = request.session.get(KEY, {}).get(name)
    return found if isinstance(found, str) else None


def with_typed(request: HttpRequest, query: QueryDict | None = None) -> QueryDict:
    """The address's parameters (or those of `query`), with the kept text as `q` where they name one."""
    query = request.GET if query is None else query
    text = kept(request, query.get("busca", ""))
    if text is None:
        return query
    query = query.copy()
    query["q"] = text
    return query
