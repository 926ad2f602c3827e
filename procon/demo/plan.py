"""What will happen in the demonstration year: how many of everything, and when each case is opened. No database.

The proportions are those of the city's own balance of 2023 where it publishes them, and of other towns' practice where
it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from procon.demo.agenda import Days, at_hour

#: A year at scale 1, as the city counted it.
ATENDIMENTOS, APS, CIPS, HELD = 4_400, 2_700, 1_100, 648
#: Hearings that end otherwise, in shares of those held.
ABSENT_SHARE, CANCELLED_SHARE = 0.17, 0.07
#: A case opened later than this before the year's end may not reach its hearing within the year.
LEAD = timedelta(days=64)

OTHER_TIPOS = {
    "nota_fiscal_paulista": 580,
    "consulta_de_caso": 420,
    "simples_consulta": 260,
    "encaminhamento": 250,
    "calculo": 90,
    "extra_procon": 50,
    "abertura_direta": 30,
    "inicial_jec": 15,
    "de_oficio": 5,
}
#: What becomes of an AP to which no CIP is issued.
WITHOUT_CIP = {"resolvido": 1_330, "reclamacao": 150, "outro": 130, "aberto": 90}
_COUNTER = {"pessoal": 74, "telefone": 12, "portal": 8, "email": 5, "carta": 1}
CANAIS: Mapping[str, Mapping[str, int]] = {
    "consulta_de_caso": {"telefone": 52, "pessoal": 38, "email": 10},
    "nota_fiscal_paulista": {"pessoal": 100},
    "calculo": {"pessoal": 90, "email": 10},
    "simples_consulta": {"pessoal": 45, "telefone": 45, "email": 10},
    "de_oficio": {"de_oficio": 100},
}


@dataclass(slots=True)
class CasePlan:
    """One case to be registered, and what is to become of it."""

    aberto_em: datetime
    tipo: str
    canal: str
    #: Who comes, as a place in the list of people; 0 is Ana.
    pessoa: int = 0
    fornecedores: int = 1
    #: "cip" or a key of WITHOUT_CIP, for an AP.
    rumo: str = ""
    cips: int = 0
    #: "realizada", "ausencia", "cancelada" or nothing.
    audiencia: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The exact counts of a year at some scale."""

    atendimentos: int
    aps: int
    cips: int
    realizadas: int

    @classmethod
    def at(cls, escala: float) -> Totals:
        """The counts at a scale: 1 is the city's year."""
        return cls(*(max(1, round(count * escala)) for count in (ATENDIMENTOS, APS, CIPS, HELD)))

    @property
    def pessoas(self) -> int:
        """How many people come in the year; some come again."""
        return self.atendimentos * 72 // 100 + 2


def make_plan(totals: Totals, days: Days, rng: Random) -> list[CasePlan]:
    """The year's cases in the order in which they are opened. The first is an AP, so that others can refer to it."""
    opened = sorted(
        at_hour(day, time(9), rng.randrange(5, 440))
        for day in rng.choices(days.all, weights=days.weights(), k=totals.atendimentos)
    )
    others = shares(OTHER_TIPOS, totals.atendimentos - totals.aps)
    tipos = ["atendimento_preliminar"] * (totals.aps - 1) + spread(others)
    rng.shuffle(tipos)
    tipos.insert(0, "atendimento_preliminar")
    cases = [
        CasePlan(moment, tipo, _pick(CANAIS.get(tipo, _COUNTER), rng))
        for moment, tipo in zip(opened, tipos, strict=True)
    ]
    for case in cases:
        case.pessoa = rng.randrange(totals.pessoas)
        case.fornecedores = rng.choices((1, 2, 3), weights=(870, 115, 15))[0]
    cases[0].pessoa = 0
    _choose_ways(cases, totals, days, rng)
    _choose_hearings(cases, totals, days, rng)
    return cases


def shares(weights: Mapping[str, int], total: int) -> dict[str, int]:
    """`total` divided in proportion to the weights, exactly (largest remainder)."""
    whole = sum(weights.values())
    counts = {key: weight * total // whole for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: -(weights[key] * total % whole))
    for key in by_remainder[: total - sum(counts.values())]:
        counts[key] += 1
    return counts


def spread(counts: Mapping[str, int]) -> list[str]:
    """Each key as often as it counts."""
    return [key for key, count in counts.items() for _ in range(count)]


def _choose_ways(cases: list[CasePlan], totals: Totals, days: Days, rng: Random) -> None:
    """Give each AP its way; exactly `totals.cips` CIPs, one per supplier of the cases that get them."""
    aps = [case for case in cases if case.tipo == "atendimento_preliminar"]
    rng.shuffle(aps)
    early = [case for case in aps if case.aberto_em < _limit(days)]
    sure = early[: totals.realizadas * 3 // 4 + 3]
    chosen = {id(case) for case in sure}
    left = totals.cips
    for case in [*sure, *(case for case in aps if id(case) not in chosen)]:
        if not left:
            break
        case.rumo, case.cips = "cip", min(case.fornecedores, left)
        left -= case.cips
    rest = [case for case in aps if not case.rumo]
    ways = spread(shares(WITHOUT_CIP, len(rest)))
    rng.shuffle(ways)
    for case, way in zip(rest, ways, strict=True):
        case.rumo = way


def _choose_hearings(cases: list[CasePlan], totals: Totals, days: Days, rng: Random) -> None:
    """Exactly `totals.realizadas` cases whose hearing is held; then some that end otherwise, if cases are left."""
    formal = [case for case in cases if case.rumo == "reclamacao" or case.tipo == "abertura_direta"]
    letters = [case for case in cases if case.rumo == "cip"]
    able = [case for case in formal + letters if case.aberto_em < _limit(days)]
    rng.shuffle(able)
    wanted = (
        ["realizada"] * totals.realizadas
        + ["ausencia"] * round(totals.realizadas * ABSENT_SHARE)
        + ["cancelada"] * round(totals.realizadas * CANCELLED_SHARE)
    )
    for case, ending in zip(able, wanted, strict=False):
        case.audiencia = ending


def _limit(days: Days) -> datetime:
    return at_hour(days.last, time(0)) - LEAD


def _pick(weights: Mapping[str, int], rng: Random) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]
