"""Who is served first (Lei 10.048/2000; Lei 10.741/2003 art. 3 §2)."""

from __future__ import annotations

from datetime import date

import pytest

from parties.models import Prioridade
from parties.priority import age_on, priority_rank

TODAY = date(2026, 3, 4)  # Wednesday


@pytest.mark.parametrize(
    ("grounds", "birth", "rank"),
    [
        ([], None, 3),
        ([], date(1990, 1, 1), 3),
        ([], date(1966, 3, 5), 3),  # 60 tomorrow
        ([], date(1966, 3, 4), 1),  # 60 today
        ([], date(1946, 3, 5), 1),  # 80 tomorrow
        ([], date(1946, 3, 4), 0),  # 80 today
        ([Prioridade.PCD], None, 1),
        ([Prioridade.TEA], None, 1),
        ([Prioridade.GESTANTE], None, 1),
        ([Prioridade.LACTANTE], None, 1),
        ([Prioridade.CRIANCA_DE_COLO], None, 1),
        ([Prioridade.OBESO], None, 1),
        ([Prioridade.MOBILIDADE_REDUZIDA], None, 1),
        ([Prioridade.DOADOR_DE_SANGUE], None, 2),
        ([Prioridade.DOADOR_DE_SANGUE, Prioridade.PCD], None, 1),
        ([Prioridade.DOADOR_DE_SANGUE], date(1940, 1, 1), 0),
    ],
)
def test_rank(grounds: list[str], birth: date | None, rank: int) -> None:
    assert priority_rank(grounds, birth, today=TODAY) == rank


def test_someone_born_on_29_february_is_a_year_older_on_1_march() -> None:
    assert (age_on(date(2000, 2, 29), date(2026, 2, 28)), age_on(date(2000, 2, 29), date(2026, 3, 1))) == (25, 26)
