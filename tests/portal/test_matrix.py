"""Every endpoint × every kind of caller. A new address without a row here fails the last test."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver

from cases.models import Assunto
from portal.scopes import SCOPES
from tests.conftest import Cast
from tests.portal.conftest import Program, complaint, make_program

CASE = "/atendimentos/35.001.001.26-0000001/"

#: name: (method, path, body, scope or "*" or "", what the owner gets, what another integration gets)
ENDPOINTS: dict[str, tuple[str, str, Any, str, int, int]] = {
    "api_assuntos": ("GET", "/assuntos/", None, "*", 200, 200),
    "api_problemas": ("GET", "/problemas/?assunto=187", None, "*", 200, 200),
    "api_fornecedores": ("GET", "/fornecedores/?q=loja", None, "*", 200, 200),
    "api_unidades": ("GET", "/unidades/", None, "*", 200, 200),
    "api_atendimentos": ("GET", "/atendimentos/", None, "atendimentos:ler", 200, 200),
    "api_atendimentos POST": ("POST", "/atendimentos/", complaint(), "atendimentos:escrever", 201, 201),
    "api_atendimento": ("GET", CASE, None, "atendimentos:ler", 200, 404),
    "api_atendimento PATCH": ("PATCH", CASE, {"email": "a@example.org"}, "atendimentos:escrever", 200, 404),
    "api_andamentos": ("GET", f"{CASE}andamentos/", None, "atendimentos:ler", 200, 404),
    "api_acompanhamento": ("POST", "/acompanhamento/", {"protocolo": "x", "chave": "x"}, "", 404, 404),
    "api_cadastro": ("GET", "/cadastro/2024/", None, "", 404, 404),
    "api_estatisticas": ("GET", "/estatisticas/2026/", None, "estatisticas:ler", 200, 200),
    "api_schema": ("GET", "/schema/", None, "", 200, 200),
    "api_docs": ("GET", "/docs/", None, "", 200, 200),
}
CALLERS = ["no token", "other client", "without scope", "right client"]


def _expected(caller: str, scope: str, owner: int, other: int) -> int:
    if scope == "":
        return owner
    return {
        "no token": 401,
        "other client": other,
        "without scope": owner if scope == "*" else 403,
        "right client": owner,
    }[caller]


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("name", ENDPOINTS)
def test_who_may_call_what(cast: Cast, subject: Assunto, cidade: Program, name: str, caller: str) -> None:
    method, path, body, scope, owner, other = ENDPOINTS[name]
    cidade.post("/atendimentos/", complaint(relato="Só da cidade."))
    etag = cidade.get(CASE)["ETag"]
    if caller == "no token":
        asking = Program(cidade.integracao, "")
    elif caller == "other client":
        asking = make_program(cast, "Outra").log_in()
    elif caller == "without scope":
        kept = " ".join(one for one in SCOPES if one != scope)
        asking = Program(cidade.integracao, cidade.secret).log_in(kept)
    else:
        asking = cidade

    answer = asking.send(method, path, b"" if body is None else body, **{"If-Match": etag})

    assert answer.status_code == _expected(caller, scope, owner, other)
    if caller == "other client":
        assert "Só da cidade." not in answer.content.decode()
    if answer.status_code == 403:
        assert answer["WWW-Authenticate"] == f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
        assert SCOPES[scope] in answer.json()["detail"]


def test_every_address_of_the_api_is_in_the_matrix() -> None:
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("api_")}

    assert {name.split()[0] for name in ENDPOINTS} == named
