"""Bar charts as geometry for a template: no script, no inline style, an alternative in words. Pure.

Coordinates are strings, so that no template writes them with a thousands separator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 680
#: Blue on white, 8.6:1; the text is gray 80 on white, 12.6:1.
FILL, INK, GRID = "#1351b4", "#333333", "#cccccc"
#: A year beside the one before it: dark blue 80 and a gray. Against white and against each other 3:1 at least, also
#: for who sees no red, no green or no blue (tests/reports/test_colours.py reckons it).
NOW, BEFORE = "#0c326f", "#8f8f8f"

_BAR, _STEP, _LABELS, _VALUES = 22, 32, 250, 60
_PLOT, _FOOT, _HEAD = 180, 26, 22

Pair = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar with its label and its value, and where each of them stands."""

    x: str
    y: str
    largura: str
    altura: str
    rotulo: str
    rotulo_x: str
    rotulo_y: str
    valor: str
    valor_x: str
    valor_y: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready to be drawn; `ancora` and `ancora_valor` are SVG text anchors, `extensao` a full bar's length."""

    chave: str
    titulo: str
    descricao: str
    largura: int
    altura: int
    ancora: str
    ancora_valor: str
    base: tuple[str, str, str, str]
    marcas: list[Mark]
    cor: str = FILL
    tinta: str = INK
    eixo: str = GRID
    extensao: int = _PLOT
    deitado: bool = False


def bars(chave: str, titulo: str, pairs: Sequence[Pair], *, as_given: bool = False) -> Chart:
    """Lying bars for things with long names, longest first or as given; what did not occur is left to the table."""
    shown = [pair for pair in pairs if pair[1]]
    if not as_given:
        shown.sort(key=lambda pair: -pair[1])
    room = WIDTH - _LABELS - _VALUES
    top = max((value for _, value in shown), default=1)
    marks = [
        Mark(
            x=str(_LABELS),
            y=str(row * _STEP + 5),
            largura=_number(room * value / top),
            altura=str(_BAR),
            rotulo=label,
            rotulo_x=str(_LABELS - 10),
            rotulo_y=str(row * _STEP + 21),
            valor=grouped(value),
            valor_x=_number(_LABELS + room * value / top + 8),
            valor_y=str(row * _STEP + 21),
        )
        for row, (label, value) in enumerate(shown)
    ]
    height = max(1, len(shown)) * _STEP
    axis = (str(_LABELS), "0", str(_LABELS), str(height))
    return Chart(
        chave, titulo, described(shown), WIDTH, height, "end", "start", axis, marks, extensao=room, deitado=True
    )


def columns(chave: str, titulo: str, pairs: Sequence[Pair]) -> Chart:
    """Standing columns in the order given, zeros included, for time; values are written where there is room."""
    slot = WIDTH / max(1, len(pairs))
    top = max((value for _, value in pairs), default=0) or 1
    marks = []
    for place, (label, value) in enumerate(pairs):
        height = _PLOT * value / top
        middle = _number(slot * (place + 0.5))
        marks.append(
            Mark(
                x=_number(slot * (place + 0.15)),
                y=_number(_HEAD + _PLOT - height),
                largura=_number(slot * 0.7),
                altura=_number(height),
                rotulo=label[:3],
                rotulo_x=middle,
                rotulo_y=str(_HEAD + _PLOT + 18),
                valor=grouped(value) if value and len(pairs) <= 12 else "",
                valor_x=middle,
                valor_y=_number(_HEAD + _PLOT - height - 6),
            )
        )
    axis = ("0", str(_HEAD + _PLOT), str(WIDTH), str(_HEAD + _PLOT))
    return Chart(chave, titulo, described(pairs), WIDTH, _HEAD + _PLOT + _FOOT, "middle", "middle", axis, marks)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of two rows: where it stands."""

    x: str
    y: str
    largura: str
    altura: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rows of columns side by side: of each its name, its colour and its columns; and the names below."""

    chave: str
    titulo: str
    descricao: str
    largura: int
    altura: int
    base: str
    series: list[tuple[str, str, list[Column]]]
    rotulos: list[tuple[str, str, str]]
    tinta: str = INK
    eixo: str = GRID


def compared(
    chave: str, titulo: str, labels: Sequence[str], before: tuple[str, Sequence[int]], now: tuple[str, Sequence[int]]
) -> Comparison:
    """Two periods of as many stretches, each a name and its numbers, on one scale."""
    slot = WIDTH / max(1, len(labels))
    top = max([*before[1], *now[1]], default=0) or 1
    series = []
    for place, ((name, values), colour) in enumerate(((before, BEFORE), (now, NOW))):
        start = 0.1 + 0.4 * place
        marks = [_upright(slot * (number + start), slot * 0.4, value, top) for number, value in enumerate(values)]
        series.append((name, colour, marks))
    words = [(_number(slot * (place + 0.5)), str(_HEAD + _PLOT + 26), label[:3]) for place, label in enumerate(labels)]
    told = " ".join(f"{name}: {grouped(sum(values))}." for name, values in (now, before))
    base, height = str(_HEAD + _PLOT), _HEAD + _PLOT + 36
    return Comparison(chave, titulo, f"{told} Os números estão na tabela abaixo.", WIDTH, height, base, series, words)


def _upright(x: float, width: float, value: int, top: int) -> Column:
    height = _PLOT * value / top
    return Column(_number(x), _number(_HEAD + _PLOT - height), _number(width), _number(height))


def described(pairs: Sequence[Pair]) -> str:
    """What a chart shows, in one sentence for whoever does not see it."""
    total = sum(value for _, value in pairs)
    if not total:
        return "Nenhum registro no período."
    most, least = max(pairs, key=lambda pair: pair[1]), min(pairs, key=lambda pair: pair[1])
    if len(pairs) == 1:
        return f"Total {grouped(total)}: {most[0]}."
    return (
        f"Total {grouped(total)}. Maior: {most[0]}, {grouped(most[1])}. Menor: {least[0]}, {grouped(least[1])}. "
        "Os números estão na tabela abaixo."
    )


def grouped(number: int) -> str:
    """An integer with Brazilian thousands: 4.400."""
    return f"{number:,}".replace(",", ".")


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
