"""What every answer tells the browser: nothing is kept, lent or framed, and no script but ours runs."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Papel, User
from procon.environment import BASE_DIR
from tests.browsing import logged_in
from tests.conftest import Cast

#: What a converter's place is filled with; most name nothing that is there, and the answer is a 404 with its headers.
FILLED = {
    "<protocolo:protocolo>": "35.001.001.26-0000001", "<int:": "1", "<uuid:": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    "<str:": "x", "<slug:": "x",
}  # fmt: skip
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Answers that hold nobody's data and may be kept.
KEPT: set[str] = set()


def addresses(patterns: list[Any] | None = None, head: str = "/") -> Iterator[str]:
    """Every address of the project, by its pattern."""
    for item in get_resolver().url_patterns if patterns is None else patterns:
        here = f"{head}{item.pattern}"
        if isinstance(item, URLResolver):
            yield from addresses(item.url_patterns, here)
        elif isinstance(item, URLPattern):
            yield here.replace("^", "").replace("$", "")


def filled(pattern: str) -> str:
    """The pattern as an address."""
    for begin, value in FILLED.items():
        while begin in pattern:
            start = pattern.index(begin)
            pattern = pattern[:start] + value + pattern[pattern.index(">", start) + 1 :]
    return pattern


def wrong(answer: Any) -> list[str]:
    """Which headers are not as they must be."""
    headers = answer.headers
    found = [f"{name}: {headers.get(name)}" for name, value in EVERYWHERE.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'self'" not in policy and "default-src 'none'" not in policy:
        found.append(f"no policy: {policy}")
    if "unsafe" in policy or "frame-ancestors 'none'" not in policy:
        found.append(policy)
    if "no-store" not in headers.get("Cache-Control", ""):
        found.append(f"kept: {headers.get('Cache-Control')}")
    if "camera=()" not in headers.get("Permissions-Policy", "") or not headers.get("X-Request-ID"):
        found.append("no permissions policy, or no number")
    return found


def test_every_address_sends_the_headers(cast: Cast) -> None:
    for papel in Papel:
        cast.dora.atribuicoes.get_or_create(unidade=cast.unidade, papel=papel)
    dora = logged_in(User.objects.get(pk=cast.dora.pk))
    dora.raise_request_exception = False
    found, statuses = {}, set()
    paths = list(dict.fromkeys(map(filled, addresses())))
    for path in paths:
        answer = dora.get(path)
        for close in answer._resource_closers:  # its own close() would end the test's connection, too
            close()
        statuses.add(answer.status_code)
        if path not in KEPT and (bad := wrong(answer)):
            found[path] = bad
    assert found == {}
    assert len(paths) > 200
    assert {200, 302, 404} <= statuses
    assert {status for status in statuses if status >= 500} - {503} == set()  # /readyz, without worker and beat


def test_no_script_reads_a_cookie() -> None:
    assert {name: bool(cookie["httponly"]) for name, cookie in Client().get("/entrar/").cookies.items()} == {
        "csrftoken": True
    }


def test_a_failure_sends_them_too(cast: Cast) -> None:
    client = Client(raise_request_exception=False, headers={"host": "de.outro.lugar"})
    answer = client.get("/")
    assert (answer.status_code, answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
        400,
        "nosniff",
        "no-store",
    )


def test_with_https_the_settings_are_fit_for_deployment(tmp_path: Path) -> None:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("PROCON_", "DJANGO_"))} | {
        "DJANGO_SETTINGS_MODULE": "procon.settings",
        "PROCON_SITE": "https://procon.cidade.sp.gov.br",
        "PROCON_ALLOWED_HOSTS": "procon.cidade.sp.gov.br",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_DIR": str(tmp_path),
    }
    script = """
import django, json; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from portal.views.following import COOKIE, PERSON
from procon.notes import HostCookie
call_command("check", deploy=True, fail_level="WARNING")
secure = Client().get("/livez", secure=True, headers={"host": "procon.cidade.sp.gov.br"})
plain = Client().get("/publico/", headers={"host": "procon.cidade.sp.gov.br"})
program = Client().post("/oauth/token/", headers={"host": "procon.cidade.sp.gov.br"})
print(json.dumps([
    secure["Strict-Transport-Security"], plain.status_code, plain["Location"], program.status_code,
    program["Content-Type"],
    Client().get("/livez", headers={"host": "localhost"}).status_code,
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, HostCookie.cookie_name, COOKIE, PERSON,
    settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,
    settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=BASE_DIR, env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [
        "max-age=63072000", 301, "https://procon.cidade.sp.gov.br/publico/", 403, "application/problem+json", 200,
        "__Host-sessionid", "__Host-csrftoken", "__Host-messages", "__Secure-acompanhamento", "__Secure-consumidor",
        True, True, None, "/",
    ]  # fmt: skip
