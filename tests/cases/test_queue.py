"""The walk-in queue: numbers without gaps, the order of the law, one ticket to one clerk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Atribuicao, Papel, User
from cases.models import Senha
from cases.rules.queue import Waits, ticket_name
from cases.services.queue import call_again, call_next, finish, issue_ticket, mark_absent, start
from tests.conftest import NOW, Cast, make_cast
from workflow.errors import ActNotAllowed, ContentRefused

ANY, DONOR, LAW, EIGHTY = 3, 2, 1, 0


def issue(cast: Cast, ordem: int = ANY, minutes: int = 0, nome: str = "") -> Senha:
    at = NOW + timedelta(minutes=minutes)
    return issue_ticket(unidade=cast.unidade, ordem=ordem, by=cast.bruno, at=at, primeiro_nome=nome)


def call(cast: Cast, by: User | None = None, guiche: str = "2") -> Senha | None:
    return call_next(unidade=cast.unidade, guiche=guiche, by=by or cast.bruno, at=NOW + timedelta(minutes=30))


def serve(cast: Cast) -> str:
    """Call the next and be done with them; who it was."""
    ticket = call(cast)
    assert ticket is not None
    start(senha=ticket, by=cast.bruno, at=NOW)
    finish(senha=ticket, by=cast.bruno, at=NOW)
    return ticket.nome


def test_numbers_run_through_all_priorities_and_begin_anew_each_day_and_unidade(cast: Cast) -> None:
    names = [issue(cast, ordem).nome for ordem in (ANY, EIGHTY, LAW, DONOR)]
    tomorrow = issue(cast, minutes=24 * 60)
    elsewhere = issue_ticket(unidade=cast.outra, ordem=ANY, by=cast.eva, at=NOW)
    assert [*names, tomorrow.nome, elsewhere.nome] == ["N-001", "S-002", "P-003", "D-004", "N-001", "N-001"]
    assert tomorrow.dia == date(2026, 3, 5)


def test_the_law_decides_who_is_next_and_then_who_came_first(cast: Cast) -> None:
    for ordem in (ANY, ANY, DONOR, LAW, EIGHTY, LAW, EIGHTY):
        issue(cast, ordem)
    assert [serve(cast) for _ in range(7)] == ["S-005", "S-007", "P-004", "P-006", "D-003", "N-001", "N-002"]
    assert call(cast) is None


def test_only_a_first_name_is_kept(cast: Cast) -> None:
    assert issue(cast, nome="  Ana Souza 111.444.777-35 ").primeiro_nome == "Ana"


def test_yesterday_s_tickets_are_not_called(cast: Cast) -> None:
    issue(cast, minutes=-24 * 60)
    assert call(cast) is None


def test_a_call_says_who_calls_and_where_to(cast: Cast) -> None:
    issue(cast)
    ticket = call(cast, guiche=" 4 ")
    assert ticket is not None
    ticket.refresh_from_db()
    at = NOW + timedelta(minutes=30)
    assert (ticket.por, ticket.guiche, ticket.chamada_em, ticket.chamadas) == (cast.bruno, "4", at, 1)


def test_calling_again_keeps_the_first_call(cast: Cast) -> None:
    issue(cast)
    ticket = call(cast)
    later = NOW + timedelta(minutes=33)
    call_again(senha=ticket, by=cast.bruno, at=later)
    ticket.refresh_from_db()
    assert (ticket.chamada_em, ticket.ultima_chamada_em, ticket.chamadas) == (NOW + timedelta(minutes=30), later, 2)


def test_one_person_has_one_ticket_at_a_time(cast: Cast) -> None:
    first, second = issue(cast), issue(cast)
    call(cast)
    with pytest.raises(ActNotAllowed, match="Você já chamou uma senha"):
        call(cast)
    assert call(cast, by=cast.dora) == second
    assert [row.por for row in Senha.objects.order_by("pk")] == [cast.bruno, cast.dora]
    assert Senha.objects.in_hand(cast.bruno).get() == first


def test_who_did_not_come_frees_the_clerk(cast: Cast) -> None:
    issue(cast), issue(cast)
    ticket = call(cast)
    mark_absent(senha=ticket, by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi encerrada"):
        start(senha=ticket, by=cast.bruno, at=NOW)
    assert call(cast).nome == "N-002"


def test_the_acts_keep_their_order(cast: Cast) -> None:
    issue(cast)
    ticket = call(cast)
    with pytest.raises(ActNotAllowed, match="o atendimento não começou"):
        finish(senha=ticket, by=cast.bruno, at=NOW)
    start(senha=ticket, by=cast.bruno, at=NOW)
    start(senha=ticket, by=cast.bruno, at=NOW + timedelta(minutes=1))
    ticket.refresh_from_db()
    assert ticket.atendida_em == NOW
    for act in (call_again, mark_absent):
        with pytest.raises(ActNotAllowed, match="já está sendo atendida"):
            act(senha=ticket, by=cast.bruno, at=NOW)
    finish(senha=ticket, by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi encerrada"):
        finish(senha=ticket, by=cast.bruno, at=NOW)


@pytest.mark.parametrize("act", [call_again, mark_absent, start, finish])
def test_another_s_ticket_is_not_touched(cast: Cast, act) -> None:
    issue(cast)
    with pytest.raises(ActNotAllowed, match="Só quem chamou a senha N-001"):
        act(senha=call(cast), by=cast.dora, at=NOW)


def test_the_queue_is_the_counter_s(cast: Cast) -> None:
    for by in (cast.eva, cast.edu):
        with pytest.raises(ActNotAllowed, match="emitir senha"):
            issue_ticket(unidade=cast.unidade, ordem=ANY, by=by, at=NOW)
        with pytest.raises(ActNotAllowed, match="chamar senha"):
            call(cast, by=by)


def test_an_unknown_priority_and_an_unnamed_counter_are_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="prioridade"):
        issue(cast, 9)
    with pytest.raises(ContentRefused, match="guichê"):
        call(cast, guiche=" ")
    assert Senha.objects.count() == 0


@pytest.mark.parametrize(
    "nonsense",
    [
        {"ordem": 9},
        {"chamada_em": NOW},
        {"por_id": 1, "guiche": "2", "chamadas": 1},
        {"atendida_em": NOW},
        {"concluida_em": NOW},
        {"desistiu_em": NOW},
    ],
)
def test_the_database_refuses_nonsense(cast: Cast, nonsense: dict) -> None:
    ticket = issue(cast)
    told = {**nonsense, **({"por_id": cast.bruno.pk} if "por_id" in nonsense else {})}
    with pytest.raises(IntegrityError), transaction.atomic():
        Senha.objects.filter(pk=ticket.pk).update(**told)


@pytest.mark.parametrize(
    ("minutes", "waits"),
    [
        ([], Waits(0, 0, 0)),
        ([7], Waits(1, 7, 7)),
        ([30, 10, 20], Waits(3, 20, 30)),
        (range(1, 101), Waits(100, 50, 95)),
    ],
)
def test_waiting_times_by_nearest_rank(minutes, waits: Waits) -> None:
    assert Waits.of(timedelta(minutes=n) for n in minutes) == waits


def test_a_ticket_is_called_by_letter_and_number() -> None:
    assert [ticket_name(rank, 7) for rank in range(4)] == ["S-007", "P-007", "D-007", "N-007"]


class UndoError(Exception):
    """Rolls a ticket back."""


def _issue_one(cast: Cast, number: int) -> str:
    try:
        with transaction.atomic():
            made = issue(cast, number % 4)
            if number % 5 == 4:
                raise UndoError
            return made.nome
    except UndoError:
        return ""
    finally:
        connection.close()


def _call_all(cast: Cast, clerk: User) -> list[str]:
    """Call, attend and end until nobody waits."""
    served = []
    try:
        while ticket := call(cast, by=clerk, guiche=clerk.usuario):
            start(senha=ticket, by=clerk, at=NOW)
            finish(senha=ticket, by=clerk, at=NOW)
            served.append(ticket.nome)
    finally:
        connection.close()
    return served


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_issue_without_gaps_and_call_nobody_twice() -> None:
    cast = make_cast()
    clerks = []
    for n in range(20):
        clerk = User.objects.create_user(f"guiche{n}", "senha-de-teste-1", nome=f"Guichê {n}")
        Atribuicao.objects.create(user=clerk, unidade=cast.unidade, papel=Papel.ATENDENTE)
        clerks.append(clerk)
    assert all(clerk.papeis for clerk in [cast.bruno, *clerks])  # read once, so that the threads share it

    with ThreadPoolExecutor(20) as pool:
        issued = sorted(filter(None, pool.map(lambda n: _issue_one(cast, n), range(100))), key=lambda name: name[2:])
    assert [int(name[2:]) for name in issued] == list(range(1, 81))

    with ThreadPoolExecutor(20) as pool:
        served = [name for names in pool.map(lambda clerk: _call_all(cast, clerk), clerks) for name in names]
    assert sorted(served) == sorted(issued)
    assert Senha.objects.filter(concluida_em__isnull=True).count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_clerk_pressing_twenty_times_at_once_gets_one() -> None:
    cast = make_cast()
    assert cast.bruno.papeis
    for _ in range(20):
        issue(cast)

    def press(_: int) -> int:
        try:
            return int(call(cast) is not None)
        except ActNotAllowed:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(press, range(20))) == 1
    assert Senha.objects.filter(chamada_em__isnull=False).count() == 1
