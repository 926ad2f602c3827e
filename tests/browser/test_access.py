"""The door in a real browser: a security key, and a complaint whose session ended while it was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.utils import timezone
from playwright.sync_api import Page

from access.models import Fator, Sessao
from parties.models import Fornecedor
from tests.browser import walk
from tests.browser.conftest import PASSWORD
from tests.conftest import Cast


def test_a_key_is_enrolled_and_lets_in(
    office: Cast, open_page: Callable[..., Page], live_server: object, settings: pytest.FixtureRequest
) -> None:
    settings.PROCON = {**configured.PROCON, "SITE": str(live_server)}
    page = open_page(office.bruno)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    table_key = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": table_key})
    page.goto("/conta/segundo-fator/")
    page.get_by_role("link", name="Incluir chave").click()
    page.get_by_label("Nome da chave").fill("chave azul")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Guardei, continuar").click()
    page.locator(".pessoa summary").click()
    page.get_by_role("button", name="Sair").click()
    page.fill("#id_username", "bruno")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Usar a chave de segurança").click()
    page.wait_for_selector(".pessoa")
    assert Fator.objects.get().usado_em is not None


def test_a_form_sent_after_the_session_ended_comes_back(office: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page()
    walk.log_in(page, office.dora)
    page.goto("/cadastros/fornecedores/novo/")
    page.fill("#id_razao_social", "Padaria da Esquina Ltda")
    gone = timezone.now() - timedelta(minutes=1)  # noqa: TID251  the page under test reads the real clock
    Sessao.objects.update(expire_date=gone)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector("text=está guardado")
    page.fill("#id_username", "dora")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("dd:has-text('Padaria da Esquina Ltda')")
    page.get_by_role("button", name="Enviar agora").click()
    page.wait_for_selector("h1:has-text('Padaria da Esquina')")
    assert Fornecedor.objects.filter(razao_social="Padaria da Esquina Ltda").count() == 1
