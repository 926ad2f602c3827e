"""What is sent after the session ended comes back after the log-in, to its writer alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from access.conf import TYPED_LONGEST
from access.models import FormularioGuardado, Sessao
from access.services.sessions import end_sessions, forget_ended
from cases.models import Atendimento
from tests.access.conftest import PASSWORD, log_in, now
from tests.conftest import Cast

NEW = "/atendimentos/novo/"


@pytest.fixture
def form(cast: Cast) -> dict[str, str]:
    return {
        "tipo": "extra_procon", "canal": "pessoal", "unidade": str(cast.unidade.pk), "nome": "Rita Prado",
        "relato": "Dez minutos de texto.\nSegunda linha, com «aspas» & <b>.", "envio": str(uuid4()), "acao": "gravar",
    }  # fmt: skip


def ended(client: Client, usuario: str = "bruno") -> None:
    """Log in, and lose the session as a time-out does."""
    log_in(client, usuario)
    Sessao.objects.filter(usuario__usuario=usuario).update(expire_date=now() - timedelta(minutes=1))


def test_a_complaint_typed_for_ten_minutes_is_not_lost(client: Client, cast: Cast, form: dict[str, str]) -> None:
    ended(client)
    led = client.post(NEW, form)
    assert led["Location"].startswith("/entrar/?next=/conta/digitado/")
    assert "o que você digitou está guardado" in client.get(led["Location"]).content.decode().lower()
    assert Atendimento.objects.count() == 0
    way = log_in(client, next=led["Location"].split("next=")[1])["Location"]
    page = client.get(way).content.decode()
    assert ("Rita Prado" in page, "com «aspas» &amp; &lt;b&gt;." in page) == (True, True)
    before = {name: value for name, value in form.items() if f'<textarea name="{name}" hidden>' in page}
    assert before == form
    sent = client.post(way, form)
    assert (sent.status_code, sent["Location"]) == (307, NEW)
    client.post(sent["Location"], form)
    assert "já foi enviado" in client.get(way).content.decode()


def test_it_is_the_very_form_that_is_sent_again(client: Client, cast: Cast) -> None:
    """Through the browser's own eyes: the same act, done."""
    client.force_login(cast.dora, backend="django.contrib.auth.backends.ModelBackend")
    Sessao.objects.update(expire_date=now() - timedelta(minutes=1))
    led = client.post("/busca/?x=1", {"qualquer": ["a", "b"], "texto": "linha 1\r\nlinha 2"})
    way = log_in(client, "dora", next=led["Location"].split("next=")[1])["Location"]
    assert client.get(way).context["campos"] == [
        ("qualquer", "a"), ("qualquer", "b"), ("texto", "linha 1\r\nlinha 2"),
    ]  # fmt: skip
    assert client.post(way)["Location"] == "/busca/?x=1"


def test_it_is_its_writers_alone(client: Client, cast: Cast, form: dict[str, str]) -> None:
    ended(client)
    way = client.post(NEW, form)["Location"].split("next=")[1]
    other = Client()
    log_in(other, "dora")
    assert (other.get(way).status_code, other.post(way).status_code) == (404, 404)
    assert Client().get(way).status_code == 302


def test_the_table_holds_it_sealed_and_for_two_hours(client: Client, cast: Cast, form: dict[str, str]) -> None:
    ended(client)
    way = client.post(NEW, form)["Location"].split("next=")[1]
    assert "Rita" not in FormularioGuardado.objects.get().campos
    log_in(client)
    with time_machine.travel(now() + timedelta(minutes=121)):
        log_in(client)
        assert client.get(way).status_code == 404
        forget_ended(at=now())
        assert FormularioGuardado.objects.count() == 0


def test_also_where_another_window_was_the_first_to_learn_of_the_end(
    client: Client, cast: Cast, form: dict[str, str]
) -> None:
    ended(client)
    for page in ("/", "/entrar/"):
        client.get(page)
    assert client.post(NEW, form)["Location"].startswith("/entrar/?next=/conta/digitado/")


def test_also_where_it_was_ended_from_another_machine(client: Client, cast: Cast, form: dict[str, str]) -> None:
    log_in(client)
    end_sessions(usuario=cast.bruno, by=cast.bruno, at=now())
    client.get("/")
    assert client.post(NEW, form)["Location"].startswith("/entrar/?next=/conta/digitado/")


