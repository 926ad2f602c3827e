"""The error pages stand alone and speak Portuguese."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client

PAGES = {
    "400.html": "Pedido que não se entende",
    "403.html": "Acesso negado",
    "403_csrf.html": "A página ficou velha",
    "404.html": "Página não encontrada",
    "405.html": "Nada foi enviado",
    "500.html": "Erro no sistema",
}


@pytest.mark.parametrize(("name", "title"), PAGES.items())
def test_an_error_page_needs_nothing(name: str, title: str) -> None:
    page = render_to_string(name)

    assert f"<h1>{title}</h1>" in page
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.django_db
def test_an_old_form_gets_its_own_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/entrar/", {"username": "bruno", "password": "x"})

    assert answer.status_code == 403
    assert "A página ficou velha" in answer.content.decode()
