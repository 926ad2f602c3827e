"""The reclamações of the demonstration: each supplier is heard, and the authority decides; what the year allows."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import localdate

from accounts.models import User
from cases import services as cases
from cases.models import Atendimento, Classificacao, Defesa, Proposta, Reclamacao, Reclamado
from procon.demo import words
from procon.demo.agenda import at_hour
from procon.demo.post import means
from procon.demo.stage import Stage

#: What is decided about a supplier who defended itself; one who stayed silent has against it what was told.
CLASSES = {
    "fundamentada_atendida": 46,
    "fundamentada_nao_atendida": 32,
    "nao_fundamentada": 14,
    "consulta_fornecida": 4,
    "encerrada": 4,
}
SILENT = {"fundamentada_atendida": 20, "fundamentada_nao_atendida": 80}


def complain(case: Atendimento, stage: Stage, *, motivo: str, at: datetime) -> None:
    """Open the reclamação of a case and take it as far as the year goes (YearOverError past its end)."""
    complaint = cases.open_reclamacao(atendimento=case, by=case.atendente, at=at, motivo=motivo, cartas=False)
    parties = list(Reclamado.objects.filter(atendimento=case).select_related("fornecedor").order_by("pk"))
    notices = [_notify(party, case.atendente, stage, at=stage.later(at, 1)) for party in parties]
    heard = _hear(notices, stage)
    proposals = _propose(complaint, parties, stage, at=stage.later(heard, stage.rng.randrange(4, 15)))
    at = stage.later(heard, stage.rng.randrange(16, 30))
    decisions = [_decide(proposal, stage, at=at) for proposal in proposals]
    final = max(_let_become_final(_serve(decision, stage), stage) for decision in decisions)
    if stage.rng.random() < 0.8:
        cases.archive(reclamacao=complaint, by=stage.coordinator, at=stage.later(final, stage.rng.randrange(1, 10)))


def _notify(party: Reclamado, clerk: User, stage: Stage, *, at: datetime) -> Defesa:
    """Send the carta de abertura, and record its receipt."""
    meio, delay = means(party, stage.rng)
    notice = cases.notify_reclamado(reclamado=party, meio=meio, by=clerk, at=at)
    at = stage.later(at, delay) if delay else at + timedelta(minutes=5)
    return cases.receive_notice(defesa=notice, on=localdate(at), by=clerk, at=at)


def _hear(notices: list[Defesa], stage: Stage) -> datetime:
    """Wait for every defence, or the end of its term, in the order of the days; gives the last moment."""
    rng, turns = stage.rng, list[tuple[datetime, bool, Defesa]]()
    for notice in notices:
        assert notice.prazo is not None
        assert notice.recebida_em is not None
        if silent := rng.random() < 0.15:
            at = stage.early(notice.prazo.vence_em + timedelta(days=1))
        else:
            at = stage.later(at_hour(notice.recebida_em, time(9)), rng.randrange(3, 10))
        turns.append((at, silent, notice))
    turns.sort(key=lambda turn: turn[0])
    for at, silent, notice in turns:
        if silent:
            cases.lapse_defence(defesa=notice, by=stage.cast.sistema, at=at)
        else:
            cases.receive_defence(defesa=notice, texto=words.answer(rng), by=stage.clerk(), at=at)
    return turns[-1][0]


def _propose(complaint: Reclamacao, parties: list[Reclamado], stage: Stage, *, at: datetime) -> list[Proposta]:
    """The technical opinion, which proposes a class for each supplier."""
    silent = set(
        Defesa.objects.filter(reclamacao=complaint, revelia_em__isnull=False).values_list("reclamado", flat=True)
    )
    classes = [stage.pick(SILENT if party.pk in silent else CLASSES) for party in parties]
    proposals = [
        Proposta(reclamado=party, valor=valor, motivo=words.REASONS[valor])
        for party, valor in zip(parties, classes, strict=True)
    ]
    cases.write_opinion(
        reclamacao=complaint,
        analise=words.ANALYSIS,
        base_legal=words.LAW,
        propostas=proposals,
        by=stage.clerk(),
        at=at,
    )
    return proposals


def _decide(proposal: Proposta, stage: Stage, *, at: datetime) -> Classificacao:
    return cases.decide(
        reclamado=proposal.reclamado,
        valor=proposal.valor,
        motivo=proposal.motivo,
        base_legal=words.LAW,
        by=stage.cast.users["edu"],
        at=at,
    )


def _serve(decision: Classificacao, stage: Stage) -> Classificacao:
    at = stage.later(decision.decidida_em, stage.rng.randrange(3, 9))
    return cases.serve_decision(classificacao=decision, on=localdate(at), by=stage.clerk(), at=at)


def _let_become_final(decision: Classificacao, stage: Stage) -> datetime:
    """The term of appeal passes, and the office's clock writes down that nobody appealed."""
    assert decision.prazo is not None
    at = stage.early(decision.prazo.vence_em + timedelta(days=1))
    cases.finalize(decision, today=localdate(at), by=stage.cast.sistema, at=at)
    return at
