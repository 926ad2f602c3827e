"""A real browser against a live server. A page that breaks the content policy, or throws, fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from accounts.models import User
from cases.models import Assunto, Orgao, Problema, ProblemaDoAssunto
from tests.conftest import Cast, make_cast

#: The shell first: it is the same engine without a browser's own windows, which took half of what opening a page takes.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PASSWORD = "senha-de-teste-1"

# Playwright's sync API keeps an event loop in this thread; Django would refuse the database because of it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for the run."""
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=pt-BR"])
        except Exception as problem:  # no browser on this machine: said loudly, skipped, nothing else fails
            pytest.skip(f"NENHUM NAVEGADOR: os testes de navegador foram pulados ({problem})")
        yield running
        running.close()


@pytest.fixture
def office(transactional_db: None, settings: pytest.FixtureRequest, tmp_path: Path) -> Cast:
    """The cast in a database that the live server sees, with a few subjects and bodies."""
    settings.MEDIA_ROOT = tmp_path
    _high_keys()
    cast = make_cast()
    phone = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    card = Assunto.objects.create(codigo=54, area="Assuntos Financeiros", descricao="Cartão de Crédito")
    for subject, words, often in (
        (phone, "Cobrança indevida/abusiva", 1357),
        (phone, "Serviço não fornecido", 210),
        (card, "Cobrança indevida.", 919),
    ):
        problem, _ = Problema.objects.get_or_create(descricao=words)
        ProblemaDoAssunto.objects.create(assunto=subject, problema=problem, frequencia=often)
    Orgao.objects.create(sigla="JEC", nome="Juizado Especial Cível")
    return cast


def _high_keys() -> None:
    """Begin every table's keys above twelve thousand, where a key that a page writes as «12.001» opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 12000) FROM pg_sequences"
            " WHERE schemaname = 'public' AND coalesce(last_value, 0) < 12000"
        )


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """A fresh browser window, logged in as somebody (`user`) or as nobody."""
    trouble: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        text = message.text
        # A request given up because a newer one, or the next page, overtook it. One that fails says htmx:sendError.
        if text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
            return
        refused = (
            "status of 409" in text or "status of 422" in text or "status of 404" in text or "status of 429" in text
        )
        if message.type in ("error", "warning") and not refused:
            trouble.append(text)

    with ExitStack() as windows:  # closed whatever happens, so that none goes on asking a server that is gone

        def make(user: User | None = None, size: dict[str, int] = WIDE, **options: object) -> Page:
            context = browser.new_context(viewport=size, base_url=str(live_server), locale="pt-BR", **options)
            windows.callback(context.close)
            context.set_default_timeout(30_000)
            if user:
                context.add_cookies([{**session_of(user), "url": str(live_server)}])
            page = context.new_page()
            page.on("console", listen)
            page.on("pageerror", lambda error: trouble.append(str(error)))
            return page

        yield make
    assert trouble == []


def session_of(user: User) -> dict[str, str]:
    """The cookie of somebody whom the log-in let in. The page with its form is drawn by the walks that are about it."""
    door = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0"})
    answer = door.post("/entrar/", {"username": user.usuario, "password": PASSWORD})
    assert (answer.status_code, answer.headers.get("location")) == (302, "/")
    name = configured.SESSION_COOKIE_NAME
    return {"name": name, "value": door.cookies[name].value}
