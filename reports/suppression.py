"""Small cells are hidden, and with them so many others that nobody can reckon them back from the sums. Pure.

Under five people in a cell, and a neighbour knows who they are (domain, reports: profile). Hiding them alone would not
do: a row's sum less what is shown gives the one that is not. So a table hides further cells, the smallest that do,
until (decision 85)

- every hidden number can be two things at least for whoever knows all that is shown, and
- what is hidden of a row or column whose sum is shown adds up to SMALLEST, where there is that much.

Two things at least: hidden numbers can change together along a closed walk through the table, one more here, one less
there, rows and columns in turn. In a graph whose nodes are rows and columns and whose arcs are changes, such a walk is
a path back from a cell's column to its row. A sum that is hidden is one more way round.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

#: Fewer people than this are not shown.
SMALLEST = 5

Counts = Sequence[Sequence[int]]
Marks = list[list[bool]]
#: Row and column; and one of both as a node.
Cell = tuple[int, int]
Node = tuple[str, int]
#: The line of the sums.
SUMS = -1
#: What hiding one more cell costs, beside what it counts; an empty one hides nobody, so it is a poor companion.
_CELL, _EMPTY = 1, 50


def hidden_values(counts: Sequence[int], people: Sequence[int] | None = None) -> list[bool]:
    """Which values of one dimension are hidden, where their sum is known. All, where there are not enough for two.

    `people` says how many people are behind each count, where somebody may be counted more than once.
    """
    small = people or counts
    hidden = [0 < number < SMALLEST for number in small]
    left = sorted((count, place) for place, count in enumerate(counts) if not hidden[place] and count)
    while any(hidden) and (sum(hidden) == 1 or _sum(counts, hidden) < SMALLEST) and left:
        hidden[left.pop(0)[1]] = True
    alone = sum(hidden) == 1 or (any(hidden) and _sum(counts, hidden) < SMALLEST)
    return [True] * len(hidden) if alone else hidden


def hidden_cells(
    counts: Counts, rows: Sequence[bool], columns: Sequence[bool], people: Counts | None = None
) -> Marks | None:
    """Which cells are hidden, where the sums not marked in `rows` and `columns` are shown, and the sum of all.

    None where no choice of cells would do: then the table cannot be shown at all.
    """
    small = people or counts
    table = _Table(counts, rows, columns, [[0 < number < SMALLEST for number in line] for line in small])
    if not table.settle():
        return None
    return [[table.hidden[row, column] for column in range(len(columns))] for row in range(len(rows))]


class _Table:
    """A table with its sums, and what of both is hidden so far. The line SUMS holds the sums; their own is known."""

    def __init__(self, counts: Counts, rows: Sequence[bool], columns: Sequence[bool], hidden: Marks) -> None:
        self.rows, self.columns = range(len(rows)), range(len(columns))
        cells = {(row, column): counts[row][column] for row in self.rows for column in self.columns}
        down = {(row, SUMS): sum(counts[row]) for row in self.rows}
        across = {(SUMS, column): sum(line[column] for line in counts) for column in self.columns}
        self.counts: dict[Cell, int] = cells | down | across
        self.hidden: dict[Cell, bool] = {(row, column): hidden[row][column] for row, column in cells}
        self.hidden |= {(row, SUMS): mark for row, mark in enumerate(rows)}
        self.hidden |= {(SUMS, column): mark for column, mark in enumerate(columns)}

    def settle(self) -> bool:
        """Hide what must be hidden as well; whether that was enough. Who can change still can when more is hidden."""
        changing: set[Cell] = set()
        while (
            unsure := [cell for cell, mark in self.hidden.items() if mark and cell not in changing] or self._thin_line()
        ):
            for cell in unsure:
                self.hidden[cell] = True
                walk = self._walk(cell)
                if walk is None:
                    return False
                self.hidden.update(dict.fromkeys(walk, True))
                changing.update([cell, *walk])
        return True

    def _walk(self, cell: Cell) -> list[Cell] | None:
        """The cells that must be hidden as well for this one to change; None where it cannot."""
        row, column = ("row", cell[0]), ("column", cell[1])
        more, less = (column, row), (row, column)
        ways = [self._path(*(less if SUMS in cell else more), without=cell)]
        if self.counts[cell]:
            ways.append(self._path(*(more if SUMS in cell else less), without=cell))
        found = [way for way in ways if way is not None]
        return min(found)[1] if found else None

    def _path(self, start: Node, end: Node, *, without: Cell) -> tuple[int, list[Cell]] | None:
        """The cheapest way round, and which shown cells it hides: the fewer and the smaller they are, the cheaper."""
        seen: set[Node] = set()
        queue: list[tuple[int, Node, list[Cell]]] = [(0, start, [])]
        while queue:
            cost, node, hides = heapq.heappop(queue)
            if node == end:
                return cost, hides
            if node not in seen:
                seen.add(node)
                for neighbour, cell in self._arcs(node):
                    if cell != without:
                        more = [] if self.hidden[cell] else [cell]
                        heapq.heappush(queue, (cost + self._price(cell), neighbour, hides + more))
        return None

    def _arcs(self, node: Node) -> Iterator[tuple[Node, Cell]]:
        """From a row to a column a cell grows; the other way it shrinks, if there is something. With sums, reversed."""
        kind, place = node
        for number in (SUMS, *(self.columns if kind == "row" else self.rows)):
            cell = (place, number) if kind == "row" else (number, place)
            of_sums = SUMS in cell
            if cell == (SUMS, SUMS) or (of_sums and not self.hidden[cell]):
                continue
            grows = (kind == "row") != of_sums
            if grows or self.counts[cell]:
                yield ("column" if kind == "row" else "row", number), cell

    def _price(self, cell: Cell) -> int:
        if self.hidden[cell]:
            return 0
        return self.counts[cell] + _CELL if self.counts[cell] else _EMPTY

    def _thin_line(self) -> list[Cell]:
        """A further cell of a line whose hidden cells are together fewer than SMALLEST, where the sum is shown."""
        lines = {(row, SUMS): [(row, column) for column in self.columns] for row in self.rows}
        lines |= {(SUMS, column): [(row, column) for row in self.rows] for column in self.columns}
        for known, line in lines.items():
            inside = sum(self.counts[cell] for cell in line if self.hidden[cell])
            shown = [(self.counts[cell], cell) for cell in line if not self.hidden[cell] and self.counts[cell]]
            if not self.hidden[known] and 0 < inside < SMALLEST and shown:
                return [min(shown)[1]]
        return []


def _sum(counts: Sequence[int], hidden: Sequence[bool]) -> int:
    return sum(count for count, mark in zip(counts, hidden, strict=True) if mark)
