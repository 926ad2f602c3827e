"""Every error under /api/v1/ is a problem in Portuguese; nothing that is sent makes a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from cases.models import Assunto, Atendimento
from portal.api.problems import KINDS
from portal.conf import LIMITS
from tests.portal.conftest import Program, complaint

CASE = "/atendimentos/35.001.001.26-0000001/"


def _problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = json.loads(answer.content)
    assert list(problem) == ["type", "title", "status", "detail", "erros"]
    assert (problem["type"], problem["title"]) == (f"/api/v1/docs/#{KINDS[status].slug}", KINDS[status].title)
    assert problem["status"] == status
    return problem


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path", ["/", "/nada/", "/atendimentos", "/atendimentos/1/", "/atendimentos/%00/", "/%ff/", "/a%0Ab/"]
)
def test_an_address_that_is_not_there(db: None, method: str, path: str) -> None:
    _problem(Client().generic(method, f"/api/v1{path}", b"{}", "application/json"), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/atendimentos/", {"GET", "POST"}),
        ("PUT", CASE, {"GET", "PATCH"}),
        ("POST", "/assuntos/", {"GET"}),
        ("GET", "/acompanhamento/", {"POST"}),
        ("POST", "/schema/", {"GET"}),
        ("POST", "/docs/", {"GET"}),
        ("OPTIONS", "/atendimentos/", {"GET", "POST"}),
        ("TRACE", "/atendimentos/", {"GET", "POST"}),
        ("BREW", "/atendimentos/", {"GET", "POST"}),
    ],
)
def test_a_method_that_is_not_offered(cidade: Program, method: str, path: str, allowed: set[str]) -> None:
    answer = cidade.send(method, path, b"")

    _problem(answer, 405)
    assert allowed <= set(answer["Allow"].split(", "))


def test_a_form_that_is_not_offered(cidade: Program) -> None:
    _problem(cidade.get("/assuntos/", Accept="text/csv"), 406)


def test_a_body_that_is_too_large(cidade: Program) -> None:
    _problem(cidade.post("/atendimentos/", complaint(relato="x" * 1024 * 1024)), 413)


@pytest.mark.parametrize("kind", ["application/xml", "text/plain", "multipart/form-data; boundary=x", "nonsense", ""])
def test_a_body_that_is_not_json(cidade: Program, kind: str) -> None:
    answer = Client().generic(
        "POST", "/api/v1/atendimentos/", b"a=1", kind, headers={"Authorization": f"Bearer {cidade.token}"}
    )

    _problem(answer, 415)


def test_too_many_requests(cidade: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "integracao", 1)
    answers = [cidade.get("/unidades/") for _ in range(3)]

    _problem(answers[-1], 429)
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_our_own_failure_is_a_problem_too(cidade: Program, subject: Assunto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.api.views.reference.assuntos", None)
    answer = Client(raise_request_exception=False).get(
        "/api/v1/assuntos/", headers={"Authorization": f"Bearer {cidade.token}"}
    )

    _problem(answer, 500)


HOSTILE_BODIES: list[tuple[bytes, str]] = [
    (b"{", "não é JSON válido: linha 1, coluna 2"),
    (b"", "Este campo é obrigatório"),
    (b"null", "deve ser um objeto"),
    (b"[]", "deve ser um objeto"),
    (b'"texto"', "deve ser um objeto"),
    (b"NaN", "NaN não é um número"),
    (b'{"valor": NaN}', "NaN não é um número"),
    (b'{"valor": -Infinity}', "-Infinity não é um número"),
    (b'{"valor": 1e999}', "grande demais"),
    (b'{"valor": ' + b"9" * 5000 + b"}", "algarismos demais"),
    (b'{"tipo": "a", "tipo": "b"}', "«tipo» aparece duas vezes"),
    (b'{"consumidor": {"nome": "a", "nome": "b"}}', "«nome» aparece duas vezes"),
    (b'{"relato": "a\\u0000b"}', "relato: O texto tem um caractere nulo"),
    (b'{"relato": "a\x00b"}', "não é JSON válido"),
    (b'{"relato": "\\ud800"}', "relato: O texto tem um caractere nulo ou um par incompleto"),
    (b'{"fornecedores": [{"nome": "\\udfff"}]}', "fornecedores.0.nome: O texto tem"),
    (b'{"\\ud800": 1}', "Um nome tem um caractere nulo"),
    (b'{"\\ud800": 1, "\\ud800": 2}', "«?» aparece duas vezes"),
    (b'{"relato": "\xff"}', "não é UTF-8 válido a partir do byte 12"),
    ("{}".encode("utf-16"), "não é UTF-8 válido"),
    (b"\xef\xbb\xbf{}", "não é JSON válido"),
    (b'{"relato": ' + b"[" * 13 + b"]" * 13 + b"}", "dentro de mais de 12 outros"),
    (b"[" * 100_000, "dentro de mais de 12 outros"),
    (b'{"a":' * 100_000, "dentro de mais de 12 outros"),
    (b"{'tipo': 1}", "não é JSON válido"),
    (b'{"tipo": 1} x', "não é JSON válido"),
]


@pytest.mark.parametrize(("raw", "said"), HOSTILE_BODIES, ids=range(len(HOSTILE_BODIES)))
@pytest.mark.parametrize(("method", "path"), [("POST", "/atendimentos/"), ("POST", "/acompanhamento/")])
def test_a_hostile_body_is_refused_with_its_reason(
    cidade: Program, subject: Assunto, raw: bytes, said: str, method: str, path: str
) -> None:
    problem = _problem(cidade.send(method, path, raw), 400)

    assert said in problem["detail"]
    assert Atendimento.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/atendimentos/?status=x", "status"),
        ("/atendimentos/?tipo=%00", "tipo"),
        ("/atendimentos/?limite=0", "limite"),
        ("/atendimentos/?limite=201", "limite"),
        ("/atendimentos/?limite=abc", "limite"),
        ("/atendimentos/?limite=1e3", "limite"),
        ("/atendimentos/?aberto_de=ontem", "aberto_de"),
        ("/atendimentos/?aberto_de=0000-01-01", "aberto_de"),
        ("/atendimentos/?aberto_ate=9999-12-31", "aberto_ate"),
        ("/atendimentos/?aberto_ate=2026-01-01T10:00:00", "aberto_ate"),
        ("/atendimentos/?aberto_ate=9999-12-31T23:59:59-23:59", "aberto_ate"),
        ("/atendimentos/?aberto_de=2026-01-02&aberto_ate=2026-01-01", "aberto_ate"),
        ("/atendimentos/?assunto=x", "assunto"),
        ("/atendimentos/?assunto=99999999999999999999", "assunto"),
        ("/atendimentos/?fornecedor=1", "fornecedor"),
        ("/atendimentos/?fornecedor=%00%00%00%00%00%00%00%00", "fornecedor"),
        ("/atendimentos/?ordem=protocolo", "ordem"),
        ("/atendimentos/?contar=sim", "contar"),
        ("/atendimentos/?pagina=2", "pagina"),
        ("/atendimentos/?tipo=calculo&tipo=calculo", "tipo"),
        ("/atendimentos/?cursor=x", "cursor"),
        ("/atendimentos/?cursor=%C3%A9", "cursor"),
        ("/atendimentos/?cursor=WzAsIngiLDFd", "cursor"),  # [0,"x",1]
        ("/atendimentos/?cursor=WzAsIjIwMjYtMDEtMDEiLDFd", "cursor"),  # [0,"2026-01-01",1], without offset
        ("/atendimentos/?cursor=WzIsMSwxXQ", "cursor"),  # [2,1,1]
        ("/atendimentos/?cursor=e30", "cursor"),  # {}
        ("/atendimentos/?cursor=bnVsbA", "cursor"),  # null
        ("/fornecedores/?cursor=WzAsIlx1MDAwMCIsMV0&q=a", "cursor"),  # [0,"\u0000",1]
        ("/fornecedores/?q=%00", "q"),
        ("/assuntos/?q=" + "a" * 121, "q"),
        ("/assuntos/?cursor=WzAsMWUzMF0", "cursor"),  # [0,1e30]
        ("/problemas/", "assunto"),
        ("/problemas/?assunto=", "assunto"),
        ("/problemas/?assunto=-1", "assunto"),
    ],
)
def test_a_hostile_query_is_refused_by_name(cidade: Program, path: str, field: str) -> None:
    assert list(_problem(cidade.get(path), 400)["erros"]) == [field]


def test_more_parameters_than_anybody_needs(cidade: Program) -> None:
    _problem(cidade.get("/atendimentos/?" + "&".join(f"a{n}=1" for n in range(2000))), 400)


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --", "%25%25", "😀", "שלום", "%ED%A0%80", "%FF"])
def test_odd_searches_find_nothing_and_break_nothing(cidade: Program, subject: Assunto, text: str) -> None:
    for path in ("/fornecedores/", "/assuntos/"):
        answer = cidade.get(f"{path}?q={text}")
        assert (answer.status_code, answer.json()["results"]) == (200, [])
