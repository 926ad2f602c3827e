"""Drafts: kept while typing, given back to their owner alone, gone with the case."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from cases.models import Assunto, Atendimento, Rascunho
from cases.services.drafts import AT_MOST, KEPT_FOR, forget_old_drafts, save_draft
from tests.browsing import logged_in
from tests.cases.test_pages_intake import NEW, told
from tests.conftest import NOW, Cast
from workflow.errors import ContentRefused

PAGE = "7b0d4c0e-8a55-4f2c-9d6e-2f1b6d7c9a10"
KEEP = f"{NEW}rascunho/"


@pytest.fixture
def now() -> object:
    return timezone.now()  # noqa: TID251  the pages read the real clock


def test_what_is_typed_is_kept_and_given_back(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    first = bruno.post(KEEP, {**told(cast), "envio": PAGE, "relato": "Cobraram"})
    bruno.post(KEEP, {**told(cast), "envio": PAGE})
    assert (first.status_code, Rascunho.objects.count()) == (200, 1)
    listed = bruno.get(NEW).content.decode()
    assert "Continuar o rascunho de" in listed
    assert "Ana Souza · Telefonia Celular (187) · Cobraram duas vezes." in listed
    response = bruno.get(NEW, {"rascunho": PAGE})
    page = response.content.decode()
    assert "Cobraram duas vezes." in page
    assert f'id="fornecedor-{cast.loja.pk}" checked' in page
    assert f'value="{PAGE}"' in page
    assert response.context["form"].errors == {}


def test_the_draft_is_gone_with_the_case_and_a_late_one_does_not_come_back(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    data = {**told(cast), "envio": PAGE}
    bruno.post(KEEP, data)
    bruno.post(NEW, data)
    assert (Atendimento.objects.count(), Rascunho.objects.count()) == (1, 0)
    assert (bruno.post(KEEP, data).status_code, Rascunho.objects.count()) == (204, 0)


def test_a_refused_case_leaves_the_draft(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    data = {**told(cast, assunto="Foguetes"), "envio": PAGE}
    bruno.post(KEEP, data)
    bruno.post(NEW, data)
    assert Rascunho.objects.get().envio == UUID(PAGE)


def test_nobody_else_sees_or_discards_it(cast: Cast, phone: Assunto) -> None:
    logged_in(cast.bruno).post(KEEP, {**told(cast), "envio": PAGE})
    for other in (cast.dora, cast.eva):
        client = logged_in(other)
        assert "Cobraram duas vezes." not in client.get(NEW, {"rascunho": PAGE}).content.decode()
        assert "Continuar o rascunho" not in client.get(NEW).content.decode()
        client.post(f"{KEEP}descartar/", {"envio": PAGE})
    assert Rascunho.objects.get().usuario == cast.bruno


def test_its_owner_discards_it(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    bruno.post(KEEP, {**told(cast), "envio": PAGE})
    assert bruno.post(f"{KEEP}descartar/", {"envio": PAGE})["Location"] == NEW
    assert Rascunho.objects.count() == 0


@pytest.mark.parametrize(
    "data",
    [
        {"tipo": "atendimento_preliminar", "canal": "pessoal", "municipio": "Itaquaquecetuba (SP)", "envio": PAGE},
        {"relato": "sem página"},
        {"relato": "página estranha", "envio": "x"},
        {"campo_estranho": "x", "envio": PAGE},
    ],
)
def test_nothing_typed_or_no_page_keeps_nothing(cast: Cast, data: dict[str, str]) -> None:
    response = logged_in(cast.bruno).post(KEEP, data)
    assert (response.status_code in (200, 204), Rascunho.objects.count()) == (True, 0)


def test_only_whoever_registers_keeps_drafts(cast: Cast) -> None:
    assert logged_in(cast.carla).post(KEEP, {"relato": "x", "envio": PAGE}).status_code == 409


def test_a_nul_character_does_not_stop_the_draft(cast: Cast) -> None:
    logged_in(cast.bruno).post(KEEP, {"relato": "a\x00b", "envio": PAGE})
    assert Rascunho.objects.get().dados == {"relato": ["ab"]}


def test_too_much_text_is_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="longo demais"):
        save_draft(envio=uuid4(), dados={"relato": ["x" * 130_000]}, by=cast.bruno, at=NOW)
    assert Rascunho.objects.count() == 0


def test_the_oldest_goes_when_there_are_too_many(cast: Cast) -> None:
    pages = [uuid4() for _ in range(AT_MOST + 1)]
    for number, page in enumerate(pages):
        save_draft(envio=page, dados={"relato": ["x"]}, by=cast.bruno, at=NOW + timedelta(minutes=number))
    assert set(Rascunho.objects.values_list("envio", flat=True)) == set(pages[1:])


def test_a_draft_that_nobody_touched_for_a_week_is_forgotten(cast: Cast, now) -> None:
    save_draft(envio=uuid4(), dados={"relato": ["velho"]}, by=cast.bruno, at=now - KEPT_FOR)
    fresh = save_draft(envio=uuid4(), dados={"relato": ["novo"]}, by=cast.bruno, at=now - timedelta(days=6))
    page = logged_in(cast.bruno).get(NEW).content.decode()
    assert ("velho" in page, "novo" in page) == (False, True)
    assert (forget_old_drafts(at=now), Rascunho.objects.get()) == (1, fresh)
