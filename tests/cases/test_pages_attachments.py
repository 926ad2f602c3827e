"""The attachments on the case's page: sent, seen, downloaded with safe headers, removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.models import Anexo, Atendimento
from cases.services import attach
from tests.browsing import logged_in
from tests.cases import files
from tests.conftest import NOW, Cast

Make = Callable[..., Atendimento]


def sent(case: Atendimento, *uploads: object, **more: str) -> tuple[str, dict]:
    """Address and data of the upload form."""
    return f"/atendimentos/{case.protocolo}/anexos/", {"arquivo": list(uploads), "origem": "balcao", **more}


def put(case: Atendimento, cast: Cast, content: bytes = files.PDF, nome: str = "nota.pdf", **state: object) -> Anexo:
    """An attachment in some state."""
    anexo = attach(atendimento=case, arquivo=files.uploaded(content), nome=nome, origem="balcao", by=cast.bruno, at=NOW)
    Anexo.objects.filter(pk=anexo.pk).update(**state)
    return anexo


def clean(case: Atendimento, cast: Cast, content: bytes = files.PDF, nome: str = "nota.pdf") -> Anexo:
    """One that the antivirus has passed."""
    return put(case, cast, content, nome, situacao="limpo", verificado_em=NOW)


def test_several_files_at_once(cast: Cast, ap: Make) -> None:
    case = ap(cast.loja, cast.banco)
    party = case.reclamados.last()
    client = logged_in(cast.bruno)
    path, data = sent(
        case,
        files.uploaded(),
        files.uploaded(files.picture(), "foto.jpg", "image/jpeg"),
        descricao="Prova",
        reclamado=str(party.pk),
    )

    response = client.post(path, data)

    assert (response.status_code, response["Location"]) == (302, case.get_absolute_url())
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Anexados: «nota.pdf», «foto.jpg»." in page
    rows = Anexo.objects.values_list("nome", "descricao", "reclamado", "enviado_por__usuario")
    assert list(rows) == [("nota.pdf", "Prova", party.pk, "bruno"), ("foto.jpg", "Prova", party.pk, "bruno")]
    for text in (
        "nota.pdf",
        "foto.jpg",
        "Não verificado por antivírus",
        "PDF · ",
        "Anexou um arquivo",
        str(cast.banco),
    ):
        assert text in page


def test_a_refused_file_keeps_no_other_out(cast: Cast, ap: Make) -> None:
    case = ap()
    path, data = sent(case, files.uploaded(b"MZ", "virus.exe"), files.uploaded(), descricao="Nota fiscal")
    response = logged_in(cast.bruno).post(path, data)
    page = response.content.decode()
    assert response.status_code == 422
    assert '<span class="message-body">virus.exe: Este tipo de arquivo não é aceito.' in page
    assert "Anexado: «nota.pdf»." in page
    assert 'value="Nota fiscal"' in page
    assert list(Anexo.objects.values_list("nome", flat=True)) == ["nota.pdf"]


def test_no_file_is_told_at_the_field(cast: Cast, ap: Make) -> None:
    case = ap()
    response = logged_in(cast.bruno).post(*sent(case))
    assert response.status_code == 422
    assert f'id="anexar-{case.pk}-arquivo_error"' in response.content.decode()


def test_eva_gets_404_everywhere(cast: Cast, ap: Make) -> None:
    case = ap()
    anexo = clean(case, cast, files.picture(), "foto.jpg")
    eva = logged_in(cast.eva)
    address = f"/atendimentos/anexos/{anexo.pk}/"
    codes = [
        eva.post(*sent(case, files.uploaded())).status_code,
        eva.get(address).status_code,
        eva.post(address).status_code,
        eva.get(f"{address}imagem/").status_code,
        eva.post(f"{address}remover/", {"motivo": "x"}).status_code,
    ]
    assert codes == [404] * 5


def test_a_clean_file_is_downloaded_with_safe_headers(cast: Cast, ap: Make) -> None:
    anexo = clean(ap(), cast, nome="comprovação de endereço.pdf")
    response = logged_in(cast.bruno).get(f"/atendimentos/anexos/{anexo.pk}/")
    assert (response.status_code, response.content, response["Content-Type"]) == (200, files.PDF, "application/pdf")
    assert {name: response[name] for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Disposition": "attachment; filename*=utf-8''comprova%C3%A7%C3%A3o%20de%20endere%C3%A7o.pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"


def test_what_no_antivirus_saw_is_asked_about_first(cast: Cast, ap: Make) -> None:
    anexo = put(ap(), cast)
    client = logged_in(cast.bruno)
    address = f"/atendimentos/anexos/{anexo.pk}/"
    asked, given = client.get(address), client.post(address)
    assert "Nenhum antivírus verificou este arquivo." in asked.content.decode()
    assert (given.content, given["Content-Disposition"]) == (files.PDF, 'attachment; filename="nota.pdf"')


@pytest.mark.parametrize(
    ("situacao", "sentence"),
    [("quarentena", "O antivírus ainda não verificou"), ("infectado", "não é entregue a ninguém")],
)
def test_quarantine_and_virus_are_never_served(cast: Cast, ap: Make, situacao: str, sentence: str) -> None:
    anexo = put(ap(), cast, files.picture(), "foto.jpg", situacao=situacao, verificado_em=NOW)
    client = logged_in(cast.dora)
    address = f"/atendimentos/anexos/{anexo.pk}/"
    answers = [client.get(address), client.post(address), client.get(f"{address}imagem/")]
    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert all(sentence in answer.content.decode() for answer in answers)


def test_a_picture_is_shown_within_the_browser(cast: Cast, ap: Make) -> None:
    case = ap()
    photo, paper = clean(case, cast, files.photograph(), "foto.jpg"), clean(case, cast)
    client = logged_in(cast.bruno)
    shown = client.get(f"/atendimentos/anexos/{photo.pk}/imagem/")
    assert (shown["Content-Disposition"], shown["Content-Type"]) == ('inline; filename="foto.jpg"', "image/jpeg")
    assert b"Camera" not in shown.content
    assert client.get(f"/atendimentos/anexos/{paper.pk}/imagem/").status_code == 404


def test_removing_is_the_coordenadors_and_says_why(cast: Cast, ap: Make) -> None:
    case = ap()
    anexo = clean(case, cast)
    address = f"/atendimentos/anexos/{anexo.pk}/remover/"
    refused = logged_in(cast.bruno).post(address, {"motivo": "Engano."})
    blank = logged_in(cast.dora).post(address, {"motivo": ""})
    done = logged_in(cast.dora).post(address, {"motivo": "É de outro caso."})
    assert (refused.status_code, blank.status_code, done.status_code) == (409, 422, 302)
    page = logged_in(cast.bruno).get(case.get_absolute_url()).content.decode()
    assert "por Dora Coordenadora: É de outro caso." in page
    assert f'href="/atendimentos/anexos/{anexo.pk}/"' not in page


def test_only_the_coordenador_is_offered_to_remove(cast: Cast, ap: Make) -> None:
    case = ap()
    anexo = clean(case, cast)
    offered = [
        f"/anexos/{anexo.pk}/remover/" in logged_in(user).get(case.get_absolute_url()).content.decode()
        for user in (cast.bruno, cast.dora)
    ]
    assert offered == [False, True]
