"""Many CIPs at once: the law of one, the statements of a few, and for whoever is refused the reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from accounts.models import User
from cases import acts
from cases.models import CIP, Reclamado
from cases.services.cip import (
    ANSWER,
    BY_MAIL,
    check_issue,
    check_receipt,
    check_result,
    check_sending,
    cip_messages,
    closing,
    presumption_promise,
    received,
    sending,
)
from cases.services.letters import CODE_GROUPS, hash_of_code, issue_cip_letters
from cases.services.returning import lock_cases, stop_returns
from deadlines.models import Prazo
from deadlines.services import counting
from deadlines.services.terms import hold_calendar
from documents.codes import new_code
from notifications.services import enqueue_many
from workflow.errors import Refusal
from workflow.integrity import sentence_of, whole
from workflow.services import Move, advance_many, check_allowed, event, record_many

#: So many letters in one transaction: what is lost when the process dies, and how long a case stays locked.
CHUNK = 50
GONE = "Este registro não existe mais. Atualize a página."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one reclamado or CIP (`numero`, its key): the CIP, or why not."""

    numero: int
    cip: CIP | None
    motivo: str = ""


def issue_cips(*, reclamados: Sequence[int], by: User, at: datetime) -> list[Outcome]:
    """Issue a CIP to each of these reclamados (by key), as `issue_cip` does; in the given order, each with its outcome.

    One transaction for every CHUNK. A refused one does not stop the rest; an interruption loses the chunk in hand.
    """
    done: dict[int, Outcome] = {}
    for chunk in _chunks(list(dict.fromkeys(reclamados))):
        done |= _issue_chunk(chunk, by=by, at=at)
    return [done.get(key, Outcome(key, None, GONE)) for key in reclamados]


def send_cips(*, rastreios: Mapping[int, str], meio: str, by: User, at: datetime) -> list[Outcome]:
    """Record how these CIPs (by key, each with its tracking number or "") left, as `send_cip` does for one.

    One transaction for every CHUNK. By e-mail or electronically the messages go to the outbox with it.
    """
    done: dict[int, Outcome] = {}
    for chunk in _chunks(list(rastreios)):
        done |= _send({key: rastreios[key] for key in chunk}, meio, by=by, at=at)
    return [done.get(key, Outcome(key, None, GONE)) for key in rastreios]


def acknowledge_cips(*, dias: Mapping[int, date], by: User, at: datetime) -> list[Outcome]:
    """Record the proven receipt of these CIPs (by key, each with its day), as `acknowledge_cip` does for one.

    One transaction for every CHUNK; each one's term starts on its own day.
    """
    done: dict[int, Outcome] = {}
    for chunk in _chunks(list(dias)):
        done |= _acknowledge({key: dias[key] for key in chunk}, by=by, at=at)
    return [done.get(key, Outcome(key, None, GONE)) for key in dias]


def close_cips(*, cips: Sequence[int], resultado: str, by: User, at: datetime) -> list[Outcome]:
    """Close these CIPs (by key) with one resultado, as `close_cip` does for one; one transaction for every CHUNK."""
    check_result(resultado)
    done: dict[int, Outcome] = {}
    for chunk in _chunks(list(cips)):
        done |= _close(chunk, resultado, by=by, at=at)
    return [done.get(key, Outcome(key, None, GONE)) for key in cips]


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


@whole
def _issue_chunk(keys: Sequence[int], *, by: User, at: datetime) -> dict[int, Outcome]:
    done: dict[int, Outcome] = {}
    for some in _rounds(keys):
        done |= _issue(some, by=by, at=at)
    return done


def _rounds(keys: Sequence[int]) -> Iterator[list[Reclamado]]:
    """The reclamados, each case at most once in a round: the second letter of a case follows the first one's event."""
    cases = dict(Reclamado.objects.filter(pk__in=keys).values_list("pk", "atendimento_id"))
    lock_cases(set(cases.values()))
    rounds: list[list[int]] = []
    seen: dict[int, int] = {}
    for key in (key for key in keys if key in cases):
        turn = seen[cases[key]] = seen.get(cases[key], -1) + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(key)
    for some in rounds:
        yield list(Reclamado.objects.for_letters().filter(pk__in=some).order_by("atendimento_id"))


