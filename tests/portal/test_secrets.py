"""Another secret, an end, other scopes and limits: by the service, at the terminal, on the administrador's pages."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings as office
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import AccessToken

from accounts.models import Atribuicao, Papel, User
from portal.api.throttling import seconds_to_wait
from portal.models import Integracao
from portal.scopes import ATENDIMENTOS_LER, ESTATISTICAS_LER
from portal.services import (
    change_integration,
    create_integration,
    restore_integration,
    revoke_integration,
    rotate_secret,
)
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, make_program
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

DAY = timedelta(days=1)
LIST = "/cadastros/integracoes/"


@pytest.fixture
def rui(cast: Cast) -> User:
    """The administrador."""
    user = User.objects.create_user("rui", "senha-de-teste-1", nome="Rui Administrador", email="rui@example.org")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    return user


@pytest.fixture
def desk(rui: User) -> Client:
    client = Client()
    client.force_login(rui)
    return client


def _again(program: Program, secret: str) -> int:
    status: int = Program(program.integracao, secret).ask_token().status_code
    return status


def _words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_after_a_change_both_secrets_are_taken_until_the_old_one_dies(cidade: Program, rui: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        made = rotate_secret(integracao=cidade.integracao, overlap=DAY, by=rui, at=NOW)
        assert (_again(cidade, cidade.secret), _again(cidade, made.client_secret), _again(cidade, "x")) == (
            200,
            200,
            401,
        )
        clock.shift(DAY - timedelta(seconds=1))
        assert _again(cidade, cidade.secret) == 200
        clock.shift(1)
        assert (_again(cidade, cidade.secret), _again(cidade, made.client_secret)) == (401, 200)
    assert made.client_secret not in str(list(Integracao.objects.values()))


def test_a_second_change_kills_the_first_secret(cidade: Program, rui: User) -> None:
    first = rotate_secret(integracao=cidade.integracao, overlap=DAY, by=rui, at=NOW)
    second = rotate_secret(integracao=cidade.integracao, overlap=DAY, by=rui, at=NOW)

    with time_machine.travel(NOW, tick=False):
        statuses = [_again(cidade, secret) for secret in (cidade.secret, first.client_secret, second.client_secret)]
    assert statuses == [401, 200, 200]


def test_a_secret_that_leaked_dies_at_once_with_every_token(cidade: Program, vizinha: Program, rui: User) -> None:
    rotate_secret(integracao=cidade.integracao, overlap=timedelta(0), by=rui, at=NOW)

    assert (_again(cidade, cidade.secret), cidade.get("/unidades/").status_code) == (401, 401)
    assert vizinha.get("/unidades/").status_code == 200


def test_revoked_is_over_at_once_and_taken_back_with_another_secret(
    cidade: Program, vizinha: Program, rui: User
) -> None:
    rotate_secret(integracao=cidade.integracao, overlap=DAY, by=rui, at=NOW)
    revoke_integration(integracao=cidade.integracao, motivo="O contrato acabou.", by=rui, at=NOW)

    assert (_again(cidade, cidade.secret), cidade.get("/unidades/").status_code) == (401, 401)
    assert AccessToken.objects.filter(application=cidade.integracao).count() == 0
    assert vizinha.get("/unidades/").status_code == 200
    back = restore_integration(integracao=cidade.integracao, by=rui, at=NOW)
    assert (_again(cidade, cidade.secret), _again(cidade, back.client_secret)) == (401, 200)


def test_a_scope_that_is_taken_away_takes_the_tokens_with_it(cidade: Program, rui: User) -> None:
    more = [*cidade.integracao.escopos]
    change_integration(integracao=cidade.integracao, escopos=more, limite=50, by=rui, at=NOW)
    assert cidade.get("/unidades/").status_code == 200

    change_integration(integracao=cidade.integracao, escopos=[ESTATISTICAS_LER], limite=None, by=rui, at=NOW)
    assert cidade.get("/unidades/").status_code == 401
    assert cidade.log_in().get("/atendimentos/").status_code == 403


def test_a_client_has_a_limit_of_its_own(cidade: Program, vizinha: Program, rui: User) -> None:
    change_integration(integracao=cidade.integracao, escopos=cidade.integracao.escopos, limite=2, by=rui, at=NOW)
    with time_machine.travel(NOW + timedelta(seconds=45), tick=False):
        cidade.log_in()
        vizinha.log_in()
        mine = [cidade.get("/unidades/") for _ in range(3)]
        others = [vizinha.get("/unidades/").status_code for _ in range(3)]

    assert ([answer.status_code for answer in mine], others) == ([200, 200, 429], [200] * 3)
    assert mine[2]["Retry-After"] == "15"


def test_the_count_is_exact_under_a_hundred_requests_at_once(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": office.CACHE_URL}
    }
    who = uuid4().hex
    nearly = NOW + timedelta(seconds=59, milliseconds=900)
    with time_machine.travel(nearly, tick=False), ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: seconds_to_wait("integracao", who, 20), range(100)))

    assert sorted(waits) == [0] * 20 + [1] * 80


def test_every_act_is_recorded_with_who_did_it(cidade: Program, rui: User, cast: Cast) -> None:
    one = cidade.integracao
    rotate_secret(integracao=one, overlap=DAY, by=rui, at=NOW)
    change_integration(integracao=one, escopos=[ATENDIMENTOS_LER], limite=9, by=rui, at=NOW)
    revoke_integration(integracao=one, motivo="Fim.", by=rui, at=NOW)
    restore_integration(integracao=one, by=rui, at=NOW)

    told = list(Evento.objects.filter(historico=one.historico_id).values_list("ato", "autor__nome", "motivo"))
    assert told == [
        ("CRIAR_INTEGRACAO", "Sistema", ""),
        ("TROCAR_SEGREDO", "Rui Administrador", ""),
        ("ALTERAR_INTEGRACAO", "Rui Administrador", ""),
        ("REVOGAR_INTEGRACAO", "Rui Administrador", "Fim."),
        ("REATIVAR_INTEGRACAO", "Rui Administrador", ""),
    ]


def test_what_is_refused(cidade: Program, rui: User, cast: Cast) -> None:
    one: dict[str, Any] = {"integracao": cidade.integracao, "at": NOW}
    scopes = cidade.integracao.escopos
    with pytest.raises(ContentRefused, match="no máximo 30 dias"):
        rotate_secret(overlap=31 * DAY, by=rui, **one)
    with pytest.raises(ContentRefused, match="no máximo 30 dias"):
        rotate_secret(overlap=-DAY, by=rui, **one)
    with pytest.raises(ContentRefused, match="1 a 100000 pedidos"):
        change_integration(escopos=scopes, limite=0, by=rui, **one)
    with pytest.raises(ContentRefused, match="Escopo desconhecido: tudo"):
        change_integration(escopos=["tudo"], limite=None, by=rui, **one)
    with pytest.raises(ContentRefused, match="Escreva por que"):
        revoke_integration(motivo=" ", by=rui, **one)
    with pytest.raises(ActNotAllowed, match="não está revogada"):
        restore_integration(by=rui, **one)
    for act in (
        lambda: rotate_secret(overlap=DAY, by=cast.dora, **one),
        lambda: revoke_integration(motivo="x", by=cast.dora, **one),
        lambda: create_integration(nome="X", escopos=scopes, unidades=[cast.unidade], by=cast.dora, at=NOW),
    ):
        with pytest.raises(ActNotAllowed, match="são do administrador"):
            act()
    revoke_integration(motivo="Fim.", by=rui, **one)
    with pytest.raises(ActNotAllowed, match="foi revogada em 04/03/2026 às 10:00"):
        rotate_secret(overlap=DAY, by=rui, **one)
    assert Evento.objects.filter(historico=cidade.integracao.historico_id).count() == 2


def _command(*words: str) -> str:
    out = StringIO()
    call_command("integracao", *words, stdout=out)
    return out.getvalue()


def test_the_same_at_the_terminal(cidade: Program, cast: Cast) -> None:
    made = json.loads(_command("--json", "segredo", "portal DA cidade", "--horas", "0"))
    assert (_again(cidade, cidade.secret), _again(cidade, made["client_secret"])) == (401, 200)
    assert "Limite de «Portal da cidade»: 600" in _command("limite", "Portal da cidade", "600")
    [row] = json.loads(_command("--json", "listar"))
    assert (row["nome"], row["limite_por_minuto"], row["revogada_em"]) == ("Portal da cidade", 600, None)
    assert "foi revogada" in _command("revogar", "Portal da cidade", "--motivo", "Fim.")
    assert "revogada em" in _command("listar")
    with pytest.raises(CommandError, match="Reative-a antes"):
        _command("segredo", "Portal da cidade")
    lines = _command("reativar", "Portal da cidade").splitlines()
    assert lines[0] == f"client_id: {cidade.integracao.client_id}"
    assert _again(cidade, lines[1].removeprefix("client_secret: ")) == 200
    with pytest.raises(CommandError, match="Não há integração chamada «Outra»"):
        _command("reativar", "Outra")


def test_the_administrador_creates_one_and_sees_its_secret_once(desk: Client, cast: Cast) -> None:
    sent = {"nome": "Portal", "unidades": [cast.unidade.pk], "escopos": [ATENDIMENTOS_LER], "limite": "30"}
    answer = desk.post(f"{LIST}nova/", sent)

    one = Integracao.objects.get()
    secret = answer.context["segredo"]
    assert (answer.status_code, secret in _words(answer)) == (200, True)
    assert _again(Program(one, secret), secret) == 200
    page = desk.get(f"{LIST}{one.pk}/")
    assert secret not in _words(page)
    assert "Não lê os atendimentos do balcão nem os de outra integração." in _words(page)
    assert "30" in _words(desk.get(LIST))
    again = desk.post(f"{LIST}nova/", sent)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["nome"])
    wrong = desk.post(f"{LIST}nova/", {**sent, "nome": "Z", "unidades": [cast.outra.pk]})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["unidades"])


def test_the_administrador_rotates_changes_revokes_and_takes_back(desk: Client, cidade: Program, rui: User) -> None:
    page = f"{LIST}{cidade.integracao.pk}/"

    rotated = desk.post(f"{page}segredo/", {"horas": "24"})
    assert _again(cidade, rotated.context["segredo"]) == 200
    assert "ainda vale até" in _words(desk.get(page))
    assert desk.post(f"{page}segredo/", {"horas": "5"}).status_code == 422
    assert desk.post(f"{page}alterar/", {"escopos": [], "limite": "1"}).status_code == 422
    assert desk.post(f"{page}alterar/", {"escopos": [ESTATISTICAS_LER], "limite": "7"}).headers["Location"] == page
    bare = desk.post(f"{page}revogar/", {"motivo": "Fim."})
    assert (bare.status_code, "Marque que tem certeza." in _words(bare)) == (422, True)
    assert desk.post(f"{page}revogar/", {"motivo": "Fim.", "certeza": "on"}).headers["Location"] == page
    assert "Revogada em" in _words(desk.get(LIST))
    assert desk.post(f"{page}segredo/", {"horas": "24"}).status_code == 409
    back = desk.post(f"{page}reativar/")
    assert _again(cidade, back.context["segredo"]) == 200
    words = _words(desk.get(page))
    assert "Reativou com segredo novo" in words
    assert "estatisticas:ler; 7 pedidos por minuto." in words


def test_for_others_there_is_no_such_page(cidade: Program, cast: Cast, rui: User) -> None:
    Atribuicao.objects.filter(user=rui).update(unidade=cast.outra)
    client = Client()
    for user, listed in ((cast.dora, 404), (rui, 200)):
        client.force_login(user)
        assert client.get(LIST).status_code == listed
        assert client.get(f"{LIST}{cidade.integracao.pk}/").status_code == 404
        assert client.post(f"{LIST}{cidade.integracao.pk}/revogar/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(desk: Client, cast: Cast, count: int) -> None:
    for number in range(count):
        make_program(cast, f"Portal {number}")
    with CaptureQueriesContext(connection) as asked:
        desk.get(LIST)

    assert len(asked) == 4, [query["sql"][:90] for query in asked]
