"""The public page, its files, and the descriptor that tells what is in them."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from opendata.exports import Forma, files_of
from tests.conftest import Cast
from tests.opendata.conftest import DATA, counts
from tests.opendata.package_rules import check_descriptor, check_rows
from tests.opendata.test_export import PAGE, _clock, exported, founded, person  # noqa: F401  the fixture acts by itself

pytestmark = pytest.mark.django_db
TYPES = {
    Forma.SIMPLES: "text/csv; charset=utf-8",
    Forma.SINDEC: "text/csv; charset=utf-8",
    Forma.PARQUET: "application/vnd.apache.parquet",
}


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_anybody_sees_the_years_and_until_when_they_reach(cast: Cast, client: Client) -> None:
    founded(cast)
    founded(cast, final=date(2026, 2, 3))
    founded(cast, final=date(2019, 2, 3))

    text = client.get(PAGE).content.decode()

    assert "<strong>Última atualização: 03/02/2026</strong>" in text
    links = [f"{PAGE}{year}/{name}" for year in (2026, 2025) for name in (
        f"reclamacoes-{year}.csv", f"reclamacoes-{year}-sindec.csv", f"reclamacoes-{year}.parquet", "datapackage.json",
    )]  # fmt: skip
    assert [part.split('"')[0] for part in text.split('href="') if part.startswith(f"{PAGE}2")] == links


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_once(
    cast: Cast, client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        founded(cast, final=date(2026 - number, 2, 3))
    with django_assert_num_queries(1):
        client.get(PAGE)


def test_an_office_without_decisions_says_so(db: None, client: Client) -> None:
    text = client.get(PAGE).content.decode()

    assert "Ainda não há reclamação fundamentada com decisão definitiva nos últimos 5 anos." in text
    assert "Última atualização" not in text


def test_a_file_is_sent_as_it_is_read_and_changes_nothing(cast: Cast, client: Client) -> None:
    founded(cast, consumidor=person())
    for one in files_of(2025):
        response = client.get(f"{PAGE}2025/{one.nome}")

        assert (response.status_code, response.streaming) == (200, True)
        assert response["Content-Type"] == TYPES[one.forma]
        assert response["Content-Disposition"] == f'attachment; filename="{one.nome}"'
        assert body(response) == b"".join(one.lines())
        assert client.head(f"{PAGE}2025/{one.nome}").content == b""
        assert client.post(f"{PAGE}2025/{one.nome}").status_code == 405


@pytest.mark.parametrize("name", ["reclamacoes-2024.csv", "nacional-2025.csv", "x", "..%2f..%2fmanage.py"])
def test_no_other_file_is_found(cast: Cast, client: Client, name: str) -> None:
    founded(cast)

    assert client.get(f"{PAGE}2025/{name}").status_code == 404


def test_the_descriptor_of_a_year_tells_what_its_files_hold(cast: Cast, client: Client) -> None:
    for number in range(6):
        founded(cast, consumidor=person(), fornecedor=(cast.loja, cast.banco)[number % 2])
    package = client.get(f"{PAGE}2025/datapackage.json").json()

    check_descriptor(package)
    assert package["created"] == "2026-11-27T12:00:00-03:00"
    assert [row["title"] for row in package["resources"]] == [
        "Reclamações fundamentadas, 2025, em tabela simples",
        "Reclamações fundamentadas, 2025, nas 23 colunas do Sindec",
        "Reclamações fundamentadas, 2025, em Parquet",
    ]
    for row in package["resources"][:2]:
        assert check_rows(row, body(client.get(f"{PAGE}2025/{row['path']}"))) == 6


def test_the_descriptor_of_a_folder_tells_what_its_files_hold(cast: Cast, tmp_path: Path) -> None:
    for number in range(3):
        founded(cast, consumidor=person(), final=date(2025, 1, 1 + number))
    for name in ("sindec_2017_linhas_estranhas", "sindec_2018_linhas_estranhas", "variante_2020"):
        counts(str(DATA / f"{name}.csv"))
    exported(tmp_path / "pasta")
    package = json.loads((tmp_path / "pasta" / "datapackage.json").read_text(encoding="utf-8"))

    check_descriptor(package)
    found = {}
    for row in package["resources"]:
        content = (tmp_path / "pasta" / row["path"]).read_bytes()
        assert row["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if row["format"] == "csv":
            found[row["name"]] = check_rows(row, content)
    assert found == {
        "reclamacoes-2025": 3, "reclamacoes-2025-sindec": 3, "nacional-2020": 9, "nacional-2020-sindec": 9,
        "nacional-2018": 21, "nacional-2018-sindec": 21, "nacional-2017": 25, "nacional-2017-sindec": 25,
    }  # fmt: skip


def test_a_wrong_value_is_seen(cast: Cast) -> None:
    founded(cast)
    tidy = files_of(2025)[0]
    content = b"".join(tidy.lines())

    for wrong in (content.replace(b"2025-03-05", b"05/03/2025"), content.replace(b",true,", b",S,")):
        with pytest.raises((AssertionError, ValueError)):
            check_rows(tidy.resource(), wrong)
