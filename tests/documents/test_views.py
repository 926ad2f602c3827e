"""The PDF's address: only for staff who may see the case."""

from __future__ import annotations

import pytest
from django.test import Client

from documents import storage
from documents.models import Documento
from documents.services import issue, read_pdf
from tests.conftest import NOW, Cast
from workflow.services import open_history


@pytest.fixture
def letter(cast: Cast, settings, tmp_path) -> Documento:
    settings.MEDIA_ROOT = tmp_path
    return issue(
        "cip",
        titulo="CIP 35.001.001.26-0000001",
        dados={"relato": "Não entregou."},
        historico=open_history(),
        unidade=cast.unidade,
        by=cast.bruno,
        at=NOW,
    )


def test_staff_of_the_unidade_read_the_pdf(client: Client, cast: Cast, letter: Documento) -> None:
    client.force_login(cast.carla)
    response = client.get(letter.get_absolute_url())

    assert (response.status_code, response.content) == (200, read_pdf(letter))
    assert {name: response[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'inline; filename="cip-{letter.codigo}.pdf"',
        "Cache-Control": "no-store",
    }
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"


def test_staff_from_elsewhere_find_nothing(client: Client, cast: Cast, letter: Documento) -> None:
    client.force_login(cast.eva)
    assert client.get(letter.get_absolute_url()).status_code == 404


def test_nobody_reads_it_without_log_in(client: Client, letter: Documento) -> None:
    response = client.get(letter.get_absolute_url())
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/entrar/")


def test_it_is_only_read(client: Client, cast: Cast, letter: Documento) -> None:
    client.force_login(cast.bruno)
    assert client.post(letter.get_absolute_url()).status_code == 405


def test_an_altered_file_is_told_and_not_shown(client: Client, cast: Cast, letter: Documento) -> None:
    storage.path_of(letter.arquivo).write_bytes(b"%PDF-1.7 outro")
    client.force_login(cast.bruno)
    response = client.get(letter.get_absolute_url())
    assert response.status_code == 409
    assert "foi alterado depois da emissão" in response.content.decode()


def test_who_sees_which_letters(cast: Cast, letter: Documento) -> None:
    balance = issue("balanco", titulo="Balanço", dados={}, historico=None, unidade=None, by=cast.dora, at=NOW)

    def seen(user: object) -> set[Documento]:
        return set(Documento.objects.visible_to(user))

    assert [seen(cast.bruno), seen(cast.eva), seen(cast.sistema)] == [{letter, balance}, {balance}, {letter, balance}]
    cast.eva.atribuicoes.update(papel="administrador")
    assert seen(type(cast.eva).objects.get(pk=cast.eva.pk)) == set()
