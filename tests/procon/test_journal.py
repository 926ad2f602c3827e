"""The log: JSON lines with the number of the request or task, and nobody's data in them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from cases.models import Atendimento, Problema, ProblemaDoAssunto
from notifications.models import Mensagem
from notifications.tasks import deliver_due
from parties.models import Consumidor
from procon.celery import app, pass_number_on
from procon.journal import JSONFormatter, current, hidden
from procon.tasks import pulse
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

PERSON = {
    "nome": "Filomena Quaresma", "cpf": "529.982.247-25", "email": "filomena@exemplo.org",
    "telefone": "(11) 91234-5678", "logradouro": "Rua das Acácias", "relato": "Paguei o boleto da geladeira.",
}  # fmt: skip
#: Whatever of a person must stand in no line, however it is written.
FORBIDDEN = (
    "Filomena", "Quaresma", "529.982.247-25", "52998224725", "filomena@", "91234", "Acácias", "geladeira", "Ana Souza",
    "11144477735", "ana@example.org", "senha-de-teste", "senha-errada",
)  # fmt: skip


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Everything that anybody logs, of any level, as the parts write it."""
    current.set("")
    out, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JSONFormatter())
    level = root.level
    loggers = {name: logging.getLogger(name).level for name in ("django", "procon.pedidos", "axes", "celery")}
    root.addHandler(handler)
    for name in ("", *loggers):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)
    for name, before in loggers.items():
        logging.getLogger(name).setLevel(before)


