"""Enrolling, the second step, replay, recovery, and the reset by an administrador."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from access.models import CodigoDeRecuperacao, Fator, RegistroDeAcesso, Sessao
from access.services.factors import WRONG_CODE, remove_factor, renew_codes, reset_second_factor, use_code
from accounts.models import Papel, User
from notifications.models import Mensagem
from tests.access.conftest import code, enrolled, factor_of, give, log_in, now
from tests.conftest import Cast
from workflow.errors import ActNotAllowed, ContentRefused

NEW, MINE = "/conta/segundo-fator/aplicativo/", "/conta/segundo-fator/"
STEP = "/entrar/segundo-fator/"


def facts(user: User) -> list[str]:
    return list(RegistroDeAcesso.objects.filter(usuario=user).order_by("id").values_list("fato", flat=True))


def secret_on(page: str) -> str:
    found = re.search(r'class="segredo">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def test_an_application_is_enrolled_and_asked_for_at_the_next_log_in(client: Client, cast: Cast) -> None:
    log_in(client)
    page = client.get(NEW).content.decode()
    secret = secret_on(page)
    assert "<svg" in page
    wrong = client.post(NEW, {"codigo": "000000" if code(secret) != "000000" else "111111"})
    assert (wrong.status_code, WRONG_CODE in wrong.content.decode()) == (422, True)
    assert secret_on(client.get(NEW).content.decode()) == secret
    done = client.post(NEW, {"codigo": code(secret)})
    codes = re.findall(r"<li><code>([A-Z2-9-]{14})</code>", done.content.decode())
    assert (done.status_code, len(set(codes))) == (200, 10)
    assert secret not in factor_of(cast.bruno).segredo
    other = Client()
    step = log_in(other, next="/atendimentos/")
    assert (step["Location"], other.get("/").status_code) == (STEP, 302)
    assert "Confirme que é você" in other.get(STEP).content.decode()
    arrived = other.post(STEP, {"codigo": code(secret, 1)})
    assert (arrived.status_code, arrived["Location"]) == (302, "/atendimentos/")
    assert other.get("/").status_code == 200
    assert facts(cast.bruno) == ["entrada", "fator_incluido", "entrada"]
    told = Mensagem.objects.get(assunto="Um segundo fator foi incluído na sua conta")
    assert (told.endereco, secret in told.corpo) == ("bruno@example.org", False)


def test_a_code_is_taken_once_in_whatever_browser(client: Client, cast: Cast) -> None:
    secret, _ = enrolled(cast.bruno)
    log_in(client)
    assert client.post(STEP, {"codigo": code(secret)}).status_code == 302
    other = Client()
    log_in(other)
    again = other.post(STEP, {"codigo": code(secret)})
    assert (again.status_code, "já foi usado" in again.content.decode()) == (200, True)
    assert other.get("/").status_code == 302


def test_an_earlier_code_is_dead_when_a_later_one_was_used(cast: Cast) -> None:
    secret, _ = enrolled(cast.bruno)
    assert use_code(code=code(secret, 1), by=cast.bruno, at=now()) == "aplicativo"
    assert use_code(code=code(secret), by=cast.bruno, at=now()) == ""


def test_a_recovery_code_lets_in_once(client: Client, cast: Cast) -> None:
    _, codes = enrolled(cast.bruno)
    log_in(client)
    assert client.post(STEP, {"codigo": f"{codes[3][:4].lower()}-{codes[3][4:]}"}).status_code == 302
    other = Client()
    log_in(other)
    assert other.post(STEP, {"codigo": codes[3]}).status_code == 200
    assert CodigoDeRecuperacao.objects.filter(usuario=cast.bruno, usado_em=None).count() == 9
    assert "codigo_usado" in facts(cast.bruno)


def test_new_recovery_codes_kill_the_old(cast: Cast) -> None:
    _, old = enrolled(cast.bruno)
    new = renew_codes(by=cast.bruno, at=now())
    assert [use_code(code=text, by=cast.bruno, at=now()) for text in (old[0], new[0])] == ["", "recuperacao"]


def test_codes_come_with_a_factor_only(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="Inclua primeiro"):
        renew_codes(by=cast.bruno, at=now())


def test_a_second_application_is_refused(client: Client, cast: Cast) -> None:
    secret, _ = enrolled(cast.bruno)
    log_in(client)
    client.post(STEP, {"codigo": code(secret)})
    fresh = secret_on(client.get(NEW).content.decode())
    refused = client.post(NEW, {"codigo": code(fresh)})
    assert (refused.status_code, "Já há um aplicativo" in refused.content.decode()) == (422, True)


def test_five_wrong_codes_shut_the_door_even_for_the_right_one(client: Client, cast: Cast) -> None:
    secret, _ = enrolled(cast.bruno)
    log_in(client)
    answers = [client.post(STEP, {"codigo": "12345"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(STEP, {"codigo": code(secret)}).status_code == 429
    assert log_in(Client()).status_code == 429
    assert facts(cast.bruno).count("bloqueio") == 1
    assert Mensagem.objects.filter(assunto__startswith="O acesso à sua conta foi suspenso").count() == 1


def test_the_second_step_belongs_to_who_gave_the_password(client: Client, cast: Cast) -> None:
    secret, _ = enrolled(cast.bruno)
    assert client.get(STEP)["Location"] == "/entrar/"
    assert client.post(STEP, {"codigo": code(secret)})["Location"] == "/entrar/"
    log_in(client)
    with time_machine.travel(now().timestamp() + 11 * 60):
        assert client.post(STEP, {"codigo": code(secret)})["Location"] == "/entrar/"


def test_a_password_changed_between_the_steps_ends_the_first(client: Client, cast: Cast) -> None:
    secret, _ = enrolled(cast.bruno)
    log_in(client)
    cast.bruno.set_password("outra senha comprida")
    cast.bruno.save()
    assert client.post(STEP, {"codigo": code(secret)})["Location"] == "/entrar/"


def test_the_session_of_the_first_step_is_another_than_that_of_the_second(client: Client, cast: Cast) -> None:
    secret, _ = enrolled(cast.bruno)
    log_in(client)
    before = client.cookies["sessionid"].value
    client.post(STEP, {"codigo": code(secret)})
    assert client.cookies["sessionid"].value != before
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get("/").status_code == 302


def test_factors_change_only_for_who_gave_the_password_lately(client: Client, cast: Cast) -> None:
    log_in(client)
    with time_machine.travel(now().timestamp() + 11 * 60):
        assert client.get(NEW)["Location"] == f"/conta/confirmar/?next={NEW}"
        wrong = client.post("/conta/confirmar/", {"senha": "errada", "next": NEW})
        assert (wrong.status_code, "A senha não confere" in wrong.content.decode()) == (422, True)
        assert client.post("/conta/confirmar/", {"senha": "senha-de-teste-1", "next": NEW})["Location"] == NEW
        assert client.get(NEW).status_code == 200
        away = client.post("/conta/confirmar/", {"senha": "senha-de-teste-1", "next": "https://evil.example/"})
        assert away["Location"] == "/conta/"


def test_a_factor_is_taken_away_by_its_owner_alone(client: Client, cast: Cast) -> None:
    enrolled(cast.dora)
    log_in(client)
    row = factor_of(cast.dora)
    assert client.post(f"{MINE}{row.pk}/retirar/").status_code == 404
    remove_factor(fator=row, by=cast.dora, at=now())
    assert (Fator.objects.count(), CodigoDeRecuperacao.objects.count()) == (0, 0)
    assert "fator_retirado" in facts(cast.dora)


def test_the_last_factor_of_who_must_have_one_stays(cast: Cast, setting) -> None:
    enrolled(cast.edu)
    setting(SEGUNDO_FATOR="obrigatorio")
    with pytest.raises(ActNotAllowed, match="Inclua outro antes"):
        remove_factor(fator=factor_of(cast.edu), by=cast.edu, at=now())


def test_an_administrador_resets_it_with_a_reason(client: Client, cast: Cast, adm: User) -> None:
    enrolled(cast.bruno)
    client.force_login(cast.bruno, backend="django.contrib.auth.backends.ModelBackend")
    reset_second_factor(usuario=cast.bruno, motivo="perdeu o celular no ônibus", by=adm, at=now())
    assert (Fator.objects.count(), CodigoDeRecuperacao.objects.count()) == (0, 0)
    assert client.get("/").status_code == 302
    row = RegistroDeAcesso.objects.get(fato="fator_redefinido")
    assert (row.por, row.detalhe) == (adm, "Ademir Administrador: perdeu o celular no ônibus")
    assert Mensagem.objects.filter(assunto__contains="redefinido por um administrador").count() == 1


@pytest.mark.parametrize("motivo", ["", "perdeu", "x y"])
def test_a_reset_needs_a_reason_in_words(cast: Cast, adm: User, motivo: str) -> None:
    enrolled(cast.bruno)
    with pytest.raises(ContentRefused, match="Escreva o motivo"):
        reset_second_factor(usuario=cast.bruno, motivo=motivo, by=adm, at=now())


def test_who_may_not_reset(cast: Cast, adm: User) -> None:
    two_places = User.objects.create_user("duda", nome="Duda de Dois Postos")
    for person in (cast.bruno, adm, cast.eva, two_places):
        enrolled(person)
    for unidade in (cast.unidade, cast.outra):
        two_places.atribuicoes.create(unidade=unidade, papel=Papel.ATENDENTE)
    give(cast.eva, Papel.COORDENADOR, cast)
    foreign = User.objects.create_user("fora", nome="Fora")
    foreign.atribuicoes.create(unidade=cast.outra, papel=Papel.ADMINISTRADOR)
    for by, whom, said in (
        (cast.dora, cast.bruno, "Só um administrador"),
        (foreign, cast.bruno, "Só um administrador"),
        (foreign, two_places, "de todas as unidades desta pessoa"),
        (adm, two_places, "de todas as unidades desta pessoa"),
        (adm, adm, "Ninguém redefine o próprio"),
        (adm, cast.dora, "não tem segundo fator"),
    ):
        with pytest.raises(ActNotAllowed, match=said):
            reset_second_factor(usuario=whom, motivo="perdeu o celular ontem", by=by, at=now())
    assert Fator.objects.count() == 4


def test_the_machines_operator_resets_by_a_command(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    enrolled(cast.edu)
    call_command("redefinir_segundo_fator", "edu", motivo="único administrador perdeu tudo")
    assert "O segundo fator de Edu Autoridade foi retirado" in capsys.readouterr().out
    assert RegistroDeAcesso.objects.get(fato="fator_redefinido").por.usuario == "sistema"
    with pytest.raises(CommandError, match="não tem segundo fator"):
        call_command("redefinir_segundo_fator", "edu", motivo="outra vez o mesmo")
    with pytest.raises(CommandError, match="Não há usuário «ninguem»"):
        call_command("redefinir_segundo_fator", "ninguem", motivo="perdeu o celular")


def test_what_happened_is_not_rewritten(cast: Cast) -> None:
    enrolled(cast.bruno)
    for act in (lambda rows: rows.update(detalhe="x"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="só cresce"), transaction.atomic():
            act(RegistroDeAcesso.objects.all())


def test_the_page_of_factors_counts_its_queries(client: Client, cast: Cast, django_assert_num_queries) -> None:
    client.force_login(cast.bruno, backend="django.contrib.auth.backends.ModelBackend")
    for wanted in (1, 3):
        for number in range(Fator.objects.count(), wanted):
            Fator.objects.create(
                usuario=cast.bruno, tipo="chave", nome=f"Chave {number}", credencial=f"c{number}", criado_em=now()
            )
        with django_assert_num_queries(5):
            client.get(MINE)
    assert Sessao.objects.count() == 1
