"""Who is served first, by law, and in which order. Pure.

Source: Lei 10.048/2000 as amended by Lei 14.626/2023; Lei 10.741/2003 art. 3 §2 (the 80+ before the other elderly).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

BLOOD_DONOR = "doador_de_sangue"
#: 0 is served first.
RANK_80_PLUS, RANK_BY_LAW, RANK_BLOOD_DONOR, RANK_NONE = 0, 1, 2, 3


def age_on(birth: date, today: date) -> int:
    """Full years of age on a day."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def priority_rank(grounds: Iterable[str], birth: date | None, *, today: date) -> int:
    """Rank from 0 (80 or older) over 1 (by law) and 2 (blood donor) to 3 (none).

    `grounds` are values of parties.models.Prioridade.
    """
    age = age_on(birth, today) if birth else 0
    held = set(grounds)
    if age >= 80:
        return RANK_80_PLUS
    if age >= 60 or held - {BLOOD_DONOR}:
        return RANK_BY_LAW
    if BLOOD_DONOR in held:
        return RANK_BLOOD_DONOR
    return RANK_NONE
