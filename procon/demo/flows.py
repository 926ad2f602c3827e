"""What becomes of each case: its acts, one after another, by the people who may do them."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases import services as cases
from cases.models import CIP, Atendimento, Contato
from procon.demo import words
from procon.demo.agenda import YearOverError
from procon.demo.decisions import complain
from procon.demo.hearings import hear
from procon.demo.plan import CasePlan
from procon.demo.post import means
from procon.demo.stage import Stage

#: How a case ends when the CIP is answered and no hearing follows.
AFTER_ANSWER = {
    "resolvido_cip": 66,
    "resolvido_parcial": 9,
    "sem_resolucao": 12,
    "improcedencia": 6,
    "desistencia": 7,
}
#: The CIP's own resultado, where it is more telling than what closing the case would write.
CIP_RESULTS = {
    "resolvido_cip": {"resolucao_total": 80, "mera_liberalidade": 10, "acordo": 10},
    "resolvido_parcial": {"resolucao_parcial": 1},
    "sem_resolucao": {"sem_resolucao": 75, "consulta_fornecida": 25},
    "improcedencia": {"improcedencia": 1},
    "desistencia": {"desistencia": 1},
}
OTHERWISE = {"orientado": 55, "desistencia": 25, "domicilio_inconsistente": 10, "duplicidade": 6, "litispendencia": 4}


def follow(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    """Let the case take its course; what would fall after the year's end does not happen."""
    try:
        _WAYS.get(plan.rumo or plan.tipo, _nothing)(case, plan, stage)
    except YearOverError:
        return


def _nothing(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    """A tipo that is closed when it is registered."""


def _settled(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    clerk = case.atendente
    at = _call(case, stage, case.aberto_em, "resolvido")
    cases.settle_at_once(atendimento=case, by=clerk, at=at + timedelta(minutes=3))


def _left_open(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    """The supplier did not answer the telephone; an old case is closed by inertia, a recent one still waits."""
    at = _call(case, stage, case.aberto_em, "sem_contato")
    at = stage.later(at, 45)
    cases.close_case(
        atendimento=case, desfecho="desistencia", by=stage.coordinator, at=at, motivo="Inércia", cartas=False
    )


def _closed_otherwise(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    at = _call(case, stage, case.aberto_em, "nao_resolvido")
    at = stage.later(at, stage.rng.randrange(1, 15))
    cases.close_case(atendimento=case, desfecho=stage.pick(OTHERWISE), by=case.atendente, at=at, cartas=False)


def _calculation(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    at = case.aberto_em + timedelta(minutes=25)
    cases.close_case(atendimento=case, desfecho="orientado", by=case.atendente, at=at, cartas=False)


def _straight_to_complaint(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    at = _call(case, stage, case.aberto_em, "nao_resolvido")
    motivo = "Fornecedor reincidente, prova completa."
    cases.open_reclamacao(
        atendimento=case, by=case.atendente, at=at + timedelta(minutes=5), motivo=motivo, cartas=False
    )
    _complaint(case, plan, stage)


def _complaint(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    if plan.audiencia:
        hear(case, list(case.reclamados.all()), plan, stage, after=stage.later(case.aberto_em, 1))
        return
    at = stage.later(case.aberto_em, stage.rng.randrange(40, 120))
    ending = stage.pick({"acordo": 30, "sem_resolucao": 50, "resolvido_parcial": 10, "desistencia": 10})
    cases.close_case(atendimento=case, desfecho=ending, by=stage.coordinator, at=at, cartas=False)


def _by_letter(case: Atendimento, plan: CasePlan, stage: Stage) -> None:
    at = _call(case, stage, case.aberto_em, "nao_resolvido")
    asked = list(case.reclamados.select_related("fornecedor"))[: plan.cips]
    letters = [cases.issue_cip(reclamado=reclamado, by=case.atendente, at=at) for reclamado in asked]
    ended = [_correspond(letter, stage) for letter in letters]
    last = max(ended, key=lambda pair: pair[1])[1]
    answered = any(done for done, _ in ended)
    if plan.audiencia:
        hear(case, asked, plan, stage, after=stage.later(last, 1))
    else:
        _close_after_letters(case, letters, stage, after=last, answered=answered)


def _correspond(letter: CIP, stage: Stage) -> tuple[bool, datetime]:
    """Send a CIP and wait: (whether it was answered, when the answer came or the term ended)."""
    rng, clerk = stage.rng, letter.reclamado.atendimento.atendente
    meio, delay = means(letter.reclamado, rng)
    at = stage.later(letter.emitida_em, rng.randrange(2))
    at = max(at, letter.emitida_em + timedelta(minutes=10))
    cases.send_cip(cip=letter, meio=meio, by=clerk, at=at)
    at = stage.later(at, delay) if delay else at + timedelta(minutes=5)
    received = at.date()
    cases.acknowledge_cip(cip=letter, on=received, by=clerk, at=at)
    if rng.random() < 0.17 and letter.prazo:
        at = stage.early(letter.prazo.vence_em + timedelta(days=1))
        cases.lapse_cip(cip=letter, by=stage.cast.sistema, at=at)
        return False, at
    at = stage.later(at, rng.randrange(2, 10))
    cases.answer_cip(cip=letter, resposta=words.answer(rng), by=clerk, at=at)
    return True, at


def _close_after_letters(
    case: Atendimento, letters: list[CIP], stage: Stage, *, after: datetime, answered: bool
) -> None:
    rng = stage.rng
    at = stage.later(after, rng.randrange(3, 26))
    if rng.random() < (0.12 if answered else 0.45):
        complain(case, stage, motivo="A carta não trouxe solução.", at=at)
        return
    ending = stage.pick(AFTER_ANSWER) if answered else "sem_resolucao"
    for letter in letters:
        result = stage.pick(CIP_RESULTS[ending]) if letter.respondida_em else "decurso"
        cases.close_cip(cip=letter, resultado=result, by=case.atendente, at=at)
    cases.close_case(atendimento=case, desfecho=ending, by=case.atendente, at=at + timedelta(minutes=2), cartas=False)


def _call(case: Atendimento, stage: Stage, at: datetime, resultado: str) -> datetime:
    """The call to each supplier, with the consumer present; gives the moment after the last."""
    for reclamado in case.reclamados.select_related("fornecedor"):
        at += timedelta(minutes=stage.rng.randrange(8, 15))
        answered = resultado != Contato.Resultado.SEM_CONTATO
        cases.record_contact(
            reclamado=reclamado,
            resultado=resultado,
            by=case.atendente,
            at=at,
            com_quem=words.spoken_with(stage.rng) if answered else "",
        )
    return at + timedelta(minutes=4)


_WAYS = {
    "resolvido": _settled,
    "aberto": _left_open,
    "outro": _closed_otherwise,
    "reclamacao": _straight_to_complaint,
    "cip": _by_letter,
    "calculo": _calculation,
    "abertura_direta": _complaint,
    "de_oficio": _complaint,
}
