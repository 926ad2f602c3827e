"""Pages by cursor: whole, in order, and steady while somebody inserts."""

from __future__ import annotations

import base64
import json
from datetime import date

import pytest
from django.db import connection
from django.db.models import Case, Value, When
from django.test.utils import CaptureQueriesContext

from listing.pages import COUNT_CAP, PAGE_SIZE, Page, capped, capped_count, keyset_page
from parties.models import Consumidor

BY_NAME = ("nome", "id")


def people(*names: str) -> list[Consumidor]:
    return [Consumidor.objects.create(nome=name) for name in names]


def read(query: dict[str, str] | None = None, *, order: tuple[str, ...] = BY_NAME, size: int = 2) -> Page:
    return keyset_page(Consumidor.objects.all(), order, query or {}, size=size)


def names(page: Page) -> list[str]:
    return [row.nome for row in page.rows]


def walk(order: tuple[str, ...] = BY_NAME, size: int = 2) -> list[list[str]]:
    """Every page from the first to the last."""
    page = read(order=order, size=size)
    seen = [names(page)]
    while page.next:
        page = read({"depois": page.next}, order=order, size=size)
        seen.append(names(page))
    return seen


def test_every_row_comes_once_and_in_order(db: None) -> None:
    people("Davi", "Ana", "Caio", "Bia", "Eva")
    assert walk() == [["Ana", "Bia"], ["Caio", "Davi"], ["Eva"]]


def test_a_descending_order_is_walked_the_other_way(db: None) -> None:
    people("Davi", "Ana", "Caio")
    assert walk(("-nome", "-id")) == [["Davi", "Caio"], ["Ana"]]


def test_rows_with_the_same_name_are_told_apart_by_the_last_field(db: None) -> None:
    same = people("Ana", "Ana", "Ana", "Ana", "Ana")
    first = read()
    second = read({"depois": first.next or ""})
    third = read({"depois": second.next or ""})
    assert [row.pk for page in (first, second, third) for row in page.rows] == [row.pk for row in same]


def test_the_first_page_has_no_neighbour_before_and_the_last_none_after(db: None) -> None:
    people("Ana", "Bia", "Caio")
    first = read()
    last = read({"depois": first.next or ""})
    assert (first.previous, last.next) == (None, None)
    assert (names(last), last.previous is not None) == (["Caio"], True)


def test_a_page_that_is_just_full_has_no_next(db: None) -> None:
    people("Ana", "Bia")
    assert (names(read()), read().next) == (["Ana", "Bia"], None)


def test_back_gives_the_page_one_came_from(db: None) -> None:
    people("Ana", "Bia", "Caio", "Davi", "Eva")
    first = read()
    second = read({"depois": first.next or ""})
    third = read({"depois": second.next or ""})
    back = read({"antes": third.previous or ""})
    assert (names(back), names(read({"antes": back.previous or ""}))) == (["Caio", "Davi"], ["Ana", "Bia"])
    assert names(read({"depois": back.next or ""})) == ["Eva"]


def test_who_goes_back_to_the_beginning_finds_no_page_before(db: None) -> None:
    people("Ana", "Bia", "Caio")
    last = read({"depois": read().next or ""})
    assert read({"antes": last.previous or ""}).previous is None


def test_rows_inserted_while_one_reads_neither_repeat_nor_hide_others(db: None) -> None:
    people("Bia", "Caio", "Davi", "Eva")
    first = read()
    people("Ana", "Aldo", "Dalva")
    second = read({"depois": first.next or ""})
    third = read({"depois": second.next or ""})
    assert [names(page) for page in (first, second, third)] == [["Bia", "Caio"], ["Dalva", "Davi"], ["Eva"]]


def test_a_row_deleted_while_one_reads_hides_no_other(db: None) -> None:
    rows = people("Ana", "Bia", "Caio", "Davi")
    first = read()
    rows[1].delete()
    assert names(read({"depois": first.next or ""})) == ["Caio", "Davi"]


def test_a_page_is_one_query_without_count_or_offset(db: None) -> None:
    people("Ana", "Bia", "Caio", "Davi", "Eva")
    cursor = read().next or ""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        read({"depois": cursor})
    sql = [query["sql"] for query in asked.captured_queries]
    assert len(sql) == 1
    assert ("COUNT(" in sql[0], "OFFSET" in sql[0], "LIMIT 3" in sql[0]) == (False, False, True)


def test_a_page_has_fifty_rows_unless_told_otherwise(db: None) -> None:
    Consumidor.objects.bulk_create(Consumidor(nome=f"Ana {number:03}") for number in range(51))
    assert (PAGE_SIZE, len(keyset_page(Consumidor.objects.all(), BY_NAME, {}).rows)) == (50, 50)


