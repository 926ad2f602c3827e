"""Filters that people keep: named, ordered, shared by a coordenador, one of them opening the list."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import FiltroSalvo
from cases.services import saved
from tests.browsing import logged_in
from tests.conftest import Cast
from workflow.errors import ActNotAllowed, ContentRefused

LIST = "/atendimentos/"


def keep(cast: Cast, nome: str, consulta: str = "status=aberto", **extra: object) -> FiltroSalvo:
    return saved.save_filter(**{"nome": nome, "consulta": consulta, "by": cast.bruno, **extra})


def names(client: Client) -> list[str]:
    return [item.nome for item in client.get(f"{LIST}?ordem=recentes").context["salvos"]]


def test_a_filter_is_kept_without_what_was_typed_or_names_a_person(cast: Cast) -> None:
    typed = "q=ana+souza&status=aberto&busca=x&consumidor=7&depois=abc&contar=1&tipo=calculo"
    assert keep(cast, "  Meus   abertos ", typed).consulta == "status=aberto&tipo=calculo"


def test_the_page_keeps_it_and_opens_it(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    done = bruno.post(f"{LIST}filtros/", {"nome": "Abertos", "consulta": "status=aberto"})
    page = bruno.get(f"{LIST}?ordem=recentes").content.decode()
    assert (done.status_code, done["Location"]) == (302, f"{LIST}?status=aberto")
    assert f'href="{LIST}?status=aberto" data-tecla="1"' in page


def test_it_is_seen_by_its_owner_alone(cast: Cast) -> None:
    keep(cast, "Abertos")
    assert (names(logged_in(cast.bruno)), names(logged_in(cast.dora))) == (["Abertos"], [])


def test_a_coordenador_shares_with_the_unidade_and_not_beyond(cast: Cast) -> None:
    keep(cast, "Da casa", by=cast.dora, unidade=cast.unidade)
    assert (names(logged_in(cast.bruno)), names(logged_in(cast.eva))) == (["Da casa"], [])


def test_an_atendente_does_not_share(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="partilhar um filtro"):
        keep(cast, "Da casa", unidade=cast.unidade)


@pytest.mark.parametrize("nome", ["", "  ", "x" * 61])
def test_a_name_is_needed_and_short(cast: Cast, nome: str) -> None:
    with pytest.raises(ContentRefused, match="nome de até 60"):
        keep(cast, nome)


def test_a_name_twice_is_refused(cast: Cast) -> None:
    keep(cast, "Abertos")
    with pytest.raises(ActNotAllowed, match="já tem um filtro com este nome"):
        keep(cast, "Abertos")


def test_forty_are_enough(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    keep(cast, "Um")
    with pytest.raises(ContentRefused, match="Exclua um"):
        keep(cast, "Dois")


def test_the_list_opens_with_the_default_until_told_otherwise(cast: Cast) -> None:
    kept = keep(cast, "Abertos", padrao=True)
    bruno = logged_in(cast.bruno)
    assert bruno.get(LIST)["Location"] == f"{LIST}?status=aberto"
    bruno.post(f"{LIST}filtros/{kept.pk}/padrao/")
    assert bruno.get(LIST).status_code == 200


def test_there_is_one_default(cast: Cast) -> None:
    keep(cast, "Um", padrao=True)
    second = keep(cast, "Dois", padrao=True)
    assert list(cast.bruno.filtros.filter(padrao=True)) == [second]


def test_they_are_put_in_order(cast: Cast) -> None:
    for name in ("Um", "Dois", "Três"):
        keep(cast, name)
    bruno = logged_in(cast.bruno)
    bruno.post(f"{LIST}filtros/{FiltroSalvo.objects.get(nome='Três').pk}/subir/")
    assert names(bruno) == ["Um", "Três", "Dois"]


@pytest.mark.parametrize(("who", "status", "left"), [("bruno", 302, 0), ("dora", 404, 1), ("eva", 404, 1)])
def test_only_its_owner_forgets_it(cast: Cast, who: str, status: int, left: int) -> None:
    kept = keep(cast, "Abertos")
    answer = logged_in(getattr(cast, who)).post(f"{LIST}filtros/{kept.pk}/excluir/")
    assert (answer.status_code, FiltroSalvo.objects.count()) == (status, left)


def test_a_shared_one_is_not_anothers_to_change(cast: Cast) -> None:
    kept = keep(cast, "Da casa", by=cast.dora, unidade=cast.unidade)
    assert logged_in(cast.bruno).post(f"{LIST}filtros/{kept.pk}/excluir/").status_code == 409
