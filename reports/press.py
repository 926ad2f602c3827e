"""Numbers and the paragraph for the press, in the newspapers' own way. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing that is counted: its words and its gender."""

    singular: str
    plural: str
    feminine: bool = False


ATENDIMENTO = Noun("atendimento", "atendimentos")
ABERTURA = Noun("abertura de AP (Atendimento Preliminar)", "aberturas de AP (Atendimento Preliminar)", feminine=True)
NFP = Noun("desbloqueio de senha da Nota Fiscal Paulista", "desbloqueios de senha da Nota Fiscal Paulista")
CONSULTA = Noun("consulta de caso", "consultas de casos", feminine=True)
ENCAMINHAMENTO = Noun("encaminhamento", "encaminhamentos")
CIP = Noun("CIP (Carta de Informações Preliminares)", "CIPs (Cartas de Informações Preliminares)", feminine=True)
AUDIENCIA = Noun("audiência de conciliação", "audiências de conciliação", feminine=True)

#: (thousands' unit, singular, plural); one decimal figure is kept.
_SCALES = ((1_000, "mil", "mil"), (1_000_000, "milhão", "milhões"), (1_000_000_000, "bilhão", "bilhões"))


def rounded(number: int) -> str:
    """A count as newspapers print it: exact below a thousand, then with one decimal.

    648 → «648»; 1000 → «mil»; 4400 → «4,4 mil»; 1_500_000 → «1,5 milhão»; 112_000_000 → «112 milhões».
    Half is rounded up; 999_950 carries over to «1 milhão».
    """
    if number < 0:
        raise ValueError("a count is never negative")
    if number < 1_000:
        return str(number)
    fitting = [scale for scale in _SCALES if _tenths(number, scale[0]) < 10_000]
    unit, singular, plural = fitting[0] if fitting else _SCALES[-1]
    tenths = _tenths(number, unit)
    if unit == 1_000 and tenths == 10:
        return "mil"
    whole, tenth = divmod(tenths, 10)
    figure = f"{whole},{tenth}" if tenth else str(whole)
    return f"{figure} {singular if tenths < 20 else plural}"


def _tenths(number: int, unit: int) -> int:
    """How many tenths of the unit, half up."""
    return (number * 10 + unit // 2) // unit


def counted(number: int, noun: Noun) -> str:
    """A rounded count with its noun: «1 atendimento», «4,4 mil atendimentos», «2 milhões de atendimentos»."""
    words = rounded(number)
    link = "de " if words.endswith(("ão", "ões")) else ""
    return f"{words} {link}{noun.singular if number == 1 else noun.plural}"


def percentage(part: int, whole: int) -> str:
    """A share with one decimal, half up: «45,7%»; a dash where there is nothing to share."""
    if whole == 0:
        return "–"
    tenths = (part * 2_000 + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"


def change(before: int, now: int) -> str:
    """By how much a count differs from the one before: «+12,5%», «−3,0%»; a dash where there was nothing before."""
    return f"{100 * (now - before) / before:+.1f}%".replace("-", "−").replace(".", ",") if before else "–"


def paragraph(
    *,
    quando: str,
    atendimentos: int,
    aps: int,
    nfps: int,
    consultas: int,
    encaminhamentos: int,
    cips: int,
    audiencias: int,
) -> str:
    """The paragraph for the press about one period (`quando`: «em 2023», «de 01/03/2023 a 15/04/2023»)."""
    first = _opening(atendimentos, quando)
    parts = [(aps, ABERTURA), (nfps, NFP), (consultas, CONSULTA), (encaminhamentos, ENCAMINHAMENTO)]
    among = [counted(number, noun) for number, noun in parts if number]
    if among:
        first += (": " if atendimentos == 1 else ", entre eles ") + _listed(among)
    done = [
        f"{_verb(number)} {_participle(stem, number, noun)} {counted(number, noun)}"
        for number, noun, stem in ((cips, CIP, "emitid"), (audiencias, AUDIENCIA, "realizad"))
        if number
    ]
    second = " e ".join(done)
    return f"{first}. {second[0].upper()}{second[1:]}." if second else f"{first}."


def _opening(atendimentos: int, quando: str) -> str:
    if not atendimentos:
        return f"No Procon, não foram realizados atendimentos {quando}"
    verb = f"{_verb(atendimentos)} {_participle('realizad', atendimentos, ATENDIMENTO)}"
    return f"No Procon, {verb} {counted(atendimentos, ATENDIMENTO)} {quando}"


def _verb(number: int) -> str:
    return "foi" if number == 1 else "foram"


def _participle(stem: str, number: int, noun: Noun) -> str:
    return stem + ("a" if noun.feminine else "o") + ("" if number == 1 else "s")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} e {words[-1]}"
