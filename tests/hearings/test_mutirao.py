"""A mutirão: what goes where, who finds no place and why, all or none, and the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from cases.models import Atendimento
from hearings.models import Audiencia, Reserva
from hearings.selfcheck import wrong_reservations
from hearings.services import (
    Plan,
    Wanted,
    block,
    book_batch,
    cancel,
    note_impediment,
    plan_batch,
    ready_cases,
    set_agenda_rules,
    suppliers_with,
)
from notifications.models import Mensagem
from parties.models import Consumidor, Fornecedor, GrupoEconomico
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, make_case, moment
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

#: Monday 16 to Friday 20 March.
FRIDAY = date(2026, 3, 20)


def cases_of(stage: Stage, many: int, **fields: Any) -> list[Atendimento]:
    """Cases against the shop, each of a consumer of its own."""
    made = []
    for number in range(many):
        person = Consumidor.objects.create(nome=f"Pessoa {number}", email=f"p{number}@example.org")
        case = make_case(stage.cast, 100 + number, **{"consumidor": person, **fields})
        case.reclamados.create(fornecedor=stage.cast.loja)
        made.append(case)
    return made


def wanted(stage: Stage, cases: list[Atendimento], **changes: Any) -> Wanted:
    values: dict[str, Any] = {
        "unidade": stage.cast.unidade,
        "casos": [case.pk for case in cases],
        "fornecedores": {stage.cast.loja.pk},
        "salas": [stage.sala],
        "conciliadores": [stage.cast.carla],
        "de": DAY,
        "ate": FRIDAY,
        "duracao": 30,
        **changes,
    }
    return Wanted(**values)


def plan(stage: Stage, cases: list[Atendimento], at: datetime = NOW, **changes: Any) -> Plan:
    return plan_batch(wanted=wanted(stage, cases, **changes), by=stage.cast.bruno, at=at)


def told(made: Plan) -> list[str]:
    return [f"{one.case.protocolo[-3:]} {one.inicio:%d %H:%M} {one.sala} {one.conciliador}" for one in made.placed]


def book(stage: Stage, made: Plan) -> list[Audiencia]:
    return book_batch(placements=made.placed, modalidade="presencial", by=stage.cast.bruno, at=NOW)


def test_hearings_follow_each_other_in_the_order_of_the_law(stage: Stage) -> None:
    cases = cases_of(stage, 3)
    Atendimento.objects.filter(pk=cases[2].pk).update(prioridade=0)

    assert told(plan(stage, cases)) == [
        "102 16 09:00 Sala 1 Carla Conciliadora",
        "100 16 09:30 Sala 1 Carla Conciliadora",
        "101 16 10:00 Sala 1 Carla Conciliadora",
    ]
    assert Audiencia.objects.count() == 0


def test_two_rooms_run_side_by_side_and_a_pair_stays_together(stage: Stage) -> None:
    cases = cases_of(stage, 4)
    made = plan(stage, cases, salas=[stage.sala, stage.outra_sala], conciliadores=[stage.cast.carla, stage.caio])

    assert told(made) == [
        "100 16 09:00 Sala 1 Carla Conciliadora",
        "101 16 09:00 Sala 2 Caio Conciliador",
        "102 16 09:30 Sala 1 Carla Conciliadora",
        "103 16 09:30 Sala 2 Caio Conciliador",
    ]


def test_ninety_hearings_over_a_month(stage: Stage) -> None:
    made = plan(stage, cases_of(stage, 90), ate=date(2026, 4, 15), das=moment("13:00").time())

    # 8 an afternoon, from Monday 16 March; the twelfth afternoon is Tuesday 31
    assert (len(made.placed), made.left) == (90, [])
    assert made.placed[-1].inicio == moment("13:30", date(2026, 3, 31))
    assert {one.inicio.hour >= 13 for one in made.placed} == {True}
    assert len(book(stage, made)) == 90
    assert (Reserva.objects.count(), list(wrong_reservations())) == (270, [])


def test_what_is_taken_is_left_out(stage: Stage) -> None:
    stage.schedule("09:00")
    block(
        unidade=stage.cast.unidade, conciliador=stage.cast.carla, inicio=moment("09:30"), fim=moment("11:00"),
        motivo="Curso", by=stage.cast.dora, at=NOW,
    )  # fmt: skip

    assert told(plan(stage, cases_of(stage, 1))) == ["100 16 11:00 Sala 1 Carla Conciliadora"]


def test_who_cannot_come_then_comes_later_and_another_takes_the_time(stage: Stage) -> None:
    cases = cases_of(stage, 2)
    note_impediment(atendimento=cases[0], ate_as=moment("12:00").time(), by=stage.cast.bruno, at=NOW)

    assert told(plan(stage, cases)) == [
        "101 16 09:00 Sala 1 Carla Conciliadora",
        "100 16 12:00 Sala 1 Carla Conciliadora",
    ]


def test_one_consumer_is_not_in_two_places(stage: Stage) -> None:
    cases = cases_of(stage, 2, consumidor=stage.cast.ana)
    made = plan(stage, cases, salas=[stage.sala, stage.outra_sala], conciliadores=[stage.cast.carla, stage.caio])

    assert [f"{one.inicio:%H:%M}" for one in made.placed] == ["09:00", "09:30"]
    assert len(book(stage, made)) == 2


def test_who_finds_no_place_is_told_why(stage: Stage) -> None:
    cases = cases_of(stage, 4)
    note_impediment(atendimento=cases[1], de=DAY, ate=FRIDAY, by=stage.cast.bruno, at=NOW)
    Atendimento.objects.filter(pk=cases[2].pk).update(status="aberto")
    shop = cases[3].reclamados.get()
    stage.schedule("16:00", atendimento=cases[3], reclamados=[shop])
    more = [*cases, stage.caso]
    made = plan(stage, more, das=moment("09:00").time(), ate_as=moment("09:30").time(), ate=DAY)

    assert told(made) == ["001 16 09:00 Sala 1 Carla Conciliadora"]
    reasons = {case.protocolo[-3:]: reason for case, reason in made.left}
    assert reasons["100"] == "Os horários do período acabaram antes."
    assert reasons["101"].startswith("Nenhum horário do período serve")
    assert reasons["102"].startswith("Não se marca audiência em caso «Aberto»")
    assert reasons["103"] == "Já tem audiência marcada com este fornecedor."


def test_the_first_times_stay_with_those_whom_the_law_puts_first(stage: Stage) -> None:
    set_agenda_rules(
        unidade=stage.cast.unidade, duracao=30, intervalo=10, tolerancia=15, prioritarias=1, by=stage.cast.dora
    )
    stage.cast.unidade.refresh_from_db()
    cases = cases_of(stage, 2)

    assert told(plan(stage, cases))[0] == "100 16 09:40 Sala 1 Carla Conciliadora"
    Atendimento.objects.filter(pk=cases[1].pk).update(prioridade=1)
    assert [line[:12] for line in told(plan(stage, cases))] == ["101 16 09:00", "100 16 09:40"]


def test_the_minimum_lead_is_kept(stage: Stage) -> None:
    # notice on Wednesday 4 March: the first day is Saturday 14, so Monday 16
    made = plan(stage, cases_of(stage, 1), de=date(2026, 3, 5))

    assert [one.inicio for one in made.placed] == [moment("09:00")]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"casos": []}, "casos", "Marque de um a 300 casos"),
        ({"casos": range(301)}, "casos", "Marque de um a 300 casos"),
        ({"salas": []}, "salas", "ao menos uma sala"),
        ({"modalidade": "virtual"}, "salas", "Sem link, e a modalidade precisa de um: Sala 1"),
        ({"conciliadores": []}, "conciliadores", "ao menos um conciliador"),
        ({"de": FRIDAY, "ate": DAY}, "ate", "termina antes de começar"),
        ({"de": date(2026, 3, 5), "ate": date(2026, 3, 13)}, "ate", "a primeira data possível é 14/03/2026"),
        ({"ate": date(2026, 7, 1)}, "ate", "até 92 dias"),
        ({"duracao": 4}, "duracao", "entre 5 e 240"),
    ],
)
def test_refuses_a_plan_that_cannot_be(stage: Stage, changes: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(ContentRefused, match=sentence) as refusal:
        plan(stage, [stage.caso], **changes)
    assert list(refusal.value.errors) == [field]


def test_refuses_who_does_not_book(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="marcar mutirão"):
        plan_batch(wanted=wanted(stage, [stage.caso]), by=stage.cast.edu, at=NOW)


def test_each_hearing_is_written_as_a_single_one(stage: Stage) -> None:
    cases = cases_of(stage, 2)
    alone = stage.schedule("16:00")
    made = book(stage, plan(stage, cases))

    def facts(hearing: Audiencia) -> tuple[int, ...]:
        told = Mensagem.objects.filter(referencia=hearing.referencia)
        letters = hearing.atendimento.historico.documentos.filter(dados__dados__audiencia__id=hearing.pk)
        events = Evento.objects.filter(objeto="hearings.audiencia", objeto_id=hearing.pk, ato="AGENDAR")
        return told.count(), letters.count(), events.count(), hearing.reservas.count(), hearing.reclamados.count()

    assert [facts(one) for one in [alone, *made]] == [(8, 2, 1, 3, 1)] * 3
    assert list(wrong_reservations()) == []


def test_all_or_none_when_a_time_was_taken_meanwhile(stage: Stage) -> None:
    cases = cases_of(stage, 3)
    made = plan(stage, cases)
    stage.schedule("09:30")
    before = (Audiencia.objects.count(), Mensagem.objects.count(), Reserva.objects.count())

    with pytest.raises(ActNotAllowed) as refusal:
        book(stage, made)
    assert refusal.value.message.startswith("Nada foi marcado: alguém ocupou horários desta prévia.")
    assert (
        "35.001.001.26-0000101, 16/03/2026 às 09:30: a sala Sala 1 está ocupada nesse horário "
        "(caso 35.001.001.26-0000001, das 09:30 às 10:00)." in refusal.value.message
    )
    assert (Audiencia.objects.count(), Mensagem.objects.count(), Reserva.objects.count()) == before
    assert [line[:12] for line in told(plan(stage, cases))] == ["100 16 09:00", "101 16 10:00", "102 16 10:30"]


def test_none_when_a_case_changed_meanwhile(stage: Stage) -> None:
    cases = cases_of(stage, 2)
    made = plan(stage, cases)
    Atendimento.objects.filter(pk=cases[1].pk).update(status="aberto")

    with pytest.raises(ActNotAllowed, match=r"Nada foi marcado. 35.001.001.26-0000101: Não se marca audiência"):
        book(stage, made)
    assert Audiencia.objects.count() == 0


def test_the_same_plan_is_not_booked_twice(stage: Stage) -> None:
    made = plan(stage, cases_of(stage, 1))
    book(stage, made)

    with pytest.raises(ActNotAllowed, match="Já tem audiência marcada com este fornecedor"):
        book(stage, made)


def test_the_supplier_its_root_and_its_group(stage: Stage) -> None:
    group = GrupoEconomico.objects.create(nome="Grupo Modelo")
    shop = stage.cast.loja
    branch = Fornecedor.objects.create(razao_social="Loja Modelo Filial", cnpj="12ABC345000288")
    Fornecedor.objects.filter(pk__in=[shop.pk, stage.cast.banco.pk]).update(grupo=group)
    shop.refresh_from_db()

    assert suppliers_with(shop, "so") == {shop.pk}
    assert suppliers_with(shop, "radical") == {shop.pk, branch.pk}
    assert suppliers_with(shop, "grupo") == {shop.pk, stage.cast.banco.pk}


def test_cases_that_are_ready(stage: Stage) -> None:
    hearing = stage.schedule()
    cases = cases_of(stage, 2)
    Atendimento.objects.filter(pk=cases[0].pk).update(status="aberto")

    assert list(ready_cases(stage.cast.unidade, {stage.cast.loja.pk})) == [cases[1]]
    cancel(audiencia=hearing, motivo="Não vem.", by=stage.cast.bruno, at=NOW)
    assert list(ready_cases(stage.cast.unidade, {stage.cast.loja.pk})) == [stage.caso, cases[1]]


@pytest.mark.parametrize("many", [1, 3])
def test_cost_in_queries(stage: Stage, many: int, django_assert_num_queries: Any) -> None:
    cases = cases_of(stage, many)
    with django_assert_num_queries(13):
        made = plan(stage, cases)
    with django_assert_num_queries(25):
        book(stage, made)


# ---- the pages ----


@pytest.fixture
def bruno(stage: Stage) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield logged_in(stage.cast.bruno)


def _sent(stage: Stage, cases: list[Atendimento], **changes: Any) -> dict[str, Any]:
    return {
        "acao": "prever",
        "casos": [case.pk for case in cases],
        "salas": [stage.sala.pk],
        "conciliadores": [stage.cast.carla.pk],
        "de": DAY.isoformat(),
        "ate": FRIDAY.isoformat(),
        "das": "09:00",
        "ate_as": "17:00",
        "duracao": 30,
        "modalidade": "presencial",
        **changes,
    }


def _place(stage: Stage) -> str:
    return f"/audiencias/mutirao/{stage.cast.unidade.pk}/{stage.cast.loja.pk}/"


def test_suppliers_with_many_cases_are_offered(stage: Stage, bruno: Client) -> None:
    cases_of(stage, 2)
    text = bruno.get("/audiencias/mutirao/").content.decode()

    assert _place(stage) in text
    assert "3 casos" in text


def _found(client: Client, text: str, **headers: str) -> list[tuple[str, int]]:
    answer = client.post("/audiencias/mutirao/", {"busca": text}, headers=headers)
    return [(row["fornecedor__razao_social"], row["casos"]) for row in answer.context["linhas"]]


def test_a_supplier_is_found_by_name_or_cnpj_also_with_one_case(stage: Stage, bruno: Client) -> None:
    cases_of(stage, 2)
    assert [row["casos"] for row in bruno.get("/audiencias/mutirao/").context["linhas"]] == [3]
    assert _found(bruno, "exemplo banco") == [("Banco Exemplo S.A.", 1)]
    assert _found(bruno, stage.cast.loja.cnpj) == [("Loja Modelo Ltda", 3)]
    assert _found(bruno, "  ") == [("Loja Modelo Ltda", 3)]
    assert _found(bruno, "ninguém") == []
    page = bruno.post("/audiencias/mutirao/", {"busca": "ninguém"}).content.decode()
    assert "Nenhum fornecedor com «ninguém» tem casos prontos" in page


def test_a_merged_supplier_s_cases_are_found_by_the_name_that_stands(stage: Stage, bruno: Client) -> None:
    cases_of(stage, 2)
    Fornecedor.objects.filter(pk=stage.cast.loja.pk).update(fundido_em=stage.cast.banco)
    assert _found(bruno, "Banco Exemplo") == [("Loja Modelo Ltda", 3), ("Banco Exemplo S.A.", 1)]


def test_typing_is_answered_with_the_rows_alone(stage: Stage, bruno: Client) -> None:
    headers = {"HX-Request": "true"}
    answer = bruno.post("/audiencias/mutirao/", {"busca": "Loja"}, headers=headers).content.decode()
    assert (_place(stage) in answer, "<html" in answer) == (True, False)


@pytest.mark.parametrize("many", [1, 3])
def test_the_search_costs_the_same_for_one_and_for_three(
    stage: Stage, bruno: Client, many: int, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        supplier = Fornecedor.objects.create(razao_social=f"Telecom {number}")
        stage.caso.reclamados.create(fornecedor=supplier)
    with django_assert_num_queries(9):
        assert len(_found(bruno, "telecom")) == many


def test_changing_the_choices_gives_them_back_as_they_were(stage: Stage, bruno: Client) -> None:
    first, _ = cases_of(stage, 2)
    sent = _sent(stage, [first], acao="mudar", duracao="40", das="13:00")
    answer = bruno.post(f"{_place(stage)}?alcance=so", sent)
    page = answer.content.decode()

    assert (answer.status_code, answer.context["marcados"], Audiencia.objects.count()) == (200, {str(first.pk)}, 0)
    assert answer.context["form"]["salas"].value() == [str(stage.sala.pk)]
    assert ('value="40"' in page, 'value="13:00"' in page, page.count('name="casos"')) == (True, True, 3)
    assert page.count('aria-label="Marcar 35.001.001.26-0000100" checked') == 1
    assert "checked" not in page.split("Marcar 35.001.001.26-0000101")[1].split(">")[0]


def test_a_mutirao_from_the_pages(stage: Stage, bruno: Client) -> None:
    cases = cases_of(stage, 2)
    choose = bruno.get(_place(stage))
    assert [case.pk for case in choose.context["casos"]] == [stage.caso.pk, *(case.pk for case in cases)]

    shown = bruno.post(_place(stage), _sent(stage, cases))
    assert (shown.status_code, Audiencia.objects.count()) == (200, 0)
    assert told(shown.context["plano"]) == [
        "100 16 09:00 Sala 1 Carla Conciliadora",
        "101 16 09:30 Sala 1 Carla Conciliadora",
    ]
    done = bruno.post(_place(stage), _sent(stage, cases, acao="confirmar", plano=shown.context["assinado"]))
    assert (done.status_code, done["Location"]) == (302, "/audiencias/semana/?dia=2026-03-16")
    assert Audiencia.objects.count() == 2


def test_a_confirmation_that_comes_late_shows_what_is_taken_and_a_new_plan(stage: Stage, bruno: Client) -> None:
    cases = cases_of(stage, 2)
    shown = bruno.post(_place(stage), _sent(stage, cases))
    stage.schedule("09:00")
    again = bruno.post(_place(stage), _sent(stage, cases, acao="confirmar", plano=shown.context["assinado"]))

    assert (again.status_code, Audiencia.objects.count()) == (409, 1)
    text = again.content.decode()
    assert "alguém ocupou horários desta prévia" in text
    assert [line[:12] for line in told(again.context["plano"])] == ["100 16 09:30", "101 16 10:00"]


@pytest.mark.parametrize("plano", ["", "x", "W10:abc:def"])
def test_a_plan_that_was_not_shown_here_is_not_booked(stage: Stage, bruno: Client, plano: str) -> None:
    cases = cases_of(stage, 1)
    answer = bruno.post(_place(stage), _sent(stage, cases, acao="confirmar", plano=plano))

    assert (answer.status_code, Audiencia.objects.count()) == (409, 0)
    assert "A prévia não vale mais" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"casos": []}, "Marque de um a 300 casos."),
        ({"ate": "2026-03-01"}, "O período termina antes de começar."),
        ({"salas": ["x"]}, "não é um valor"),
        ({"duracao": "999"}, "240"),
    ],
)
def test_refusals_of_the_form(stage: Stage, bruno: Client, changes: dict[str, Any], sentence: str) -> None:
    answer = bruno.post(_place(stage), _sent(stage, [stage.caso], **changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_from_elsewhere_nothing_exists(stage: Stage) -> None:
    eva = logged_in(stage.cast.eva)

    assert eva.get(_place(stage)).status_code == 404
    assert str(stage.cast.loja) not in eva.get("/audiencias/mutirao/").content.decode()
    assert logged_in(stage.cast.edu).get("/audiencias/mutirao/").status_code == 404
