"""Who works here: registered, given papéis, deactivated, by whom and by whom not."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from access.models import RegistroDeAcesso
from access.services import people
from accounts.models import SYSTEM_LOGIN, Atribuicao, Papel, User
from notifications.models import Mensagem
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused


def administrador(usuario: str, *unidades: Any) -> User:
    user = User.objects.create_user(usuario, "senha-de-teste-1", nome=usuario.title(), email=f"{usuario}@example.org")
    Atribuicao.objects.bulk_create(Atribuicao(user=user, unidade=one, papel=Papel.ADMINISTRADOR) for one in unidades)
    return user


@pytest.fixture
def rui(cast: Cast) -> User:
    """Administrador of the office, not of the one elsewhere."""
    return administrador("rui", cast.unidade)


def create(rui: User, cast: Cast, **changed: Any) -> User:
    told = {
        "usuario": "Gil.Souza", "nome": " Gil Souza ", "email": "gil@example.org", "unidade": cast.unidade,
        "papeis": ["atendente"], "by": rui, "at": NOW,
    }  # fmt: skip
    return people.create_person(**{**told, **changed})


def test_who_is_registered_chooses_a_password_by_the_link(cast: Cast, rui: User) -> None:
    gil = create(rui, cast, papeis=["atendente", "conciliador"])

    assert (gil.usuario, gil.nome, gil.has_usable_password()) == ("gil.souza", "Gil Souza", False)
    assert gil.papeis_em(cast.unidade.pk) == {"atendente", "conciliador"}
    letter = Mensagem.objects.get()
    way = re.search(r"https?://[^/]+(/senha/nova/\S+)", letter.corpo)
    assert (letter.endereco, letter.assunto) == ("gil@example.org", "Defina sua senha")
    browser = Client()
    page = browser.get(way[1], follow=True)  # type: ignore[index]
    new = {"nova": "uma frase bem comprida", "repetida": "uma frase bem comprida"}
    browser.post(page.redirect_chain[-1][0], new)
    assert User.objects.get(pk=gil.pk).check_password(new["nova"])
    facts = RegistroDeAcesso.objects.filter(usuario=gil, por=rui).order_by("id").values_list("fato", "detalhe")
    assert list(facts) == [
        ("conta_criada", "Procon Centro: Atendente, Conciliador, por Rui"),
        ("senha_pedida", "link enviado por Rui"),
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"usuario": "bruno"}, "Já há o usuário «bruno»"),
        ({"usuario": "BRUNO"}, "Já há o usuário «bruno»"),
        ({"usuario": "gil souza"}, "uma palavra só"),
        ({"usuario": "integracao:x"}, "uma palavra só"),
        ({"usuario": SYSTEM_LOGIN}, "uma palavra só"),
        ({"nome": " "}, "Escreva o nome"),
        ({"email": ""}, "Escreva o e-mail"),
        ({"papeis": []}, "Escolha ao menos um papel"),
        ({"papeis": ["integracao"]}, "Escolha ao menos um papel"),
        ({"papeis": ["sistema"]}, "Escolha ao menos um papel"),
    ],
)
def test_what_cannot_be_registered_is_told(cast: Cast, rui: User, changed: dict[str, Any], sentence: str) -> None:
    before = User.objects.count()
    with pytest.raises(ContentRefused, match=sentence):
        create(rui, cast, **changed)
    assert (User.objects.count(), Mensagem.objects.count()) == (before, 0)


def test_nobody_is_registered_where_one_does_not_administer(cast: Cast, rui: User) -> None:
    for changed in ({"unidade": cast.outra}, {"by": cast.dora}):
        with pytest.raises(ActNotAllowed, match="Cabe ao administrador"):
            create(rui, cast, **changed)


def test_papeis_change_at_once_and_the_person_is_told(cast: Cast, rui: User) -> None:
    people.set_papeis(pessoa=cast.bruno, unidade=cast.unidade, papeis=["conciliador"], by=rui, at=NOW)

    assert User.objects.get(pk=cast.bruno.pk).papeis == {"conciliador"}
    fact = RegistroDeAcesso.objects.get()
    assert (fact.fato, fact.detalhe) == ("papeis", "Procon Centro: Atendente → Conciliador, por Rui")
    assert Mensagem.objects.get().assunto == "Seus papéis no sistema mudaram"


def test_nobody_changes_their_own_papeis_nor_a_program(cast: Cast, rui: User) -> None:
    with pytest.raises(ActNotAllowed, match="os próprios papéis"):
        people.set_papeis(pessoa=rui, unidade=cast.unidade, papeis=["auditor"], by=rui, at=NOW)
    program = User.objects.create_user("integracao:portal", nome="Portal")
    Atribuicao.objects.create(user=program, unidade=cast.unidade, papel=Papel.INTEGRACAO)
    with pytest.raises(ActNotAllowed, match="de um programa"):
        people.set_papeis(pessoa=program, unidade=cast.unidade, papeis=["auditor"], by=rui, at=NOW)
    with pytest.raises(ActNotAllowed, match="de um programa"):
        people.deactivate(pessoa=program, motivo="não se usa mais", by=rui, at=NOW)


def test_what_holds_everywhere_is_for_who_administers_everywhere(cast: Cast, rui: User) -> None:
    Atribuicao.objects.create(user=cast.bruno, unidade=cast.outra, papel=Papel.AUTORIDADE)
    for act in (
        lambda by: people.change_person(pessoa=cast.bruno, nome="Bruno", email="meu@example.org", by=by, at=NOW),
        lambda by: people.resend_link(pessoa=cast.bruno, by=by, at=NOW),
        lambda by: people.deactivate(pessoa=cast.bruno, motivo="deixou o Procon", by=by, at=NOW),
    ):
        with pytest.raises(ActNotAllowed, match="de todas as unidades"):
            act(rui)
        act(administrador(f"a{User.objects.count()}", cast.unidade, cast.outra))
    assert User.objects.get(pk=cast.bruno.pk).is_active is False


def test_the_old_address_is_told_of_the_new_one(cast: Cast, rui: User) -> None:
    people.change_person(pessoa=cast.bruno, nome="Bruno Lima", email="novo@example.org", by=rui, at=NOW)

    bruno = User.objects.get(pk=cast.bruno.pk)
    assert (bruno.nome, bruno.email) == ("Bruno Lima", "novo@example.org")
    assert Mensagem.objects.get().endereco == "bruno@example.org"


def test_deactivating_ends_the_sessions_and_reactivating_asks_for_a_new_password(cast: Cast, rui: User) -> None:
    browser = logged_in(cast.bruno)
    with pytest.raises(ContentRefused, match="Escreva o motivo"):
        people.deactivate(pessoa=cast.bruno, motivo="saiu", by=rui, at=NOW)

    people.deactivate(pessoa=cast.bruno, motivo="deixou o Procon", by=rui, at=NOW)

    assert browser.get("/atendimentos/").status_code == 302
    with pytest.raises(ActNotAllowed, match="já está desativada"):
        people.deactivate(pessoa=cast.bruno, motivo="deixou o Procon", by=rui, at=NOW)
    with pytest.raises(ActNotAllowed, match="está desativada"):
        people.resend_link(pessoa=cast.bruno, by=rui, at=NOW)
    people.reactivate(pessoa=cast.bruno, by=rui, at=NOW)
    bruno = User.objects.get(pk=cast.bruno.pk)
    assert (bruno.is_active, bruno.has_usable_password()) == (True, False)
    assert Mensagem.objects.filter(assunto="Defina sua senha").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_each_others_papel_away_one_is_left(cast: Cast) -> None:
    both = [administrador(name, cast.unidade) for name in ("rui", "sara")]
    start = Barrier(2)

    def demote(turn: int) -> str:
        start.wait(60)
        try:
            people.set_papeis(pessoa=both[1 - turn], unidade=cast.unidade, papeis=[], by=both[turn], at=NOW)
        except ActNotAllowed as refusal:
            return refusal.message[:21]
        finally:
            connection.close()
        return ""

    assert all(one.papeis for one in both)
    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(demote, range(2)))

    assert said == ["", "Cabe ao administrador"]
    assert Atribuicao.objects.filter(papel=Papel.ADMINISTRADOR).count() == 1


class TestPages:
    """What an administrador sees, and nobody else."""

    def test_others_find_no_page(self, cast: Cast) -> None:
        for person in (cast.bruno, cast.dora, cast.edu):
            browser = logged_in(person)
            for path in ("/cadastros/usuarios/", "/cadastros/usuarios/novo/", f"/cadastros/usuarios/{cast.bruno.pk}/"):
                assert browser.get(path).status_code == 404

    def test_people_of_elsewhere_are_not_found(self, cast: Cast, rui: User) -> None:
        browser = logged_in(rui)
        for path in ("", "papeis/1/", "corrigir/", "desativar/", "segundo-fator/"):
            assert browser.get(f"/cadastros/usuarios/{cast.eva.pk}/{path}").status_code == 404
        assert b"Eva de Fora" not in browser.get("/cadastros/usuarios/?situacao=todas").content

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ("q=br%C3%BAno", ["Bruno Atendente"]),
            ("papel=autoridade", ["Edu Autoridade"]),
            ("situacao=desativadas", ["Dora Coordenadora"]),
            ("q=ninguem", []),
        ],
    )
    def test_who_is_looked_for_is_found(self, cast: Cast, rui: User, asked: str, names: list[str]) -> None:
        User.objects.filter(pk=cast.dora.pk).update(is_active=False)
        Atribuicao.objects.create(
            user=cast.bruno, unidade=cast.unidade, papel=Papel.CONCILIADOR
        )  # named once all the same
        page = logged_in(rui).get(f"/cadastros/usuarios/?{asked}").content.decode()
        assert re.findall(r'data-rotulo="Nome"><a[^>]*>([^<]+)<', page) == names

    def test_the_list_costs_the_same_with_more_people(
        self, cast: Cast, rui: User, django_assert_num_queries: Any
    ) -> None:
        browser = logged_in(rui)
        browser.get("/cadastros/usuarios/")
        with django_assert_num_queries(5):
            browser.get("/cadastros/usuarios/?papel=autoridade")
        with django_assert_num_queries(5):
            browser.get("/cadastros/usuarios/")

    def test_a_refusal_is_told_beside_the_field(self, cast: Cast, rui: User) -> None:
        told = {"usuario": "bruno", "nome": "Outro", "email": "o@example.org", "unidade": cast.unidade.pk}
        page = logged_in(rui).post("/cadastros/usuarios/novo/", {**told, "papeis": ["atendente"]})
        assert (page.status_code, "Já existe. Escolha outro." in page.content.decode()) == (422, True)
        elsewhere = {**told, "usuario": "gil", "unidade": cast.outra.pk, "papeis": ["atendente"]}
        assert logged_in(rui).post("/cadastros/usuarios/novo/", elsewhere).status_code == 422

    def test_registering_correcting_papeis_and_leaving_by_the_pages(self, cast: Cast, rui: User) -> None:
        browser = logged_in(rui)
        told = {"usuario": "gil", "nome": "Gil", "email": "g@example.org", "unidade": cast.unidade.pk}
        way = browser.post("/cadastros/usuarios/novo/", {**told, "papeis": ["atendente"]})["Location"]
        browser.post(f"{way}corrigir/", {"nome": "Gil Souza", "email": "g@example.org"})
        browser.post(f"{way}papeis/{cast.unidade.pk}/", {"papeis": ["auditor"]})
        browser.post(f"{way}link/")
        browser.post(f"{way}desativar/", {"motivo": "deixou o Procon"})
        gil = User.objects.get(usuario="gil")
        assert (gil.nome, gil.papeis, gil.is_active) == ("Gil Souza", {"auditor"}, False)
        browser.post(f"{way}reativar/")
        assert User.objects.get(pk=gil.pk).is_active
        assert browser.get(way).status_code == 200

    def test_everybody_reads_who_may_do_what(self, cast: Cast) -> None:
        page = logged_in(cast.bruno).get("/quem-pode/").content.decode()
        assert page.count("você") == 6
        assert "Emitir CIP" in page
