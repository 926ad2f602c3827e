"""The office's service posts: made, changed, closed down, by whom and by whom not."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Atribuicao, Papel, Unidade, User
from cases.services import close_case, register
from cases.services.unidades import change_unidade, create_unidade, deactivate_unidade, reactivate_unidade
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.portal.conftest import make_subject
from workflow.errors import ActNotAllowed, ContentRefused

BASE = "/cadastros/unidades/"
SAID: dict[str, Any] = {
    "nome": "Procon Vila", "municipio": "3552502", "endereco": "Rua  B, 20", "telefone": "(11) 4642-0000",
    "email": "vila@example.org", "abre_as": time(8), "fecha_as": time(16),
}  # fmt: skip
TYPED = {**SAID, "codigo": "35.001.009", "municipio": "suzano (sp)", "abre_as": "08:00", "fecha_as": "16:00"}


@pytest.fixture
def rui(cast: Cast) -> User:
    """Administrador of the office, not of the one elsewhere."""
    user = User.objects.create_user("rui", nome="Rui Administrador", email="rui@example.org")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    return user


def _words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_new_unidade_is_administered_by_who_made_it(rui: User) -> None:
    client = logged_in(rui)
    answer = client.post(f"{BASE}nova/", TYPED)

    made = Unidade.objects.get(codigo="35.001.009")
    assert answer.headers["Location"] == f"{BASE}{made.pk}/"
    expected = {**SAID, "endereco": "Rua B, 20", "ativa": True}
    assert {name: getattr(made, name) for name in expected} == expected
    assert User.objects.get(pk=rui.pk).papeis_em(made.pk) == {"administrador"}
    assert 'value="Suzano (SP)"' in _words(logged_in(User.objects.get(pk=rui.pk)).get(f"{BASE}{made.pk}/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"codigo": "35.001.001"}, "Já há uma unidade com o código 35.001.001."),
        ({"codigo": "35001009"}, "Escreva como 35.001.001"),
        ({"municipio": "Lugar Nenhum"}, "Município desconhecido."),
        ({"fecha_as": "08:00"}, "O expediente termina antes de começar."),
        ({"nome": ""}, "Este campo é obrigatório."),
    ],
)
def test_what_cannot_be_a_unidade_is_refused_with_the_rest_kept(rui: User, wrong: dict[str, str], said: str) -> None:
    answer = logged_in(rui).post(f"{BASE}nova/", {**TYPED, **wrong})

    words = _words(answer)
    assert (answer.status_code, said in words, 'value="vila@example.org"' in words) == (422, True, True)
    assert Unidade.objects.count() == 2


def test_a_change_is_seen_where_it_counts_and_the_earlier_row_is_kept_by_the_database(rui: User, cast: Cast) -> None:
    office = cast.unidade
    assert (office.onde, office.fone) != ("Rua B, 20", "(11) 4642-0000")
    client = logged_in(rui)

    assert client.post(f"{BASE}{office.pk}/", TYPED).status_code == 302
    Unidade.objects.filter(pk=office.pk).update(telefone="(11) 4642-0001")

    office.refresh_from_db()
    assert (office.codigo, office.onde, office.fone) == ("35.001.001", "Rua B, 20", "(11) 4642-0001")
    kept = office.versoes.order_by("pgh_id")
    assert list(kept.values_list("nome", "telefone")) == [("Procon Centro", ""), ("Procon Vila", "(11) 4642-0000")]
    assert kept[0].pgh_context["user"] == rui.pk
    words = _words(client.get(f"{BASE}{office.pk}/"))
    assert "Procon Centro" in words
    assert "Rui Administrador" in words


def test_it_is_deactivated_once_no_case_is_open_and_registers_nothing_then(rui: User, cast: Cast) -> None:
    call_command("carregar_calendario", verbosity=0)
    how: dict[str, Any] = {"by": cast.bruno, "at": NOW, "unidade": cast.unidade, "canal": "pessoal"}
    said: dict[str, Any] = {"consumidor": cast.ana, "fornecedores": [cast.loja], "assunto": make_subject()}
    case = register(tipo="atendimento_preliminar", relato="Cobraram.", **said, **how)
    client, page = logged_in(rui), f"{BASE}{cast.unidade.pk}/"
    assert "Só depois de encerrar os atendimentos em aberto: há um." in _words(client.get(page))
    with pytest.raises(ActNotAllowed, match="há 1 atendimento que não está encerrado"):
        deactivate_unidade(unidade=cast.unidade, by=rui)
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)

    assert client.post(f"{page}desativar/").headers["Location"] == page
    cast.unidade.refresh_from_db()
    with pytest.raises(ActNotAllowed, match="está desativada, e nada se registra ali"):
        register(tipo="simples_consulta", **how)
    assert logged_in(cast.bruno).get(case.get_absolute_url()).status_code == 200
    assert client.post(f"{page}desativar/").status_code == 409
    assert client.post(f"{page}reativar/").status_code == 302
    register(tipo="simples_consulta", **{**how, "unidade": Unidade.objects.get(pk=cast.unidade.pk)})


def test_the_last_one_stays_and_an_active_one_is_not_reactivated(rui: User, cast: Cast) -> None:
    cast.outra.ativa = False
    cast.outra.save()

    with pytest.raises(ActNotAllowed, match="única unidade ativa"):
        deactivate_unidade(unidade=cast.unidade, by=rui)
    with pytest.raises(ActNotAllowed, match="já está ativa"):
        reactivate_unidade(unidade=cast.unidade, by=rui)


def test_who_does_not_administer_it_finds_no_page_and_is_refused(rui: User, cast: Cast) -> None:
    for client in (logged_in(cast.dora), logged_in(cast.bruno)):
        assert [client.get(path).status_code for path in (BASE, f"{BASE}nova/", f"{BASE}{cast.unidade.pk}/")] == [
            404
        ] * 3
    assert logged_in(rui).get(f"{BASE}{cast.outra.pk}/").status_code == 404
    assert logged_in(rui).post(f"{BASE}{cast.outra.pk}/desativar/").status_code == 404
    with pytest.raises(ActNotAllowed, match="Cabe ao administrador criar"):
        create_unidade(codigo="35.001.009", by=cast.dora, at=NOW, **SAID)
    for act in (deactivate_unidade, reactivate_unidade, lambda **how: change_unidade(**SAID, **how)):
        with pytest.raises(ActNotAllowed, match="Cabe ao administrador de"):
            act(unidade=cast.outra, by=rui)


def test_an_unknown_municipality_is_refused_by_the_service_too(rui: User, cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="Escreva o município atendido"):
        change_unidade(unidade=cast.unidade, by=rui, **{**SAID, "municipio": "0000000"})


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_one_as_for_three(rui: User, cast: Cast, more: int) -> None:
    for number in range(more):
        create_unidade(codigo=f"35.001.10{number}", by=rui, at=NOW, **SAID)
    client = logged_in(User.objects.get(pk=rui.pk))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(BASE)

    assert (answer.content.count(b'data-rotulo="Unidade"'), len(asked)) == (more + 1, 4)