def test_who_logs_out_leaves_no_key_in_the_browser(client: Client, cast: Cast) -> None:
    log_in(client)
    client.post("/sair/")
    assert client.cookies["sessionid"].value == ""


def test_a_stranger_leaves_nothing_behind(client: Client, cast: Cast, form: dict[str, str]) -> None:
    client.cookies["sessionid"] = "a" * 32
    assert client.post(NEW, form)["Location"] == f"/entrar/?next={NEW}"
    assert FormularioGuardado.objects.count() == 0


def test_only_so_many_and_so_long(client: Client, cast: Cast, form: dict[str, str]) -> None:
    ended(client)
    for number in range(7):
        client.post(NEW, {**form, "nome": f"Pessoa {number}"})
    assert FormularioGuardado.objects.count() == 5
    assert client.post(NEW, {"relato": "x" * (TYPED_LONGEST + 1)})["Location"] == f"/entrar/?next={NEW}"


def test_files_are_named_and_not_kept(client: Client, cast: Cast) -> None:
    ended(client)
    paper = SimpleUploadedFile("nota fiscal.pdf", b"%PDF-1.7", "application/pdf")
    way = client.post(NEW, {"relato": "com anexo", "arquivos": paper})["Location"].split("next=")[1]
    log_in(client)
    page = client.get(way).content.decode()
    assert ("nota fiscal.pdf" in page, "Anexe-os de novo" in page) == (True, True)


def test_it_can_be_thrown_away(client: Client, cast: Cast, form: dict[str, str]) -> None:
    ended(client)
    way = client.post(NEW, form)["Location"].split("next=")[1]
    log_in(client)
    assert client.post(f"{way}?descartar=1")["Location"] == "/"
    assert client.get(way).status_code == 404


def test_a_fragment_leads_the_whole_page_to_the_log_in(client: Client, cast: Cast) -> None:
    ended(client)
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/atendimentos/triagem/?unidade=1"}
    told = client.get("/atendimentos/triagem/", headers=asked)
    assert (told.status_code, told["HX-Redirect"]) == (401, "/entrar/?next=/atendimentos/triagem/%3Funidade%3D1")
    asked["HX-Current-URL"] = "https://evil.example/x"
    assert client.get("/atendimentos/triagem/", headers=asked)["HX-Redirect"] == "/entrar/?next=/"


def test_a_draft_that_is_kept_by_itself_is_told_in_words(client: Client, cast: Cast, form: dict[str, str]) -> None:
    ended(client)
    told = client.post(NEW, form, headers={"Sec-Fetch-Dest": "empty"})
    assert (told.status_code, "O que está na tela continua aqui" in told.content.decode()) == (401, True)
    assert FormularioGuardado.objects.count() == 0


def old_page(usuario: str) -> tuple[Client, str]:
    """A browser where this person logged in anew after a page was opened: the page's token is old."""
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        token = client.get("/senha/esqueci/").cookies["csrftoken"].value
        sent = {"username": usuario, "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert client.post("/entrar/", sent).status_code == 302
        if _ == 0:
            client.post("/sair/", {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    return client, token


def test_what_an_old_page_sends_is_kept_too(cast: Cast, form: dict[str, str]) -> None:
    client, token = old_page("bruno")
    ours = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}
    led = client.post(NEW, {**form, "csrfmiddlewaretoken": token}, headers=ours)
    assert led["Location"].startswith("/conta/digitado/")
    assert "Rita Prado" in client.get(led["Location"]).content.decode()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_what_another_site_sends_is_not_shown_as_ones_own(cast: Cast, form: dict[str, str], site: str) -> None:
    client, token = old_page("bruno")
    answer = client.post(NEW, {**form, "csrfmiddlewaretoken": token}, headers={"Sec-Fetch-Site": site})
    assert (answer.status_code, FormularioGuardado.objects.count()) == (403, 0)


def test_what_carries_a_password_is_typed_anew(client: Client, cast: Cast) -> None:
    ended(client)
    answer = client.post("/conta/senha/", {"senha": PASSWORD, "nova": "três tigres tristes"})
    assert (answer["Location"], FormularioGuardado.objects.count()) == ("/entrar/?next=/conta/senha/", 0)