def _issue(reclamados: Sequence[Reclamado], *, by: User, at: datetime) -> dict[int, Outcome]:
    """Issue to those who may have one. Their cases are locked, so that nobody else issues meanwhile."""
    running = set(
        CIP.objects.filter(reclamado__in=reclamados)
        .exclude(status=CIP.Status.BAIXADA)
        .values_list("reclamado", flat=True)
    )
    refused: dict[int, Outcome] = {}
    codes: dict[Reclamado, str] = {}
    for reclamado in reclamados:
        if reason := _why_not_issue(reclamado, running, by=by):
            refused[reclamado.pk] = Outcome(reclamado.pk, None, reason)
        else:
            codes[reclamado] = new_code(CODE_GROUPS)
    return refused | {cip.reclamado_id: Outcome(cip.reclamado_id, cip) for cip in _write(codes, by=by, at=at)}


def _why_not_issue(reclamado: Reclamado, running: set[int], *, by: User) -> str:
    try:
        check_issue(reclamado.atendimento, by=by)
    except Refusal as refusal:
        return refusal.message
    return sentence_of(CIP, "cip_uma_em_andamento") if reclamado.pk in running else ""


def _write(codes: Mapping[Reclamado, str], *, by: User, at: datetime) -> list[CIP]:
    if not codes:
        return []
    letters = issue_cip_letters(codes, by=by, at=at)
    cips = CIP.objects.bulk_create(
        [
            CIP(reclamado=reclamado, emitida_em=at, documento=letter, codigo_hash=hash_of_code(code))
            for (reclamado, code), letter in zip(codes.items(), letters, strict=True)
        ]
    )
    record_many(
        [
            event(cip, "EMITIR_CIP", by=by, at=at, para=cip.status, fornecedor=str(cip.reclamado.fornecedor))
            for cip in cips
        ]
    )
    cases = [reclamado.atendimento for reclamado in codes]
    stop_returns(cases, at=at)
    advance_many([Move(instance=case) for case in cases], acts.EMITIR_CIP, by=by, at=at)
    return cips


@whole
def _send(rastreios: Mapping[int, str], meio: str, *, by: User, at: datetime) -> dict[int, Outcome]:
    done: dict[int, Outcome] = {}
    moves, addresses = [], {}
    for cip in CIP.objects.for_sending().filter(pk__in=rastreios).order_by("pk").select_for_update(of=("self",)):
        try:
            addresses[cip.pk] = check_sending(cip, meio)
            check_allowed(cip, acts.ENVIAR_CIP, by=by)
        except Refusal as refusal:
            done[cip.pk] = Outcome(cip.pk, None, refusal.message)
        else:
            moves.append(Move(instance=cip, changes=sending(meio, rastreios[cip.pk], at=at), dados={"meio": meio}))
            done[cip.pk] = Outcome(cip.pk, cip)
    if moves:
        advance_many(moves, acts.ENVIAR_CIP, by=by, at=at)
        if meio in BY_MAIL:
            promise = presumption_promise(meio, at=at)
            letters = [cip_messages(move.instance, addresses[move.instance.pk], promise, at=at) for move in moves]
            enqueue_many(chain.from_iterable(letters))
    return done


@whole
def _acknowledge(dias: Mapping[int, date], *, by: User, at: datetime) -> dict[int, Outcome]:
    hold_calendar(to_change=False)
    count, terms = counting(ANSWER), {}

    def move(cip: CIP) -> Move:
        day = dias[cip.pk]
        check_receipt(cip, day, by=by, at=at)
        terms[cip.pk] = prazo = count.new(cip.historico_id, start=day)
        return Move(instance=cip, changes={"cientificada_em": day}, dados=received(day, prazo))

    moves, done = _movable(dias, move)
    Prazo.objects.bulk_create(terms.values())
    for item in moves:
        item.changes["prazo_id"] = terms[item.instance.pk].pk
    advance_many(moves, acts.DAR_CIENCIA, by=by, at=at)
    return done


@whole
def _close(keys: Sequence[int], resultado: str, *, by: User, at: datetime) -> dict[int, Outcome]:
    def move(cip: CIP) -> Move:
        check_allowed(cip, acts.BAIXAR_CIP, by=by)
        return Move(instance=cip, changes=closing(resultado, at=at), dados={"resultado": resultado})

    moves, done = _movable(keys, move)
    advance_many(moves, acts.BAIXAR_CIP, by=by, at=at)
    return done


def _movable(keys: Collection[int], move: Callable[[CIP], Move]) -> tuple[list[Move], dict[int, Outcome]]:
    """What `move` makes of each of these CIPs, locked in one order, and the outcome of each: done, or why refused."""
    moves, done = [], {}
    rows = CIP.objects.select_related("reclamado__atendimento").filter(pk__in=keys).order_by("pk")
    for cip in rows.select_for_update(of=("self",)):
        try:
            moves.append(move(cip))
        except Refusal as refusal:
            done[cip.pk] = Outcome(cip.pk, None, refusal.message)
        else:
            done[cip.pk] = Outcome(cip.pk, cip)
    return moves, done
