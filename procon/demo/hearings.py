"""The hearings of the demonstration: scheduled with their lead, moved, held, missed, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from cases import services as cases
from cases.models import Atendimento, Reclamado
from hearings import services as tables
from hearings.models import Audiencia, Presenca
from procon.demo import people
from procon.demo.decisions import complain
from procon.demo.plan import CasePlan
from procon.demo.stage import Stage

HELD = {"acordo": 55, "acordo_parcial": 6, "sem_acordo": 39}
ABSENT = {"ausente_fornecedor": 44, "ausente_consumidor": 48, "ausentes_ambos": 8}
PAPERS = "RG e CPF"


def hear(case: Atendimento, asked: Sequence[Reclamado], plan: CasePlan, stage: Stage, *, after: datetime) -> None:
    """Schedule a hearing of the case and let it end as planned."""
    audiencia = _schedule(case, asked, stage, at=after)
    at = stage.later(after, 1)
    tables.notify(audiencia=audiencia, by=stage.clerk(), at=at, como="e-mail e carta")
    if plan.audiencia == "realizada" and stage.rng.random() < 0.1 and _has_room(audiencia, stage):
        audiencia = _move(audiencia, case, stage, at=at + timedelta(minutes=20))
    elif stage.rng.random() < 0.6:
        tables.confirm(audiencia=audiencia, by=stage.clerk(), at=stage.later(at, 1), quem="fornecedor")
    {"realizada": _hold, "ausencia": _miss, "cancelada": _cancel}[plan.audiencia](audiencia, case, asked, stage)


def _schedule(case: Atendimento, asked: Sequence[Reclamado], stage: Stage, *, at: datetime) -> Audiencia:
    online = stage.rng.random() < 0.18
    start, room, person = _slot(case, stage, at=at, online=online)
    by = stage.clerk()
    made = tables.schedule(
        atendimento=case,
        reclamados=asked,
        sala=stage.sala(room),
        conciliador=stage.conciliador(person),
        inicio=start,
        modalidade="virtual" if online else "presencial",
        by=by,
        at=at,
    )
    tables.announce(audiencias=[made], by=by, at=at)
    return made


def _slot(case: Atendimento, stage: Stage, *, at: datetime, online: bool) -> tuple[datetime, int, int]:
    """A free slot after the minimum lead; near the year's end, the first there is."""
    wish = localtime(at).date() + timedelta(days=stage.rng.randrange(12, 20))
    first = min(wish, max(stage.days.last, localtime(at).date() + timedelta(days=12)))
    return stage.agenda.take(first, case.consumidor_id or 0, stage.rng, online=online)


def _has_room(audiencia: Audiencia, stage: Stage) -> bool:
    """Whether another date still fits into the year."""
    return localtime(audiencia.inicio).date() + timedelta(days=30) < stage.days.last


def _move(audiencia: Audiencia, case: Atendimento, stage: Stage, *, at: datetime) -> Audiencia:
    online = audiencia.modalidade == "virtual"
    start, room, person = _slot(case, stage, at=at, online=online)
    stage.agenda.give_back(audiencia.inicio, audiencia.sala_id, audiencia.conciliador_id, case.consumidor_id or 0)
    motivo = stage.rng.choice(("Pedido do consumidor.", "Pedido do fornecedor.", "Conciliador em curso."))
    by = stage.clerk()
    made = tables.reschedule(
        audiencia=audiencia,
        sala=stage.sala(room),
        conciliador=stage.conciliador(person),
        inicio=start,
        motivo=motivo,
        by=by,
        at=at,
    )
    tables.announce(audiencias=[made], by=by, at=at)
    return made


def _hold(audiencia: Audiencia, case: Atendimento, asked: Sequence[Reclamado], stage: Stage) -> None:
    rng, person = stage.rng, stage.conciliador(audiencia.conciliador_id)
    at = audiencia.inicio + timedelta(minutes=rng.randrange(22, 33))
    result = stage.pick(HELD)
    rows = [_consumer(case, audiencia), *_agents(asked, audiencia, stage)]
    tables.hold(audiencia=audiencia, resultado=result, presencas=rows, by=person, at=at)
    at += timedelta(minutes=6)
    ending = {"acordo": "acordo", "acordo_parcial": "resolvido_parcial"}.get(result)
    if ending:
        cases.close_case(atendimento=case, desfecho=ending, by=person, at=at, cartas=False)
    else:
        _unsettled(case, stage, at=at)


def _miss(audiencia: Audiencia, case: Atendimento, asked: Sequence[Reclamado], stage: Stage) -> None:
    at, person = audiencia.inicio + timedelta(minutes=18), stage.conciliador(audiencia.conciliador_id)
    result = stage.pick(ABSENT)
    rows = {
        "ausente_fornecedor": [_consumer(case, audiencia)],
        "ausente_consumidor": _agents(asked, audiencia, stage),
        "ausentes_ambos": [],
    }[result]
    tables.record_absence(audiencia=audiencia, resultado=result, presencas=rows, by=person, at=at)
    if result == "ausente_fornecedor":
        _unsettled(case, stage, at=at + timedelta(minutes=6))
        return
    at = stage.later(at, 8)
    motivo = "Ausência do consumidor não justificada no prazo."
    cases.close_case(atendimento=case, desfecho="desistencia", by=stage.coordinator, at=at, motivo=motivo, cartas=False)


def _cancel(audiencia: Audiencia, case: Atendimento, asked: Sequence[Reclamado], stage: Stage) -> None:
    at = audiencia.inicio - timedelta(days=stage.rng.randrange(1, 4), minutes=stage.rng.randrange(60))
    tables.cancel(audiencia=audiencia, motivo="O fornecedor resolveu antes da audiência.", by=stage.clerk(), at=at)
    stage.agenda.give_back(audiencia.inicio, audiencia.sala_id, audiencia.conciliador_id, case.consumidor_id or 0)
    cases.close_case(
        atendimento=case, desfecho="acordo", by=stage.coordinator, at=at + timedelta(minutes=5), cartas=False
    )


def _unsettled(case: Atendimento, stage: Stage, *, at: datetime) -> None:
    """No agreement: the formal complaint, or the way to the small-claims court."""
    rng, status = stage.rng, Atendimento.Status
    if case.status == status.AGUARDA_CONSUMIDOR and rng.random() < 0.5:
        complain(case, stage, motivo="Sem acordo em audiência.", at=at)
        return
    at = stage.later(at, rng.randrange(1, 30))
    cases.close_case(
        atendimento=case,
        desfecho="sem_resolucao",
        by=stage.coordinator,
        at=at,
        motivo="Orientado ao JEC.",
        cartas=False,
    )


def _consumer(case: Atendimento, audiencia: Audiencia) -> Presenca:
    return Presenca(
        qualidade="consumidor",
        nome=str(case.consumidor),
        chegou_em=audiencia.inicio - timedelta(minutes=8),
        documentos=PAPERS,
    )


def _agents(asked: Sequence[Reclamado], audiencia: Audiencia, stage: Stage) -> list[Presenca]:
    return [
        Presenca(
            qualidade="preposto",
            reclamado=reclamado,
            nome=people.full_name(stage.rng),
            chegou_em=audiencia.inicio - timedelta(minutes=3),
            documentos=f"{PAPERS}, carta de preposição",
        )
        for reclamado in asked
    ]
