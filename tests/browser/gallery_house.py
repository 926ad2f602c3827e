"""Pictures of the house itself: the door, who may do what, its settings, the public's pages, and when it is away.

As tests/browser/gallery.py, in the small office of the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Atribuicao, Papel, User
from cases.models import Assunto
from cases.services import attach, issue_espelho
from cases.services.contingency import reserve_forms
from cases.services.unidades import create_unidade
from parties.models import Consumidor
from procon.models import Copia
from tests.browser import portal, stage
from tests.browser.conftest import PASSWORD
from tests.browser.gallery import take
from tests.browser.stage import Staff
from tests.cases.files import picture
from tests.conftest import Cast


@pytest.fixture
def staff(office: Cast) -> Staff:
    """Zilda runs the office and its counter."""
    call_command("carregar_calendario", verbosity=0)
    now = timezone.now()  # noqa: TID251  the pages show the real day
    zilda = User.objects.create_user("zilda", PASSWORD, nome="Zilda Pereira", email="zilda@example.org")
    for papel in (Papel.ADMINISTRADOR, Papel.COORDENADOR):
        Atribuicao.objects.create(user=zilda, unidade=office.unidade, papel=papel)
    people = [office.ana, *(Consumidor.objects.create(nome=name) for name in ("Beto Lima", "Célia Prado"))]
    subject, suppliers = Assunto.objects.get(codigo=187), [office.loja, office.banco]
    return Staff(office.unidade, zilda, office.edu, people, suppliers, subject, now, auditor=zilda, encarregado=zilda)


def test_pictures_of_the_house(
    staff: Staff, open_page: Callable[..., Page], office: Cast, settings: Any, tmp_path: Path
) -> None:
    """What an administrador sets."""
    settings.PROCON = settings.PROCON | {"COPIAS": str(tmp_path), "COPIAS_HORA": "02:30"}
    now, by = staff.now, User.objects.get(pk=staff.clerk.pk)
    create_unidade(
        codigo="35.001.009", nome="Procon Vila", municipio="3523107", endereco="Rua B, 20, Vila Nova",
        telefone="(11) 4642-0000", email="vila@example.org", abre_as=staff.unidade.abre_as,
        fecha_as=staff.unidade.fecha_as, by=by, at=now,
    )  # fmt: skip
    integration, *_ = portal.integration_paths(staff)
    for days in (1, 2, 3):
        at = now - timedelta(days=days)
        Copia.objects.create(
            arquivo=f"procon-{at:%Y-%m-%d}.copia", iniciada_em=at, tamanho=48_000_000, selo="9f2c" * 16
        )
    forms = reserve_forms(unidade=staff.unidade, quantidades={"atendimento_preliminar": 3, "calculo": 1}, by=by, at=now)
    page = open_page(by)
    for name, path in (
        ("quem-pode", "/quem-pode/"),
        ("usuarios", "/cadastros/usuarios/"),
        ("usuario", f"/cadastros/usuarios/{office.bruno.pk}/"),
        ("unidades", "/cadastros/unidades/"),
        ("unidade", f"/cadastros/unidades/{staff.unidade.pk}/"),
        ("integracoes", "/cadastros/integracoes/"),
        ("integracao", integration),
        ("copias", "/copias/"),
        ("sessoes", "/conta/"),
        ("contingencia", "/atendimentos/contingencia/"),
        ("contingencia-digitar", f"/atendimentos/novo/?contingencia={forms[0]}"),
    ):
        page.goto(path)
        take(page, name)


def test_pictures_of_the_public_pages(staff: Staff, open_page: Callable[..., Page]) -> None:
    """A case followed by its consumer: its answers, its papers."""
    case = portal.answered_case(staff)
    issue_espelho(atendimento=case, by=staff.clerk, at=staff.now)
    page = open_page()
    for name, path in (("publico", "/publico/"), ("acompanhamento", portal.DOOR)):
        page.goto(path)
        take(page, name)
    portal.open_case(page, staff, case)
    take(page, "acompanhamento-caso")
    told = stage.agreement(staff, 1, 0)
    issue_espelho(atendimento=told, by=staff.clerk, at=staff.now)
    attach(
        atendimento=told, arquivo=SimpleUploadedFile("fatura.jpg", picture(size=(300, 200)), "image/jpeg"),
        nome="fatura.jpg", descricao="Fatura de outubro", origem="consumidor", by=staff.clerk, at=staff.now,
    )  # fmt: skip
    another = open_page()
    portal.open_case(another, staff, told)
    take(another, "acompanhamento-documentos")


def test_pictures_of_a_shut_door_and_of_a_system_that_is_away(office: Cast, open_page: Callable[..., Page]) -> None:
    """Five errors; the database away, which answers with a page that stands alone."""
    page = open_page()
    for _ in range(6):
        page.goto("/entrar/")
        page.fill("#id_username", "bruno")
        page.fill("#id_password", "errada-de-propósito")
        with page.expect_response("**/entrar/"):
            page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
    take(page, "bloqueado")
    typed = [("Relato", "Comprei o aparelho em 12 parcelas e a fatura veio com o valor dobrado.")]
    told = {"pedido": "7f3c2a", "digitado": typed, "caminho": ""}
    page.goto("/sem-rede/")
    page.evaluate(
        "html => { document.open(); document.write(html); document.close(); }", render_to_string("503.html", told)
    )
    take(page, "sistema-fora")
