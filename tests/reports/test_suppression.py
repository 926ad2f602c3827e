"""Small cells, and what is hidden with them so that no sum gives them back; held against brute force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.suppression import SMALLEST, hidden_cells, hidden_values

X = True


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([10, 20, 30], [0, 0, 0]),
        ([10, 0, 30], [0, 0, 0]),  # nobody is nobody's secret
        ([4, 20, 30], [X, X, 0]),  # alone it would be the total less the rest; the smallest goes with it
        ([4, 0, 30], [X, 0, X]),  # an empty one hides nobody
        ([4, 4, 30], [X, X, 0]),
        ([1, 1, 7, 30], [X, X, X, 0]),  # two hidden ones that are two together: each is one
        ([2, 2, 7, 30], [X, X, X, 0]),  # four together are still too few
        ([3, 0, 0], [X, X, X]),
        ([1, 2], [X, X]),
        ([5, 0], [0, 0]),
        ([], []),
    ],
)
def test_one_dimension(counts: list[int], hidden: list[int]) -> None:
    assert hidden_values(counts) == [bool(mark) for mark in hidden]


def test_few_people_who_came_often_are_few_people() -> None:
    assert hidden_values([40, 20, 30], people=[2, 20, 30]) == [True, True, False]
    assert hidden_cells([[40, 20], [30, 50]], [False] * 2, [False] * 2, people=[[2, 9], [9, 9]]) == [[True] * 2] * 2


@pytest.mark.parametrize(
    ("counts", "rows", "columns", "hidden"),
    [
        ([[9, 8], [7, 6]], [0, 0], [0, 0], [[0, 0], [0, 0]]),
        ([[3, 8], [7, 6]], [0, 0], [0, 0], [[X, X], [X, X]]),
        # three more make a rectangle: the smallest of them
        ([[3, 8, 9], [7, 6, 50], [20, 30, 40]], [0, 0, 0], [0, 0, 0], [[X, X, 0], [X, X, 0], [0, 0, 0]]),
        # what is hidden together in a row is at least five
        ([[1, 1, 9], [1, 1, 9], [9, 9, 9]], [0, 0, 0], [0, 0, 0], [[X, X, X], [X, X, X], [X, X, 0]]),
        # sums that are hidden themselves leave a way round
        ([[3, 20], [0, 40]], [0, 0], [X, X], [[X, X], [0, 0]]),
        # a sum that is hidden is not to be added up from its cells
        ([[10, 20], [30, 40]], [0, 0], [X, X], [[X, X], [0, 0]]),
        # everybody in one row: each cell is its column's sum
        ([[3, 20], [0, 0]], [0, 0], [0, 0], None),
    ],
)
def test_two_dimensions(counts: list[list[int]], rows: list[int], columns: list[int], hidden: object) -> None:
    found = hidden_cells(counts, [bool(mark) for mark in rows], [bool(mark) for mark in columns])

    assert found == (hidden and [[bool(mark) for mark in line] for line in hidden])


Table = list[list[int]]


def tables_like(
    counts: Table, hidden: list[list[bool]], rows: Sequence[bool], columns: Sequence[bool]
) -> Iterator[Table]:
    """Every table that agrees with all that is shown of this one, by trying, cell after cell."""
    table = [[0] * len(columns) for _ in rows]
    cells = [(row, column) for row in range(len(rows)) for column in range(len(columns))]

    def room(row: int, column: int) -> list[tuple[int, bool]]:
        """What is left of each known sum for this cell, and whether it is the last one to take of it."""
        last = (column == len(columns) - 1, row == len(rows) - 1)
        left = [(sum(map(sum, counts)) - sum(map(sum, table)), all(last))]
        if not rows[row]:
            left.append((sum(counts[row]) - sum(table[row]), last[0]))
        if not columns[column]:
            left.append((sum(line[column] for line in counts) - sum(line[column] for line in table), last[1]))
        return left

    def grown(place: int) -> Iterator[Table]:
        if place == len(cells):
            yield [list(line) for line in table]
            return
        row, column = cells[place]
        left = room(row, column)
        wanted = range(min(rest for rest, _ in left) + 1)
        for value in wanted if hidden[row][column] else [counts[row][column]]:
            if all(value == rest or (value < rest and not last) for rest, last in left):
                table[row][column] = value
                yield from grown(place + 1)
                table[row][column] = 0

    return grown(0)


def given_away(counts: Table, hidden: list[list[bool]], rows: Sequence[bool], columns: Sequence[bool]) -> list[object]:
    """The hidden cells and sums that are the same in every table that agrees with what is shown."""
    shape = [(row, column) for row in range(len(rows)) for column in range(len(columns))]
    secret: dict[object, set[int]] = {cell: set() for cell in shape if hidden[cell[0]][cell[1]]}
    secret |= {("row", row): set() for row, mark in enumerate(rows) if mark}
    secret |= {("column", column): set() for column, mark in enumerate(columns) if mark}
    for table in tables_like(counts, hidden, rows, columns):
        for key, values in secret.items():
            if len(values) < 2:
                values.add(_value(table, key))
        if all(len(values) > 1 for values in secret.values()):
            return []
    return [key for key, values in secret.items() if len(values) < 2]


def _value(table: Table, key: object) -> int:
    kind, place = key  # type: ignore[misc]
    if kind == "row":
        return sum(table[place])
    return sum(line[place] for line in table) if kind == "column" else table[kind][place]


sizes = st.tuples(st.integers(2, 3), st.integers(2, 3))
small_tables = sizes.flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 7]), min_size=size[1], max_size=size[1]),
        min_size=size[0], max_size=size[0],
    )
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(small_tables, st.booleans())
def test_nobody_gets_a_hidden_number_back(counts: Table, known_columns: bool) -> None:
    upright = [list(line) for line in zip(*counts, strict=True)]
    rows = hidden_values([sum(line) for line in counts])
    columns = [False] * len(upright) if known_columns else hidden_values([sum(line) for line in upright])
    hidden = hidden_cells(counts, rows, columns)

    if sum(map(sum, counts)) < SMALLEST or hidden is None:
        return
    small = {(r, c) for r, line in enumerate(counts) for c, n in enumerate(line) if 0 < n < SMALLEST}
    assert small <= {(r, c) for r, line in enumerate(hidden) for c, mark in enumerate(line) if mark}
    assert given_away(counts, hidden, rows, columns) == []


@settings(max_examples=25, deadline=None)
@given(small_tables)
def test_a_table_with_sums_of_its_own_can_always_be_shown(counts: Table) -> None:
    upright = [list(line) for line in zip(*counts, strict=True)]
    rows, columns = (hidden_values([sum(line) for line in way]) for way in (counts, upright))

    assert sum(map(sum, counts)) < SMALLEST or hidden_cells(counts, rows, columns) is not None
