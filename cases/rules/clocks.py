"""Which terms of the consumer run from the dates that were told at the counter (CDC arts. 18, 26 and 49).

Pure: names the rule of deadlines/data/regras.toml and the day that starts it; how many days it has, and when it ends,
is counted by deadlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: The rules of deadlines/data/regras.toml that are advice to a consumer.
REPAIR, WITHDRAWAL = "cdc_conserto", "cdc_arrependimento"
#: Art. 26, I and II: what does not last has 30 days, what lasts has 90.
DECAY = {
    "produto_nao_duravel": "cdc_reclamar_nao_duravel",
    "servico_nao_duravel": "cdc_reclamar_nao_duravel",
    "produto_duravel": "cdc_reclamar_duravel",
    "servico_duravel": "cdc_reclamar_duravel",
}
RULES = (WITHDRAWAL, REPAIR, *dict.fromkeys(DECAY.values()))
#: Art. 49: bought outside the supplier's premises.
AWAY = frozenset({"internet", "telefone", "domicilio", "catalogo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was told about the purchase. `proven` says whether the complaint to the supplier can be shown."""

    forma_compra: str = ""
    natureza: str = ""
    compra: date | None = None
    entrega: date | None = None
    defeito: date | None = None
    oculto: bool = False
    contato: date | None = None
    proven: bool = False
    negado: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One term: its rule, the day that starts it (None: not started yet), and from when to when it stood still."""

    rule: str
    start: date | None
    stopped_from: date | None = None
    stopped_until: date | None = None


def clocks(facts: Facts) -> list[Clock]:
    """The terms that these facts set running, the shortest first."""
    found = [_withdrawal(facts), _repair(facts), _decay(facts)]
    return [clock for clock in found if clock is not None]


def moved_end(clock: Clock, ends: date) -> date | None:
    """The last day, given the day on which the term would have ended; None while it stands still.

    Art. 26 §2 I: a proven complaint to the supplier stops the term until the refusal. Whether it then starts anew is
    disputed; advice names the safe day, on which only the days that were left are added.
    """
    if clock.stopped_from is None or clock.stopped_from > ends:
        return ends
    if clock.stopped_until is None:
        return None
    return ends + min(clock.stopped_until - clock.stopped_from, date.max - ends)


def _withdrawal(facts: Facts) -> Clock | None:
    """Art. 49: seven days from the receipt of the product, or from the signing where nothing is delivered."""
    if facts.forma_compra not in AWAY:
        return None
    if facts.natureza.startswith("produto"):
        return Clock(WITHDRAWAL, facts.entrega)
    start = facts.entrega or facts.compra
    return Clock(WITHDRAWAL, start) if start else None


def _repair(facts: Facts) -> Clock | None:
    """Art. 18 §1: thirty days from the complaint of the defect to the supplier; products only."""
    if facts.defeito is None or not facts.natureza.startswith("produto"):
        return None
    return Clock(REPAIR, facts.contato)


def _decay(facts: Facts) -> Clock | None:
    """Art. 26: from the delivery (§1), or from the discovery of a hidden defect (§3)."""
    rule = DECAY.get(facts.natureza)
    start = facts.defeito if facts.oculto else facts.entrega or facts.compra
    if rule is None or facts.defeito is None or start is None:
        return None
    stopped = facts.contato if facts.proven else None
    return Clock(rule, start, stopped, facts.negado if stopped else None)
