"""Every endpoint × every kind of caller. A new address without a row here fails the last test."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver
from oauth2_provider.models import AccessToken

from cases.models import Assunto, Atendimento
from cases.services import issue_espelho
from portal.scopes import SCOPES
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, answered, complaint, hearing_of, make_program

CASE = "/atendimentos/35.001.001.26-0000001/"
#: In place of a body: a form with a file.
A_FILE = "um arquivo"
HOOK = "/webhooks/{hook}/"
GERIR = "webhooks:gerir"

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
    "api_anexos": ("GET", f"{CASE}anexos/", None, "atendimentos:ler", 200, 404),
    "api_anexos POST": ("POST", f"{CASE}anexos/", A_FILE, "atendimentos:escrever", 201, 404),
    "api_anexo": ("GET", f"{CASE}anexos/{{anexo}}/", None, "atendimentos:ler", 409, 404),  # not seen by an antivirus
    "api_respostas": ("GET", f"{CASE}respostas/", None, "atendimentos:ler", 200, 404),
    "api_manifestacoes": ("POST", f"{CASE}manifestacoes/", {"aceita": True}, "atendimentos:escrever", 201, 404),
    "api_documentos": ("GET", f"{CASE}documentos/", None, "atendimentos:ler", 200, 404),
    "api_documento": ("GET", f"{CASE}documentos/{{documento}}/", None, "atendimentos:ler", 200, 404),
    "api_acompanhamento": ("POST", "/acompanhamento/", {"protocolo": "x", "chave": "x"}, "", 404, 404),
    "api_cadastro": ("GET", "/cadastro/2024/", None, "", 404, 404),
    "api_estatisticas": ("GET", "/estatisticas/2026/", None, "estatisticas:ler", 200, 200),
    "api_webhooks": ("GET", "/webhooks/", None, GERIR, 200, 200),
    "api_webhooks POST": ("POST", "/webhooks/", {"url": "http://127.0.0.1/novo"}, GERIR, 201, 201),
    "api_webhook": ("GET", HOOK, None, GERIR, 200, 404),
    "api_webhook DELETE": ("DELETE", HOOK, None, GERIR, 204, 404),
    "api_webhook_entregas": ("GET", f"{HOOK}entregas/", None, GERIR, 200, 404),
    "api_webhook_reenvio": ("POST", f"{HOOK}reenvio/", {}, GERIR, 200, 404),
    "api_webhook_segredo": ("POST", f"{HOOK}segredo/", {}, GERIR, 200, 404),
    "api_webhook_teste": ("POST", f"{HOOK}teste/", None, GERIR, 201, 404),
    "api_horarios_livres": ("GET", "/horarios-livres/", None, "audiencias:ler", 200, 200),
    "api_audiencias": ("GET", "/audiencias/", None, "audiencias:ler", 200, 200),
    "api_audiencia": ("GET", "/audiencias/{audiencia}/", None, "audiencias:ler", 200, 404),
    "api_audiencia_ics": ("GET", "/audiencias/{audiencia}/ics/", None, "audiencias:ler", 200, 404),
    "api_confirmacao": ("POST", "/audiencias/{audiencia}/confirmacao/", {}, "audiencias:escrever", 200, 404),
    "api_pedido_remarcacao": (
        "POST",
        "/audiencias/{audiencia}/pedido-remarcacao/",
        {"motivo": "Viagem."},
        "audiencias:escrever",
        201,
        404,
    ),
    "api_schema": ("GET", "/schema/", None, "", 200, 200),
    "api_docs": ("GET", "/docs/", None, "", 200, 200),
}
#: Whoever may act comes last: the others must have found everything as it was, and left it so.
CALLERS = ["no token", "other client", "without scope", "expired", "revoked token", "revoked client", "right client"]


def _expected(caller: str, scope: str, owner: int, other: int) -> int:
    if caller in ("expired", "revoked token", "revoked client"):
        return 401  # also where none is asked for: who shows a token that no longer serves is told
    if scope == "":
        return owner
    return {
        "no token": 401,
        "other client": other,
        "without scope": owner if scope == "*" else 403,
        "right client": owner,
    }[caller]


def _asking(caller: str, scope: str, cast: Cast, cidade: Program) -> Program:
    """The client of this kind, ready to ask."""
    again = Program(cidade.integracao, cidade.secret)
    if caller == "no token":
        return again
    if caller == "other client":
        return make_program(cast, "Outra").log_in()
    if caller == "without scope":
        return again.log_in(" ".join(one for one in SCOPES if one != scope))
    if caller in ("expired", "revoked token"):
        again.log_in()
        token = AccessToken.objects.filter(pk=AccessToken.objects.latest("pk").pk)
        assert token.update(expires=NOW) if caller == "expired" else token.delete()
    elif caller == "revoked client":
        again = make_program(cast, "Revogada").log_in()
        again.user.is_active = False
        again.user.save()
    else:
        return cidade
    return again


def _prepared(name: str, path: str, cast: Cast, cidade: Program) -> str:
    """The address, once what it is about is there."""
    case = Atendimento.objects.get(protocolo=CASE.split("/")[2])
    found: dict[str, Any] = {}
    if "{anexo}" in path:
        found["anexo"] = cidade.upload(f"{CASE}anexos/").json()["id"]
    elif "{documento}" in path:
        found["documento"] = issue_espelho(atendimento=case, by=cast.bruno, at=NOW).codigo
    elif "{hook}" in path:
        found["hook"] = cidade.post("/webhooks/", {"url": "http://127.0.0.1/avisos"}).json()["id"]
    elif name in ("api_respostas", "api_manifestacoes"):
        answered(case, cast)
    elif "{audiencia}" in path:
        found["audiencia"] = hearing_of(case, cast.carla).pk
    return path.format(**found)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_who_may_call_what(
    cast: Cast, subject: Assunto, cidade: Program, here: None, settings: Any, tmp_path: Any, name: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    method, path, body, scope, owner, other = ENDPOINTS[name]
    cidade.post("/atendimentos/", complaint(relato="Só da cidade.", fornecedores=[{"nome": "Loja Modelo"}]))
    path = _prepared(name, path, cast, cidade)
    etag = "*" if "audiencias" in path else cidade.get(CASE)["ETag"]

    answers = {}
    for caller in CALLERS:
        asking = _asking(caller, scope, cast, cidade)
        if body is A_FILE:
            answers[caller] = asking.upload(path)
        else:
            answers[caller] = asking.send(method, path, b"" if body is None else body, **{"If-Match": etag})

    got = {caller: answer.status_code for caller, answer in answers.items()}
    assert got == {caller: _expected(caller, scope, owner, other) for caller in CALLERS}
    assert "Só da cidade." not in answers["other client"].content.decode()
    if got["without scope"] == 403:
        refused = answers["without scope"]
        assert refused["WWW-Authenticate"] == f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
        assert SCOPES[scope] in refused.json()["detail"]


def test_every_address_of_the_api_is_in_the_matrix() -> None:
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("api_")}

    assert {name.split()[0] for name in ENDPOINTS} == named
