"""The electronic CIP that nobody opens: when its receipt is presumed, and when it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import CIP, Atendimento
from cases.services import extend_cip, issue_cip, lapse_due_cips, open_letter, send_cip
from cases.services.presumption import presume_receipts, presumption_of
from cases.tasks import presume_receipts as task
from deadlines.models import Prazo, RegraDePrazo
from deadlines.services import add_day
from notifications.models import Mensagem
from parties.models import AdesaoCipEletronica
from parties.services import end_enrolment, enroll_supplier, merge_suppliers
from portal.api.words import sentence
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.models import Evento

Ap = Callable[..., Atendimento]
#: Sent on Wednesday 4 March 2026: ten days end on Saturday 14, so the receipt is presumed on Monday 16.
MONDAY, TUESDAY = date(2026, 3, 16), date(2026, 3, 17)
#: That Tuesday, a minute after midnight here.
LATER = NOW + timedelta(days=12, hours=15, minutes=1)
COUNT = "10 dias corridos do envio à caixa eletrônica em 04/03; venceria sábado 14/03, prorrogado para segunda 16/03"


@pytest.fixture(autouse=True)
def _ready(cast: Cast, rules: None, letters_in_tmp: None) -> None:
    """The rule in force since before the tests' days; letters in the test's own folder."""
    RegraDePrazo.objects.filter(nome="cip_presuncao").update(vigente_de=date(2026, 1, 1))


@pytest.fixture
def term(cast: Cast) -> AdesaoCipEletronica:
    return enroll_supplier(
        supplier=cast.loja, termo="12", assinado_por="Rui", assinado_em=date(2026, 3, 2), by=cast.dora, at=NOW
    )


def sent(cast: Cast, case: Atendimento, meio: str = "portal", at: datetime = NOW) -> CIP:
    cip = issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=at)
    return send_cip(cip=cip, meio=meio, by=cast.bruno, at=at)


def test_a_letter_that_stays_closed_counts_as_received_on_the_last_day(cast: Cast, ap: Ap, term: Any) -> None:
    cip = sent(cast, ap())

    assert presume_receipts(today=MONDAY, at=LATER) == 0
    assert presume_receipts(today=TUESDAY, at=LATER) == 1
    assert presume_receipts(today=TUESDAY, at=LATER) == 0

    cip.refresh_from_db()
    assert (cip.status, cip.cientificada_em, cip.prazo and cip.prazo.vence_em) == (
        "cientificada",
        MONDAY,
        date(2026, 3, 26),
    )
    assert cip.prazo.explicacao == f"10 dias corridos da ciência em 16/03 (presumida: {COUNT}); vence quinta 26/03"
    event = Evento.objects.get(ato="DAR_CIENCIA")
    assert (event.autor, event.quando, event.dados) == (
        cast.sistema,
        LATER,
        {"ciencia": "2026-03-16", "vence_em": "2026-03-26", "presumida": COUNT},
    )
    kept = Prazo.objects.get(regra__nome="cip_presuncao")
    assert (kept.inicio, kept.vence_em, kept.explicacao, kept.cumprido_em) == (NOW.date(), MONDAY, COUNT, LATER)


def test_the_term_lapses_as_any_other_and_the_explanation_survives_a_late_holiday(
    cast: Cast, ap: Ap, term: Any
) -> None:
    cip = sent(cast, ap())
    presume_receipts(today=TUESDAY, at=LATER)
    admin = cast.dora
    admin.atribuicoes.create(unidade=cast.unidade, papel="administrador")
    add_day(
        data=date(2026, 3, 26), nome="Luto", ambito="municipal", facultativo=False, fonte="Decreto 1",
        by=type(admin).objects.get(pk=admin.pk), at=LATER,
    )  # fmt: skip
    told = Prazo.objects.get(cip=cip).explicacao
    assert told == (
        f"10 dias corridos da ciência em 16/03 (presumida: {COUNT}); venceria quinta 26/03 (Luto), prorrogado para "
        "sexta 27/03"
    )
    after = LATER + timedelta(days=11)
    assert [lapse_due_cips(today=date(2026, 3, day), at=after) for day in (27, 28)] == [0, 1]


def test_more_days_keep_the_words_of_the_presumption(cast: Cast, ap: Ap, term: Any) -> None:
    cip = sent(cast, ap())
    presume_receipts(today=TUESDAY, at=LATER)
    cip = CIP.objects.get(pk=cip.pk)
    extend_cip(cip=cip, dias=1, motivo="Perícia.", by=cast.bruno, at=LATER)
    assert Prazo.objects.get(cip=cip).explicacao == (
        f"10 dias corridos da ciência em 16/03 (presumida: {COUNT}); vence quinta 26/03; "
        "prorrogado por 1 dia corrido em 17/03 (Perícia.); vence sexta 27/03"
    )


def test_the_case_page_and_the_consumer_are_told_that_it_is_presumed(cast: Cast, ap: Ap, term: Any) -> None:
    case = ap()
    sent(cast, case)
    presume_receipts(today=TUESDAY, at=LATER)
    page = logged_in(cast.bruno).get(case.get_absolute_url()).content.decode()
    assert f"Ciência presumida, sem abertura da carta: {COUNT}" in page
    assert f"(presumida: {COUNT})" in page
    event = Evento.objects.get(ato="DAR_CIENCIA")
    assert sentence(event.objeto, event.ato, event.dados, zone=LATER.tzinfo) == (  # type: ignore[arg-type]
        "O fornecedor não abriu a carta eletrônica; considera-se que a recebeu em 16/03/2026, e tem até 26/03/2026 "
        "para responder."
    )


@pytest.mark.parametrize("meio", ["email", "ar", "em_maos"])
def test_only_electronic_letters_are_presumed_received(cast: Cast, ap: Ap, term: Any, meio: str) -> None:
    cip = sent(cast, ap(), meio)
    assert (presumption_of(cip), presume_receipts(today=TUESDAY, at=LATER)) == (None, 0)


def test_an_opened_letter_has_its_own_day(cast: Cast, ap: Ap, term: Any) -> None:
    cip = sent(cast, ap())
    open_letter(cip=cip, at=NOW + timedelta(days=1))
    assert presume_receipts(today=TUESDAY, at=LATER) == 0
    assert CIP.objects.get().cientificada_em == date(2026, 3, 5)


def test_without_a_rule_in_force_on_the_day_of_sending_nothing_is_presumed(cast: Cast, ap: Ap, term: Any) -> None:
    cip = sent(cast, ap())
    rules = RegraDePrazo.objects.filter(nome="cip_presuncao")
    for validity in (
        {"vigente_de": date(2026, 3, 5)},
        {"vigente_de": date(2026, 1, 1), "vigente_ate": date(2026, 3, 3)},
    ):
        rules.update(**validity)
        assert (presumption_of(cip), presume_receipts(today=TUESDAY, at=LATER)) == (None, 0)
    rules.delete()
    assert presume_receipts(today=TUESDAY, at=LATER) == 0


@pytest.mark.parametrize(
    ("ended", "presumed"), [(date(2026, 3, 13), 0), (date(2026, 3, 16), 0), (date(2026, 3, 17), 1)]
)
def test_only_while_the_enrolment_binds_the_supplier_to_the_last_day(
    cast: Cast, ap: Ap, term: AdesaoCipEletronica, ended: date, presumed: int
) -> None:
    sent(cast, ap())
    end_enrolment(adesao=term, motivo="Pediu.", by=cast.dora, at=NOW + (ended - NOW.date()))
    assert presume_receipts(today=TUESDAY, at=LATER) == presumed


@pytest.mark.parametrize(("until", "presumed"), [(date(2026, 3, 15), 0), (date(2026, 3, 16), 1)])
def test_a_term_that_runs_out_before_the_last_day_presumes_nothing(
    cast: Cast, ap: Ap, term: AdesaoCipEletronica, until: date, presumed: int
) -> None:
    sent(cast, ap())
    AdesaoCipEletronica.objects.update(vale_ate=until)
    assert presume_receipts(today=TUESDAY, at=LATER) == presumed


def test_what_was_merged_is_bound_by_the_one_that_stands_for_it(cast: Cast, ap: Ap, term: Any) -> None:
    cast.dora.atribuicoes.create(unidade=cast.unidade, papel="auditor")
    auditor = type(cast.dora).objects.get(pk=cast.dora.pk)
    merge_suppliers(survivor=cast.loja, others=[cast.banco], motivo="Igual.", by=auditor, at=NOW)
    cast.banco.refresh_from_db()
    sent(cast, ap(cast.banco))
    assert presume_receipts(today=TUESDAY, at=LATER) == 1


def test_one_that_cannot_be_counted_holds_up_nobody(cast: Cast, ap: Ap, term: Any) -> None:
    far, near = sent(cast, ap()), sent(cast, ap())
    CIP.objects.filter(pk=far.pk).update(enviada_em=NOW - timedelta(days=9000))
    RegraDePrazo.objects.filter(nome="cip_presuncao").update(vigente_de=date(1990, 1, 1))
    assert presume_receipts(today=TUESDAY, at=LATER) == 1
    assert list(CIP.objects.filter(status="cientificada").values_list("pk", flat=True)) == [near.pk]


def test_the_notice_of_an_electronic_cip_says_what_follows(cast: Cast, ap: Ap, term: Any) -> None:
    words = "A carta que não for aberta em 10 dias corridos do envio considera-se recebida no fim deles."
    sent(cast, ap())
    sent(cast, ap(), "email")
    RegraDePrazo.objects.filter(nome="cip_presuncao").update(vigente_de=date(2026, 6, 1))
    sent(cast, ap())
    told = Mensagem.objects.filter(tipo="cip").order_by("pk").values_list("corpo", flat=True)
    assert [words in text for text in told] == [True, False, False]


def test_the_beat_asks_every_minute(cast: Cast, settings: Any) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["ciencia"]["task"] == task.name
    assert task() == 0


def test_looking_costs_the_same_queries_however_many(cast: Cast, ap: Ap, term: Any) -> None:
    for count in (1, 3):
        while CIP.objects.count() < count:
            sent(cast, ap())
        with CaptureQueriesContext(connection) as looking:
            assert presume_receipts(today=MONDAY, at=LATER) == 0
        assert len(looking) == 4


def test_the_case_page_says_when_a_closed_letter_counts_as_received(cast: Cast, ap: Ap, term: Any) -> None:
    case = ap()
    sent(cast, case)
    assert (
        f"a ciência é presumida nesse dia: {COUNT}"
        in logged_in(cast.bruno).get(case.get_absolute_url()).content.decode()
    )
