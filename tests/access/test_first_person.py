"""An office that begins empty: its first unidade and administrador come from the terminal."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import SYSTEM_LOGIN, Unidade, User

WORDS = ["ana.souza", "--nome", "Ana Souza", "--email", "ana@example.org", "--unidade", "35.001.001"]


def run(*words: str) -> str:
    out = StringIO()
    call_command("criar_administrador", *words, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _system(db: None) -> None:
    User.objects.get_or_create(usuario=SYSTEM_LOGIN, defaults={"nome": "Sistema", "is_active": False})


def test_the_first_administrador_chooses_a_password_and_comes_in() -> None:
    said = run(*WORDS, "--nome-da-unidade", "Procon Centro")

    place = Unidade.objects.get()
    ana = User.objects.get(usuario="ana.souza")
    assert (place.codigo, place.nome, place.municipio) == ("35.001.001", "Procon Centro", "3523107")
    assert ana.papeis_em(place.pk) == {"administrador"}
    link = re.search(r"https?://[^/]+(/\S+)", said)
    browser, new = Client(), "uma frase bem comprida"
    page = browser.get(link[1], follow=True)  # type: ignore[index]
    browser.post(page.redirect_chain[-1][0], {"nova": new, "repetida": new})
    assert browser.post("/entrar/", {"username": "ana.souza", "password": new})["Location"] == "/"
    assert browser.get("/cadastros/usuarios/").status_code == 200


def test_another_administrador_of_the_same_unidade_makes_no_second_one() -> None:
    run(*WORDS)
    run("rui", *WORDS[1:])
    assert (Unidade.objects.count(), Unidade.objects.get().nome) == (1, "Procon de Itaquaquecetuba")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["ana souza", *WORDS[1:]], "uma palavra só"),
        ([*WORDS[:-1], "centro"], "Escreva como 35.001.001"),
        ([*WORDS[:4], "", *WORDS[5:]], "Escreva o e-mail"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*words)
    assert (Unidade.objects.count(), User.objects.count()) == (0, 1)
