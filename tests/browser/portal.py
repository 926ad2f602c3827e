"""Integrations with something done to them, and a case that its consumer follows, for the looks at the pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from cases.models import Atendimento
from cases.services import acknowledge_cip, answer_cip, issue_cip, send_cip
from hearings.models import Sala
from portal.scopes import SCOPES
from portal.services import create_integration, revoke_integration, rotate_secret
from portal.services.following import give_key
from tests.browser import stage
from tests.browser.stage import Staff

DOOR = "/publico/acompanhamento/"


def integration_paths(staff: Staff) -> list[str]:
    """One in use, with two secrets, and one revoked."""
    by, pages = User.objects.system(), []
    for nome in ("Portal da cidade", "Portal antigo"):
        made = create_integration(
            nome=nome, escopos=list(SCOPES), unidades=[staff.unidade], by=by, at=staff.now
        ).integracao
        pages.append(f"/cadastros/integracoes/{made.pk}/")
        if nome == "Portal antigo":
            revoke_integration(integracao=made, motivo="O contrato acabou.", by=by, at=staff.now)
        else:
            rotate_secret(integracao=made, overlap=timedelta(days=1), by=by, at=staff.now)
    return [*pages, "/cadastros/integracoes/", "/cadastros/integracoes/nova/"]


def answered_case(staff: Staff) -> Atendimento:
    """A case with two answers to look at, and a hearing."""
    case, at = stage.new_case(staff, 0, 0, 1, days_ago=3), staff.now - timedelta(days=2)
    for against in case.reclamados.order_by("pk"):
        cip = issue_cip(reclamado=against, by=staff.clerk, at=at)
        send_cip(cip=cip, meio="em_maos", by=staff.clerk, at=at)
        acknowledge_cip(cip=cip, on=timezone.localdate(at), by=staff.clerk, at=at)
        said = {"especie": "proposta", "resposta": "Foi um engano.", "proposta": "Devolvemos R$ 389,90 em dez dias."}
        answer_cip(cip=cip, by=staff.clerk, at=at, **said)
    Sala.objects.get_or_create(unidade=staff.unidade, nome="Sala 1")
    case.refresh_from_db()
    stage.hearing(staff, case)
    return case


def open_case(page: Page, staff: Staff, case: Atendimento) -> None:
    """From the door to the case, by keyboard."""
    page.goto(DOOR)
    page.get_by_label("Protocolo").fill(case.protocolo)
    page.get_by_label("Chave").fill(give_key(atendimento=case, by=staff.clerk, at=staff.now))
    page.keyboard.press("Enter")
    page.wait_for_url("**/caso/")
