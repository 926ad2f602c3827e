"""The charts' colours can be told apart: from the paper and from each other, by whatever eyes."""

from __future__ import annotations

from itertools import combinations

import pytest

from reports.charts import BEFORE, FILL, INK, NOW

#: What remains of red, green and blue for who lacks one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1).
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
WHITE = "#ffffff"
#: WCAG 2.1, 1.4.11: what is needed to understand a picture; 1.4.3: text.
OF_PARTS, OF_TEXT = 3, 4.5


def luminance(colour: str, eyes: str) -> float:
    """How bright a colour is to these eyes, from 0 to 1."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    seen = [sum(part * value for part, value in zip(row, linear, strict=True)) for row in EYES[eyes]]
    red, green, blue = (min(1.0, max(0.0, value)) for value in seen)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, eyes: str) -> float:
    """The ratio of WCAG: 1 for the same, 21 for black and white."""
    darker, lighter = sorted((luminance(one, eyes), luminance(other, eyes)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_that_of_wcag() -> None:
    assert round(contrast("#000000", WHITE, "all cones"), 2) == 21
    assert round(contrast("#767676", WHITE, "all cones"), 2) == 4.54


@pytest.mark.parametrize("eyes", EYES)
def test_columns_stand_out_from_the_paper_and_from_their_neighbours(eyes: str) -> None:
    pairs = [*combinations((NOW, BEFORE, WHITE), 2), (FILL, WHITE)]

    assert {pair: round(contrast(*pair, eyes), 2) for pair in pairs if contrast(*pair, eyes) < OF_PARTS} == {}
    assert contrast(INK, WHITE, eyes) > OF_TEXT
