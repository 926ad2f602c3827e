"""Drafts: kept while typing, given back to their owner alone, gone with the case."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from cases.models import Assunto, Atendimento, Rascunho
from cases.services.counter import register_at_counter
from cases.services.drafts import AT_MOST, KEPT_FOR, AlreadyRegistered, forget_old_drafts, save_draft
from tests.browsing import logged_in
from tests.cases.test_pages_intake import NEW, told
from tests.conftest import NOW, Cast
from tests.meeting import meet
from workflow.errors import ContentRefused

#: How the statement begins that writes a case with its number.
REGISTERING = "\nWITH h AS (INSERT INTO workflow_historico"
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
    assert bruno.post(KEEP, data).status_code == 200
    assert list(Rascunho.objects.values_list("atendimento", "dados")) == [(Atendimento.objects.get().pk, {})]
    assert "Continuar o rascunho" not in bruno.get(NEW).content.decode()
    assert "Cobraram duas vezes." not in bruno.get(NEW, {"rascunho": PAGE}).content.decode()


def at_the_counter(cast: Cast, phone: Assunto) -> Atendimento:
    return register_at_counter(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumer={"nome": "Ana Souza", "cpf": "11144477735"},
        fornecedores=[cast.loja],
        assunto=phone,
        relato="Cobraram.",
        pedido="Devolução.",
        draft=UUID(PAGE),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kept", [True, False])
def test_a_draft_on_its_way_while_the_page_is_registered_is_not_kept(cast: Cast, phone: Assunto, kept: bool) -> None:
    def save() -> Rascunho | None:
        return save_draft(envio=UUID(PAGE), dados={"relato": ["Cobraram"]}, by=cast.bruno, at=NOW)

    if kept:
        save()

    case, late = meet(lambda: at_the_counter(cast, phone), save, after=REGISTERING)

    assert (type(case), late) == (Atendimento, None)
    assert list(Rascunho.objects.values_list("atendimento", "dados")) == [(case.pk, {})]


@pytest.mark.django_db(transaction=True)
def test_one_page_sent_twice_at_once_is_one_case(cast: Cast, phone: Assunto) -> None:
    case, second = meet(
        lambda: at_the_counter(cast, phone),
        lambda: at_the_counter(cast, phone),
        after=REGISTERING,
    )

    assert (type(second), second.protocolo) == (AlreadyRegistered, case.protocolo)
    assert Atendimento.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_registration_that_was_refused_lets_the_draft_on_its_way_be_kept(cast: Cast, phone: Assunto) -> None:
    def fail() -> None:
        with transaction.atomic():
            at_the_counter(cast, phone)
            raise ContentRefused("Não.")

    def save() -> Rascunho | None:
        return save_draft(envio=UUID(PAGE), dados={"relato": ["Cobraram"]}, by=cast.bruno, at=NOW)

    refused, kept = meet(fail, save, after=REGISTERING)

    assert (type(refused), type(kept)) == (ContentRefused, Rascunho)
    assert Rascunho.objects.get().dados == {"relato": ["Cobraram"]}


def test_a_page_sent_twice_leads_to_its_case_from_wherever(cast: Cast, phone: Assunto) -> None:
    data = {**told(cast), "envio": PAGE}
    first = logged_in(cast.bruno).post(NEW, data)
    second = logged_in(cast.bruno).post(NEW, data)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert Atendimento.objects.count() == 1


def test_a_draft_overtaken_by_a_later_one_of_its_window_changes_nothing(cast: Cast) -> None:
    window, other = str(uuid4()), str(uuid4())
    bruno = logged_in(cast.bruno)
    seen = []
    for page, turn, text in (
        (window, "2", "Cobraram duas"), (window, "1", "Cobra"), (other, "1", "Continuado"), (other, "x", "Cont"),
    ):  # fmt: skip
        bruno.post(KEEP, {"envio": PAGE, "pagina": page, "vez": turn, "relato": text})
        seen.append(Rascunho.objects.get().dados["relato"])
    assert seen == [["Cobraram duas"], ["Cobraram duas"], ["Continuado"], ["Continuado"]]


def test_a_restored_draft_counts_anew_in_a_window_of_its_own(cast: Cast) -> None:
    bruno, window = logged_in(cast.bruno), str(uuid4())
    bruno.post(KEEP, {"envio": PAGE, "pagina": window, "vez": "7", "relato": "Cobraram"})
    form = bruno.get(NEW, {"rascunho": PAGE}).context["form"]
    assert (form["envio"].value(), form["vez"].value(), form["pagina"].value() != window) == (PAGE, "0", True)
    bruno.post(KEEP, {"envio": PAGE, "pagina": form["pagina"].value(), "vez": "1", "relato": "Cobraram duas"})
    assert Rascunho.objects.get().dados == {"relato": ["Cobraram duas"]}


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
