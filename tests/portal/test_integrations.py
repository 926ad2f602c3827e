"""Creating an integration, its token, and losing it again."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from oauth2_provider.models import AccessToken

from accounts.models import Atribuicao, Papel, Unidade
from portal.conf import LIMITS
from portal.models import Integracao
from portal.scopes import SCOPES
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program


def _create(*words: str) -> str:
    out = StringIO()
    call_command("criar_integracao", *words, stdout=out)
    return out.getvalue()


def test_the_command_creates_a_user_and_prints_the_secret_once_as_json(cast: Cast) -> None:
    shown = json.loads(_create("Portal da cidade", "--escopos", "atendimentos:ler, atendimentos:escrever", "--json"))

    made = Integracao.objects.get()
    assert shown == {
        "nome": "Portal da cidade",
        "client_id": made.client_id,
        "client_secret": shown["client_secret"],
        "escopos": ["atendimentos:ler", "atendimentos:escrever"],
    }
    assert shown["client_secret"] not in str(list(Integracao.objects.values()))
    assert made.user is not None
    assert not made.user.has_usable_password()
    assert set(Atribuicao.objects.filter(user=made.user).values_list("unidade", "papel")) == {
        (cast.unidade.pk, Papel.INTEGRACAO),
        (cast.outra.pk, Papel.INTEGRACAO),
    }
    answer = Program(made, shown["client_secret"]).ask_token()
    assert (answer.status_code, answer.json()["scope"]) == (200, "atendimentos:ler atendimentos:escrever")


def test_the_command_without_json_prints_words(cast: Cast) -> None:
    lines = _create("Portal", "--escopos", "atendimentos:ler", "--unidade", "35.001.001").splitlines()

    made = Integracao.objects.get()
    assert lines[0] == f"client_id: {made.client_id}"
    assert lines[1].startswith("client_secret: ")
    assert lines[2] == "Guarde o client_secret agora: ele não será mostrado outra vez."
    assert [row.unidade for row in Atribuicao.objects.filter(user=made.user)] == [cast.unidade]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Outro", "--escopos", "atendimentos:ler tudo"], "Escopo desconhecido: tudo."),
        (["Outro", "--escopos", " "], "Informe ao menos um escopo."),
        (["portal DA cidade", "--escopos", "atendimentos:ler"], "Já há uma integração chamada «portal DA cidade»."),
        (["  ", "--escopos", "atendimentos:ler"], "deve ter de 1 a 49 caracteres visíveis"),
        (["a\x00b", "--escopos", "atendimentos:ler"], "deve ter de 1 a 49 caracteres visíveis"),
        (["Outro", "--escopos", "atendimentos:ler", "--unidade", "99.999.999"], "Não há unidade ativa com o código"),
    ],
)
def test_the_command_refuses_in_portuguese(cidade: Program, words: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        _create(*words)
    assert Integracao.objects.count() == 1


def test_without_an_active_unidade_there_is_nowhere_to_register(cast: Cast) -> None:
    Unidade.objects.update(ativa=False)

    with pytest.raises(CommandError, match="Não há unidade ativa"):
        _create("Outro", "--escopos", "atendimentos:ler")


def test_every_scope_has_a_sentence() -> None:
    assert all(sentence.endswith(".") and len(sentence) > 30 for sentence in SCOPES.values())


def test_a_token_carries_what_was_asked_and_only_its_hash_is_stored(ninguem: Program) -> None:
    answer = ninguem.ask_token("atendimentos:ler")

    body = answer.json()
    assert {name: body[name] for name in ("expires_in", "token_type", "scope")} == {
        "expires_in": 3600,
        "token_type": "Bearer",
        "scope": "atendimentos:ler",
    }
    assert AccessToken.objects.get().token == ""
    assert "refresh_token" not in body


def test_client_secret_basic_is_understood(ninguem: Program) -> None:
    pair = base64.b64encode(f"{ninguem.integracao.client_id}:{ninguem.secret}".encode()).decode()

    answer = Client().post(
        "/oauth/token/", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {pair}"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        (
            {"grant_type": "password", "username": "bruno", "password": "x"},
            400,
            "unsupported_grant_type",
        ),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_secret": "errado"}, 401, "invalid_client"),
        ({"client_id": "ninguem"}, 401, "invalid_client"),
        ({"client_id": "a\x00b"}, 400, "invalid_request"),
        ({"client_secret": "\x00"}, 400, "invalid_request"),
        ({"scope": "tudo"}, 400, "invalid_scope"),
        ({"scope": "\x00"}, 400, "invalid_request"),
        ({"client_id": "\ud800".encode("utf-8", "surrogatepass")}, 401, "invalid_client"),
    ],
)
def test_what_gives_no_token(ninguem: Program, changes: dict[str, str], status: int, error: str) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": ninguem.integracao.client_id,
        "client_secret": ninguem.secret,
    }

    answer = Client().post("/oauth/token/", form | changes)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert AccessToken.objects.count() == 0


@pytest.mark.parametrize("path", ["authorize", "revoke_token", "introspect", "applications", "authorized_tokens"])
def test_no_other_page_of_the_oauth_library_is_open(db: None, path: str) -> None:
    assert Client().get(f"/oauth/{path}/").status_code == 404


def test_a_token_is_not_given_by_get(db: None) -> None:
    assert Client().get("/oauth/token/").status_code == 405


def test_trying_secrets_is_slowed_down(ninguem: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "token", 2)
    with time_machine.travel(NOW, tick=False):
        answers = [ninguem.ask_token() for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"


def test_an_expired_token_is_refused(ninguem: Program) -> None:
    with time_machine.travel(NOW) as clock:
        ninguem.log_in()
        clock.shift(timedelta(seconds=3590))
        assert ninguem.get("/atendimentos/").status_code == 200
        clock.shift(timedelta(seconds=20))
        answer = ninguem.get("/atendimentos/")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x y", "Basic YTpi", "Token x", "Bearer \xff\xfe", "Bearer " + "x" * 5000]
)
def test_any_other_authorization_is_refused(db: None, header: str) -> None:
    answer = Client().get("/api/v1/atendimentos/", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["type"]) == (401, "/api/v1/docs/#nao-autenticado")


def test_the_last_use_is_shown_and_written_once_a_minute(ninguem: Program) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ninguem.log_in().get("/unidades/")
        clock.shift(30)
        ninguem.get("/unidades/")
        ninguem.integracao.refresh_from_db()
        assert ninguem.integracao.usada_em == NOW
        clock.shift(40)
        ninguem.get("/unidades/")

    ninguem.integracao.refresh_from_db()
    assert ninguem.integracao.usada_em == NOW + timedelta(seconds=70)
