"""Many CIPs at once: the law of one, the statements of a few, and for whoever is refused the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import acts
from cases.models import CIP, Reclamado
from cases.services.cip import BY_MAIL, check_issue, check_sending, cip_message, lock_cases, sending
from cases.services.letters import CODE_GROUPS, hash_of_code, issue_cip_letters
from cases.services.returning import stop_returns
from documents.codes import new_code
from notifications.services import enqueue_many
from workflow.errors import Refusal
from workflow.integrity import sentence_of
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
        with transaction.atomic():
            for some in _rounds(chunk):
                done |= _issue(some, by=by, at=at)
    return [done.get(key, Outcome(key, None, GONE)) for key in reclamados]


def send_cips(*, rastreios: Mapping[int, str], meio: str, by: User, at: datetime) -> list[Outcome]:
    """Record how these CIPs (by key, each with its tracking number or "") left, as `send_cip` does for one.

    One transaction for every CHUNK. By e-mail or electronically the messages go to the outbox with it.
    """
    done: dict[int, Outcome] = {}
    for chunk in _chunks(list(rastreios)):
        done |= _send({key: rastreios[key] for key in chunk}, meio, by=by, at=at)
    return [done.get(key, Outcome(key, None, GONE)) for key in rastreios]


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


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


@transaction.atomic
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
            enqueue_many([cip_message(move.instance, addresses[move.instance.pk], at=at) for move in moves])
    return done
