"""The consumer's terms, counted from what was told and put in words for the clerk (CDC arts. 18, 26 and 49)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.models import Atendimento, Compra
from cases.rules.clocks import REPAIR, RULES, WITHDRAWAL, Clock, Facts, clocks, moved_end
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.models import RegraDePrazo
from deadlines.rules import Term, compute
from deadlines.services import Known, as_rule

_TITLES = {
    WITHDRAWAL: "Arrependimento da compra à distância",
    REPAIR: "Conserto do defeito pelo fornecedor",
}
_RUNNING = {
    WITHDRAWAL: "Até lá o consumidor desiste sem dizer por quê e recebe tudo de volta.",
    REPAIR: "Até lá o fornecedor pode consertar; produto essencial não espera (CDC, art. 18, § 3º).",
}
_OVER = {
    WITHDRAWAL: "Desistir sem motivo já não cabe; confira se houve defeito ou descumprimento da oferta.",
    REPAIR: "Sem conserto, o consumidor escolhe: troca, dinheiro de volta ou abatimento (CDC, art. 18, § 1º, I a III).",
}
_NOT_YET = {
    WITHDRAWAL: "Ainda não corre: conta do recebimento do produto.",
    REPAIR: "Ainda não corre: conta da reclamação ao fornecedor. Oriente a reclamar por escrito, com protocolo.",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One term of the consumer: until when, what follows, how it was counted, and the norm. `state` is
    corre, parado, terminou or nao_comecou.
    """

    title: str
    state: str
    text: str
    ends: date | None
    explanation: str
    source: str


def facts_of(case: Atendimento, compra: Compra) -> Facts:
    """What a stored case tells about its purchase."""
    return Facts(
        forma_compra=compra.forma_compra,
        natureza=compra.natureza,
        compra=case.data_compra,
        entrega=compra.data_entrega,
        defeito=compra.data_defeito,
        oculto=compra.oculto,
        contato=compra.contato_em,
        proven=bool(compra.contato_protocolo),
        negado=compra.contato_negado_em,
    )


def advise(facts: Facts, *, today: date, known: Known | None = None) -> list[Advice]:
    """The consumer's terms in words, each with its norm; two queries, none where no term runs or all is `known`.

    The office's own suspensions (a recess) stop its proceedings, not the consumer's rights, so they are not applied.
    A day for which no rule or calendar is loaded gives no advice rather than a wrong one.
    """
    running = clocks(facts)
    if not running:
        return []
    known = known or Known()
    rules = [row for row in known.rules if row.nome in RULES]
    found = [_advice(clock, rules, known.calendar, facts, today) for clock in running]
    return [advice for advice in found if advice is not None]


def _advice(clock: Clock, known: list[RegraDePrazo], calendar: Calendar, facts: Facts, today: date) -> Advice | None:
    row = _in_force(known, clock.rule, clock.start or today)
    if row is None:
        return None
    title = _TITLES.get(clock.rule, "Prazo para reclamar do defeito")
    if clock.start is None:
        return Advice(title, "nao_comecou", _NOT_YET[clock.rule], None, "", row.fonte)
    term = _count(row, clock.start, calendar)
    if term is None:
        return None
    ends = moved_end(clock, term.ends)
    state = "parado" if ends is None else "corre" if ends >= today else "terminou"
    explanation = term.explanation if ends == term.ends else f"{term.explanation}; {_stop_in_words(clock)}"
    return Advice(title, state, _words(clock, state, facts), ends, explanation, row.fonte)


def _in_force(known: list[RegraDePrazo], name: str, day: date) -> RegraDePrazo | None:
    fitting = [
        row
        for row in known
        if row.nome == name and row.vigente_de <= day and (row.vigente_ate is None or row.vigente_ate >= day)
    ]
    return fitting[-1] if fitting else None


def _count(row: RegraDePrazo, start: date, calendar: Calendar) -> Term | None:
    try:
        return compute(as_rule(row), start, calendar)
    except OutsideCalendarError:
        return None


def _stop_in_words(clock: Clock) -> str:
    begun = f"parado desde {clock.stopped_from:%d/%m/%Y} (CDC, art. 26, § 2º, I)"
    return f"{begun} até {clock.stopped_until:%d/%m/%Y}" if clock.stopped_until else begun


def _words(clock: Clock, state: str, facts: Facts) -> str:
    if clock.rule in _RUNNING:
        return _RUNNING[clock.rule] if state != "terminou" else _OVER[clock.rule]
    if state == "parado":
        return "Parado pela reclamação ao fornecedor, até a resposta negativa dele."
    if state == "terminou":
        return "O direito de reclamar deste defeito pode ter caducado; veja garantia contratual e defeito oculto."
    if facts.contato and not facts.proven:
        return "A reclamação ao fornecedor só para este prazo se for provada: anote o protocolo que ele deu."
    return "Uma reclamação provada ao fornecedor para este prazo."
