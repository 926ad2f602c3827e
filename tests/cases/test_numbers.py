"""The numbers of a case in other systems: written down, found, taken back with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cases.models import Anonimizacao, Atendimento, NumeroExterno
from cases.services import add_number, close_case, issue_espelho, take_number_back
from documents.models import Documento
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

Make = Callable[..., Atendimento]
FA = "0123.456/2019-7"


@pytest.fixture
def case(ap: Make, letters_in_tmp: None) -> Atendimento:
    return ap()


def note(case: Atendimento, cast: Cast, numero: str = FA, sistema: str = "sindec", **other: object) -> NumeroExterno:
    return add_number(
        **{"atendimento": case, "sistema": sistema, "numero": numero, "by": cast.bruno, "at": NOW, **other}
    )


def told(case: Atendimento) -> list[tuple[str, str, dict]]:
    rows = Evento.objects.filter(historico=case.historico, ato__endswith="_NUMERO").order_by("sequencia")
    return list(rows.values_list("ato", "motivo", "dados"))


def test_a_number_is_written_down_and_finds_the_case(cast: Cast, case: Atendimento) -> None:
    made = note(case, cast, "  0123.456/2019-7 ")

    assert (made.numero, made.anotado_por, made.anotado_em) == (FA, cast.bruno, NOW)
    assert told(case) == [("ANOTAR_NUMERO", "", {"sistema": "sindec", "numero": made.pk})]
    assert list(Atendimento.objects.visible_to(cast.bruno).search("01234562019-7", user=cast.bruno)) == [case]


def test_a_number_taken_back_finds_nothing_and_may_be_written_again(cast: Cast, case: Atendimento) -> None:
    made = note(case, cast)
    later = NOW + timedelta(hours=1)
    take_number_back(numero=made, motivo=" Era de outra pessoa. ", by=cast.dora, at=later)

    assert NumeroExterno.objects.get().retirado_em == later
    assert told(case)[1] == ("RETIRAR_NUMERO", "Era de outra pessoa.", {"sistema": "sindec", "numero": made.pk})
    assert list(Atendimento.objects.numbered(FA)) == []
    note(case, cast)
    assert list(Atendimento.objects.numbered(FA)) == [case]


def test_also_of_a_closed_case(cast: Cast, case: Atendimento) -> None:
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    note(case, cast)
    assert list(Atendimento.objects.numbered(FA)) == [case]


@pytest.mark.parametrize("again", [FA, "01234562019-7", " 0123 456 2019 7"])
def test_the_same_number_twice_is_refused_however_it_is_written(cast: Cast, case: Atendimento, again: str) -> None:
    note(case, cast)
    with pytest.raises(ActNotAllowed, match="Este número já está anotado neste caso"):
        note(case, cast, again)
    note(case, cast, again, "processo")
    assert len(told(case)) == 2


@pytest.mark.parametrize(
    ("numero", "sistema", "field", "words"),
    [
        ("sem número", "sindec", "numero", "com os seus algarismos"),
        ("", "sindec", "numero", "com os seus algarismos"),
        ("٣٤", "sindec", "numero", "com os seus algarismos"),
        ("1" * 61, "sindec", "numero", "até 60 letras"),
        (FA, "orkut", "sistema", "de que sistema"),
    ],
)
def test_refuses_content(cast: Cast, case: Atendimento, numero: str, sistema: str, field: str, words: str) -> None:
    with pytest.raises(ContentRefused, match=words) as refusal:
        note(case, cast, numero, sistema)
    assert list(refusal.value.errors) == [field]
    assert (NumeroExterno.objects.count(), told(case)) == (0, [])


def test_refuses_who_is_not_at_the_counter(cast: Cast, case: Atendimento) -> None:
    made = note(case, cast)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        note(case, cast, "1", by=cast.carla)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        take_number_back(numero=made, motivo="Engano.", by=cast.eva, at=NOW)


def test_taking_back_needs_a_reason_and_happens_once(cast: Cast, case: Atendimento) -> None:
    made = note(case, cast)
    with pytest.raises(ContentRefused, match="por que o número é retirado"):
        take_number_back(numero=made, motivo=" ", by=cast.bruno, at=NOW)
    take_number_back(numero=made, motivo="Engano.", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi retirado"):
        take_number_back(numero=made, motivo="Engano.", by=cast.bruno, at=NOW)


def test_no_number_leads_back_to_whoever_is_anonymous(cast: Cast, case: Atendimento) -> None:
    Anonimizacao.objects.create(consumidor=cast.ana, feita_em=NOW, feita_por=cast.dora)
    with pytest.raises(ActNotAllowed, match="anonimizados ao fim da guarda"):
        note(case, cast)


def test_the_espelho_prints_the_numbers_that_stand(cast: Cast, case: Atendimento) -> None:
    wrong = note(case, cast, "99")
    note(case, cast)
    note(case, cast, "1002-33", "processo")
    take_number_back(numero=wrong, motivo="Engano.", by=cast.bruno, at=NOW)
    issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    assert Documento.objects.get().dados["dados"]["numeros"] == [
        "Processo administrativo ou judicial 1002-33",
        f"SINDEC {FA}",
    ]


def test_on_the_page_written_shown_and_taken_back(cast: Cast, case: Atendimento) -> None:
    bruno, page = logged_in(cast.bruno), case.get_absolute_url()

    answer = bruno.post(f"{page}numeros/", {"sistema": "sindec", "numero": FA}, follow=True)
    shown = answer.content.decode()
    assert (answer.redirect_chain, FA in shown, "Número anotado." in shown) == ([(page, 302)], True, True)
    assert "Anotou o número do caso em outro sistema" in shown
    number = NumeroExterno.objects.get()
    answer = bruno.post(f"/atendimentos/numeros/{number.pk}/retirar/", {"motivo": "Engano."}, follow=True)
    shown = answer.content.decode()
    assert ("Número retirado" in shown, FA in shown, "Engano." in shown) == (True, False, True)


def test_a_refusal_on_the_page_keeps_what_was_typed(cast: Cast, case: Atendimento) -> None:
    note(case, cast)
    answer = logged_in(cast.bruno).post(
        f"{case.get_absolute_url()}numeros/", {"sistema": "sindec", "numero": "0123456 2019 7"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ('value="0123456 2019 7"' in page, "Este número já está anotado neste caso." in page) == (True, True)
    missing = logged_in(cast.bruno).post(f"{case.get_absolute_url()}numeros/", {"sistema": "sindec", "numero": ""})
    assert missing.status_code == 422


def test_carla_reads_and_eva_finds_no_page(cast: Cast, case: Atendimento) -> None:
    number = note(case, cast)
    page = logged_in(cast.carla).get(case.get_absolute_url()).content.decode()
    assert (FA in page, "Anotar número" in page) == (True, False)
    eva = logged_in(cast.eva)
    assert eva.post(f"{case.get_absolute_url()}numeros/", {"sistema": "sindec", "numero": "1"}).status_code == 404
    assert eva.post(f"/atendimentos/numeros/{number.pk}/retirar/", {"motivo": "x"}).status_code == 404