def lines(out: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def requests(out: StringIO) -> list[dict[str, Any]]:
    return [line for line in lines(out) if line["registro"] == "procon.pedidos"]


def test_a_walk_leaves_nobody_in_the_log(
    cast: Cast, phone: Any, written: StringIO, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("carregar_calendario", verbosity=0)
    bruno = logged_in(cast.bruno)
    bruno.raise_request_exception = False
    told = {
        **PERSON, "unidade": cast.unidade.pk, "tipo": "atendimento_preliminar", "canal": "pessoal",
        "municipio": "Itaquaquecetuba/SP", "novo_nome": "Loja Quaresma", "assunto": "Telefonia Celular (187)",
    }  # fmt: skip
    Client().post("/entrar/", {"username": "Filomena", "password": "senha-errada"})
    assert bruno.post("/atendimentos/novo/", {**told, "cpf": "529.982.247-26"}).status_code == 422
    assert bruno.post("/atendimentos/novo/", told).status_code == 302
    case = Atendimento.objects.get()
    bruno.get(case.get_absolute_url())
    bruno.post("/busca/", {"texto": PERSON["cpf"]}, follow=True)
    bruno.get("/atendimentos/", {"q": PERSON["nome"]})
    bruno.get(f"/atendimentos/{PERSON['cpf']}/")
    bruno.get("/documentos/filomena@exemplo.org/")
    Client(enforce_csrf_checks=True).post("/entrar/", {"username": PERSON["email"]})
    Client(headers={"host": "filomena@exemplo.org"}).get("/")
    Client().post("/api/v1/acompanhamento/", {"protocolo": PERSON["cpf"], "chave": "x"}, "application/json")

    def breaks(*_: object, **__: object) -> None:
        person = Consumidor.objects.get(cpf="52998224725")
        with transaction.atomic():
            Consumidor.objects.create(
                nome=person.nome, cpf=person.cpf, email=person.email, fundido_em=person, pk=person.pk
            )

    monkeypatch.setattr("cases.views.case.case_page", breaks)
    failed_page = bruno.get(case.get_absolute_url())
    assert (failed_page.status_code, failed_page["X-Request-ID"] in failed_page.content.decode()) == (500, True)
    Mensagem.objects.create(
        chave="m", tipo="t", unidade=cast.unidade, destinatario=PERSON["nome"], endereco="filomena@", assunto="a",
        corpo=PERSON["relato"], devida_em=NOW, proxima_tentativa_em=NOW,
    )  # fmt: skip
    deliver_due.apply()
    broken.apply(args=[PERSON["cpf"]], kwargs={"nome": PERSON["nome"]})

    text = written.getvalue()
    assert [word for word in FORBIDDEN if word in text] == []
    seen = [(line["rota"], line["status"]) for line in requests(written)]
    assert seen[1:4] == [
        ("/atendimentos/novo/", 422),
        ("/atendimentos/novo/", 302),
        ("/atendimentos/<protocolo:protocolo>/", 200),
    ]
    assert {500, 404, 403, 400} <= {status for _, status in seen}
    failed = [line for line in lines(written) if "erro" in line]
    assert {line["erro"]["tipo"] for line in failed} >= {"django.db.utils.IntegrityError", "builtins.ValueError"}
    assert all(line["pedido"] for line in failed)


@app.task
def broken(cpf: str, nome: str) -> None:
    """Breaks with a person's data in its words."""
    raise ValueError(f"{nome} {cpf}")


def test_a_line_is_json_in_utc_with_what_is_needed(written: StringIO, db: None) -> None:
    number = Client().get("/livez")["X-Request-ID"]
    (line,) = requests(written)
    assert line.pop("quando").endswith("+00:00")
    assert line.pop("ms") >= 0
    assert line == {
        "nivel": "INFO", "registro": "procon.pedidos", "pedido": number, "mensagem": "pedido", "metodo": "GET",
        "rota": "/livez", "status": 200,
    }  # fmt: skip
    assert (len(number), current.get()) == (32, number)


@pytest.mark.parametrize(
    ("given", "address", "taken"),
    [
        ("abcdef12-3456", "127.0.0.1", True),
        ("abcdef12-3456", "203.0.113.9", False),
        ("curto", "127.0.0.1", False),
        ("x" * 65, "127.0.0.1", False),
        ("111.444.777-35", "127.0.0.1", False),
        ("a b c d e f g h", "127.0.0.1", False),
    ],
)
def test_a_number_is_taken_over_from_the_proxy_alone(given: str, address: str, taken: bool) -> None:
    answer = Client(REMOTE_ADDR=address).get("/livez", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) is taken


def test_the_number_goes_with_the_task(written: StringIO, settings: Any) -> None:
    headers: dict[str, Any] = {}
    token = current.set("numero-do-pedido")
    pass_number_on(headers=headers)
    current.reset(token)
    assert headers == {"pedido": "numero-do-pedido"}
    for given, wanted in ((headers, "numero-do-pedido"), ({}, "t-1")):
        result = saying.apply(task_id="t-1", headers=given)
        assert (result.get(), current.get()) == (wanted, "")
    pass_number_on(headers=(none := {}))
    assert none == {}


@app.task
def saying() -> str:
    """The number under which it works."""
    return current.get()


def test_the_words_of_an_error_are_told_at_the_start_alone(written: StringIO) -> None:
    log = logging.getLogger("outro.qualquer")
    for number in ("", "pedido-1"):
        token = current.set(number)
        try:
            raise RuntimeError("falta DATABASE_URL, diz ana@example.org")
        except RuntimeError:
            log.exception("cannot start %s", "ana@example.org")
        current.reset(token)
    first, second = (line["erro"] for line in lines(written))
    assert (first["texto"], "texto" in second) == ("falta DATABASE_URL, diz (oculto)", False)
    assert second["onde"][-1].endswith("test_the_words_of_an_error_are_told_at_the_start_alone")
    assert [line["mensagem"] for line in lines(written)] == ["cannot start %s", "cannot start %s"]


def test_the_database_s_complaint_is_told_by_its_code(cast: Cast, written: StringIO) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE parties_consumidor SET cpf = '123' WHERE id = %s", [cast.ana.pk])
    except IntegrityError:
        logging.getLogger("django.db").exception("failed")
    (line,) = [line for line in lines(written) if "erro" in line]
    assert line["erro"]["por"] == ["psycopg.errors.CheckViolation (23514)"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cpf 111.444.777-35.", "cpf (oculto)."),
        ("11144477735", "(oculto)"),
        ("ligue (11) 91234-5678", "ligue (oculto)"),
        ("de ana@example.org para", "de (oculto) para"),
        ("lote 1234567 de 2026-03-04", "lote 1234567 de 2026-03-04"),
    ],
)
def test_what_looks_like_a_person_s_number_is_hidden(text: str, told: str) -> None:
    assert hidden(text) == told


def test_a_pulse_logs_under_its_own_number() -> None:
    current.set("de-antes")
    pulse.apply(task_id="abc")
    assert current.get() == ""


@pytest.fixture
def phone(cast: Cast) -> None:
    """An assunto with a problema."""
    from cases.models import Assunto

    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    problem = Problema.objects.create(descricao="Cobrança indevida/abusiva")
    ProblemaDoAssunto.objects.create(assunto=subject, problema=problem, frequencia=1)