def test_an_empty_list_is_one_empty_page(db: None) -> None:
    assert read() == Page([], None, None)


def test_a_cursor_past_the_end_gives_an_empty_page_with_no_neighbour(db: None) -> None:
    people("Ana")
    assert read({"depois": cursor("Zuleica", "1")}) == Page([], None, None)


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "x",
        "não é base64",
        "A" * 2001,
        cursor(),
        cursor("Ana"),
        cursor("Ana", "1", "2"),
        cursor("Ana", "um"),
        cursor("Ana", 1),
        cursor(None, "1"),
        cursor("A\x00na", "1"),
        cursor(["Ana"], "1"),
        base64.urlsafe_b64encode(b'{"nome": "Ana"}').decode(),
        base64.urlsafe_b64encode(b"[" * 1400).decode(),
    ],
)
def test_a_cursor_that_cannot_be_read_gives_the_first_page(db: None, written: str) -> None:
    people("Ana", "Bia", "Caio")
    assert names(read({"depois": written})) == ["Ana", "Bia"]
    assert names(read({"antes": written})) == ["Ana", "Bia"]


@pytest.mark.parametrize(("rows", "said"), [(0, "0"), (1, "1"), (3, "3"), (4, "mais de 3"), (5, "mais de 3")])
def test_a_count_stops_at_the_cap_and_says_so(db: None, rows: int, said: str) -> None:
    people(*["Ana"] * rows)
    assert capped_count(Consumidor.objects.all(), 3) == said


def test_a_count_never_reads_past_the_cap(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        capped_count(Consumidor.objects.order_by("nome"))
    sql = asked.captured_queries[0]["sql"]
    assert (COUNT_CAP, f"LIMIT {COUNT_CAP + 1}" in sql, "ORDER BY" in sql) == (10_000, True, False)


def test_a_count_is_written_in_the_brazilian_way(db: None) -> None:
    Consumidor.objects.bulk_create(Consumidor(nome="Ana") for _ in range(1001))
    assert (capped_count(Consumidor.objects.all()), capped_count(Consumidor.objects.all(), 1000)) == (
        "1.001",
        "mais de 1.000",
    )


@pytest.mark.parametrize(
    ("found", "said"), [(0, "0"), (1, "1"), (1234, "1.234"), (10_000, "10.000"), (10_001, "mais de 10.000")]
)
def test_a_stopped_count_says_so(found: int, said: str) -> None:
    assert capped(found, 10_000) == said


def test_an_annotation_orders_the_rows_too(db: None) -> None:
    people("Davi", "Ana", "Caio")
    rows = Consumidor.objects.annotate(ordem=Case(When(nome="Caio", then=Value(date.min)), default=Value(date.max)))
    order = ("ordem", "id")
    first = keyset_page(rows, order, {}, size=2)
    second = keyset_page(rows, order, {"depois": first.next or ""}, size=2)
    back = keyset_page(rows, order, {"antes": second.previous or ""}, size=2)
    assert [names(page) for page in (first, second, back)] == [["Caio", "Davi"], ["Ana"], ["Caio", "Davi"]]


def hidden(query: dict[str, str] | None = None) -> Page:
    return keyset_page(Consumidor.objects.all(), BY_NAME, query or {}, size=2, by_id=True)


def test_a_cursor_of_names_has_the_key_alone(db: None) -> None:
    rows = {row.nome: row.pk for row in people("Davi", "Ana", "Caio", "Bia", "Bia")}
    first = hidden()
    second = hidden({"depois": first.next or ""})
    third = hidden({"depois": second.next or ""})
    back = hidden({"antes": third.previous or ""})

    assert [names(page) for page in (first, second, third, back)] == [
        ["Ana", "Bia"], ["Bia", "Caio"], ["Davi"], ["Bia", "Caio"],
    ]  # fmt: skip
    assert second.next == cursor(str(rows["Caio"]))
    assert third.previous == cursor(str(rows["Davi"]))


def test_a_cursor_of_a_row_that_is_gone_gives_the_first_page(db: None) -> None:
    people("Ana", "Bia", "Caio")
    first = hidden()
    Consumidor.objects.get(nome="Bia").delete()

    assert names(hidden({"depois": first.next or ""})) == ["Ana", "Caio"]


@pytest.mark.parametrize("written", ["x", cursor(), cursor("um"), cursor("Ana", "1"), cursor("9" * 30)])
def test_a_key_that_cannot_be_read_gives_the_first_page(db: None, written: str) -> None:
    people("Ana", "Bia", "Caio")
    assert names(hidden({"depois": written})) == ["Ana", "Bia"]
    assert names(hidden({"antes": written})) == ["Ana", "Bia"]
