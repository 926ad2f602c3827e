"""The open data of consumidor.gov.br, in the forms of its years, become sums that are exact."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Unidade
from opendata.layout.consumidor_gov import Kind, dialect_of, published, read
from opendata.layout.sindec import LineRefused
from opendata.models import ArquivoConsumidorGov, CondutaConsumidorGov, EmpresaConsumidorGov
from opendata.queries.conduct import SUMS
from tests.opendata.gov import LEAN, NEW, OLD, UNRATED, complaint, counts, may, run

Write = Callable[..., str]
HERE = "3523107"
#: The SUMS of MAY by company and place: finished, answered, solved, not solved, not rated, cancelled, grades, days.
EXPECTED = {
    ("banco exemplo", HERE): (1, 0, 0, 0, 1, 0, 0, 0, 0, 0),
    ("banco exemplo", "BR"): (1, 0, 0, 0, 1, 0, 0, 0, 0, 0),
    ("banco exemplo", "SP"): (1, 0, 0, 0, 1, 0, 0, 0, 0, 0),
    ("tele exemplo", HERE): (2, 2, 1, 1, 0, 1, 2, 6, 2, 14),
    ("tele exemplo", "BR"): (4, 4, 2, 1, 1, 1, 3, 9, 4, 22),
    ("tele exemplo", "SP"): (3, 3, 2, 1, 0, 1, 3, 9, 3, 18),
}


@pytest.fixture
def here(db: None) -> None:
    """One unidade, in Itaquaquecetuba."""
    Unidade.objects.create(codigo="35.001.001", nome="Procon Centro", municipio=HERE)


def sums(**narrowed: Any) -> dict[tuple[str, str], tuple[int, ...]]:
    rows = CondutaConsumidorGov.objects.filter(**narrowed).order_by("empresa__chave", "lugar")
    return {(row[0], row[1]): row[2:] for row in rows.values_list("empresa__chave", "lugar", *SUMS)}


def _zip(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def packed(lines: list[str], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2019-05.csv", packed(may(pad=30), "cp1252")),
        ("finalizadas_2019-05.csv", packed(may(NEW), "utf-8-sig")),
        ("finalizadas_2019-05.csv", packed(may(LEAN, day="2019-05-10"))),
        ("finalizadas_2019-05.csv", packed(may(LEAN + ";;", day="2019-05-10 23:59:59"))),
        ("2019-05.csv.gz", gzip.compress(packed(may(pad=3), "cp1252"))),
        ("finalizadas_2019-05.zip", _zip({"leia-me.txt": b"x", "dados/maio.CSV": packed(may(LEAN))})),
        ("2019-05.csv", packed([";".join(f'"{text}"' for text in line.split(";")) for line in may(NEW)])),
    ],
)
def test_every_dialect_gives_the_same_sums(here: None, write: Write, name: str, content: bytes) -> None:
    assert counts(write(content, name)) == [(6, 6, 0, 0, 0)]

    assert sums() == EXPECTED
    assert list(ArquivoConsumidorGov.objects.values_list("tipo", "linhas", "contadas", "lugares")) == [
        ("finalizadas", 6, 6, [HERE, "SP", "BR"])
    ]
    assert set(CondutaConsumidorGov.objects.values_list("mes", flat=True)) == {date(2019, 5, 1)}


def test_the_same_file_brings_nothing_new_however_it_is_packed(here: None, write: Write) -> None:
    content = packed(may())

    assert counts(
        write(content, "2019-05.csv"),
        write(gzip.compress(content), "outro.gz"),
        write(_zip({"a.csv": content}), "z.zip"),
    ) == [(6, 6, 0, 0, 0), (6, 0, 6, 0, 0), (6, 0, 6, 0, 0)]
    assert sums() == EXPECTED


def test_a_newer_file_of_the_month_takes_the_place_of_the_older_and_says_so(here: None, write: Write) -> None:
    counts(write(may(), "2019-05.csv"), write([OLD, complaint(**{"Data Finalização": "02/06/2019"})], "2019-06.csv"))

    results, _, failure = run(write([OLD, complaint(Cidade="Suzano", Nome_Fantasia="Loja")], "finalizadas_2019-05.csv"))

    assert failure == ""
    assert (results[0]["novos"], results[0]["substituidos"]) == (1, ["2019-05.csv"])
    assert sums(mes=date(2019, 5, 1)) == {
        ("loja", "BR"): (1, 1, 1, 0, 0, 0, 1, 5, 1, 4),
        ("loja", "SP"): (1, 1, 1, 0, 0, 0, 1, 5, 1, 4),
    }
    assert set(EmpresaConsumidorGov.objects.values_list("chave", flat=True)) == {"loja", "tele exemplo"}


def test_a_year_and_a_month_of_it_are_not_counted_twice(here: None, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))

    _, _, failure = run(write([OLD, complaint(Nota_do_Consumidor="2")], "2019.csv"))

    assert "2019.csv fala de dias que 2019-05.csv já conta, e contaria duas vezes as mesmas reclamações." in failure
    assert sums() == EXPECTED


def test_a_month_comes_from_one_kind_of_file(here: None, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))
    later = [NEW, complaint(NEW, **{"Data Finalização": "03/05/2019"})]

    _, _, failure = run(write(later, "basecompleta2019-04.csv"))

    assert "as reclamações de 05/2019 já vêm de 2019-05.csv, do outro tipo: contariam duas vezes." in failure
    assert ArquivoConsumidorGov.objects.count() == 1
    later = [NEW, complaint(NEW, **{"Data Finalização": "03/04/2019"})]
    assert counts(write(later, "basecompleta2019-04.csv")) == [(1, 1, 0, 0, 0)]


def test_a_city_that_came_later_is_summed_when_the_file_is_imported_again(here: None, write: Write) -> None:
    path = write(may(), "2019-05.csv")
    counts(path)
    Unidade.objects.create(codigo="35.002.001", nome="Procon Suzano", municipio="3552502")

    assert counts(path, path) == [(6, 6, 0, 0, 0), (6, 0, 6, 0, 0)]
    assert sums() == EXPECTED | {("tele exemplo", "3552502"): (1, 1, 1, 0, 0, 0, 1, 3, 1, 4)}


def test_what_is_held_and_stored_in_pieces_adds_up(here: None, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opendata.services.consumidor_gov.BATCH", 1)
    monkeypatch.setattr("opendata.services.consumidor_gov.MOST_SUMS", 1)

    counts(write(may(), "2019-05.csv"))

    assert sums() == EXPECTED


def test_a_simulation_counts_the_same_and_writes_nothing(here: None, write: Write) -> None:
    files = [write(may(), "2019-05.csv"), write(may(), "2019-06.csv")]

    assert counts(*files, "--simular") == [(6, 6, 0, 0, 0), (6, 0, 6, 0, 0)]
    assert (ArquivoConsumidorGov.objects.count(), EmpresaConsumidorGov.objects.count()) == (0, 0)
    assert counts(*files) == [(6, 6, 0, 0, 0), (6, 0, 6, 0, 0)]


def test_refused_lines_are_listed_and_open_complaints_are_passed_over(here: None, write: Write, settings: Any) -> None:
    lines = [
        OLD, complaint(), complaint(Situação="Em andamento", **{"Data Finalização": ""}),
        complaint(Situação="Encerrada"),
        complaint(**{"Data Finalização": "31/02/2019"}), complaint(Nota_do_Consumidor="6"), "meia;linha",
        complaint(Respondida="talvez"), complaint(Nome_Fantasia=" "), complaint(Tempo_Resposta="-3"),
        complaint(UF="São Paulo"), complaint(**{"Avaliação Reclamação": "Boa"}), complaint(Situação=""),
        complaint(**{"Data Finalização": "maio"}),
    ]  # fmt: skip
    path = write(lines, "2019-05.csv")

    results, said, failure = run(path)

    assert failure == ""
    assert results == [
        {"arquivo": path, "linhas": 13, "novos": 1, "repetidos": 0, "recusados": 10, "ignorados": 2, "substituidos": []}
    ]
    (listed,) = (settings.DATA_DIR / "importacoes").iterdir()
    assert f"Linhas recusadas de {path}, com o motivo de cada uma: {listed}" in said
    with listed.open(encoding="utf-8", newline="") as file:
        assert [row[1:] for row in csv.reader(file, delimiter=";")][1:] == [
            ["5", "Data Finalização: a data «31/02/2019» não existe"],
            ["6", "Nota do Consumidor: é um número de 1 a 5, e veio «6»"],
            ["7", "tem 2 colunas, e o cabeçalho tem 23"],
            ["8", "Respondida: é S ou N, e veio «talvez»"],
            ["9", "Nome Fantasia: está vazio"],
            ["10", "Tempo Resposta: é um número de 0 a 9999, e veio «-3»"],
            ["11", "UF: tem duas letras, e veio «São Paulo»"],
            ["12", "Avaliação Reclamação: é Resolvida, Não Resolvida ou Não Avaliada, e veio «Boa»"],
            ["13", "Situação: está vazia"],
            ["14", "Data Finalização: escreve-se 31/12/2019 ou 2019-12-31, e veio «maio»"],
        ]


REFUSED = {
    "cut-2019-05.csv.gz": (gzip.compress(packed(may()) * 50)[:-20], "a compactação não fecha"),
    "lost-2019-05.csv": (packed([*may(), complaint(Cidade="S\ufffdo Paulo")]), "letras perdidas (U+FFFD) na linha 8"),
    "null-2019-05.csv": (packed(may()) + b"\r\n\0", "bytes nulos na linha 8"),
    "out-2019-05.zip": (_zip({"../../2019-05.csv": packed(may())}), "aponta para fora de si («../../2019-05.csv»)"),
    "many-2019-05.zip": (_zip({f"{n}.csv": b"x" for n in range(101)}), "é grande demais"),
    "seven-2019-05.zip": (_zip({"finalizadas_2019-05.7z": b"7z"}), "Se dentro dele há outro arquivo compactado"),
    "headless-2019-05.csv": (packed(may()[1:]), "a linha 1 não é o cabeçalho com os nomes das colunas"),
    "short-2019-05.csv": (
        packed(may(OLD.replace(";Nota do Consumidor", "").replace("UF;", ""))),
        "(linha 1) falta, ou se repete: UF, Nota do Consumidor.",
    ),
    "twice-2019-05.csv": (packed(may(OLD + ";UF")), "(linha 1) falta, ou se repete: UF."),
    "maio.csv": (packed(may()), "O nome de maio.csv não diz de que mês, semestre ou ano é."),
    "nothing-2019-05.csv": (packed([OLD, "a;b"]), "Nenhuma linha de nothing-2019-05.csv se pôde contar."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_damaged_or_foreign_file_is_refused_whole(here: None, write: Write, name: str) -> None:
    content, sentence = REFUSED[name]
    path = write(content, name)

    results, _, failure = run(path)

    assert [(row["linhas"], row["novos"]) for row in results] == [(0, 0)]
    assert sentence in failure
    assert failure.endswith("Nada deste arquivo foi importado.")
    assert (ArquivoConsumidorGov.objects.count(), EmpresaConsumidorGov.objects.count()) == (0, 0)


def test_what_is_refused_in_the_second_file_of_a_zip_takes_back_the_first(here: None, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))
    members = {"2019-06.csv": packed([OLD, complaint(Nota_do_Consumidor="4")]), "2019.csv": packed([OLD, complaint()])}

    _, _, failure = run(write(_zip(members), "tudo.zip"))

    assert "2019.csv fala de dias que" in failure
    assert sums() == EXPECTED


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("2019-05.csv", (Kind.FINALIZADAS, date(2019, 5, 1), date(2019, 5, 31))),
        ("finalizada2020-02.csv", (Kind.FINALIZADAS, date(2020, 2, 1), date(2020, 2, 29))),
        ("basecompleta2023-01.csv", (Kind.BASE_COMPLETA, date(2023, 1, 1), date(2023, 1, 31))),
        ("base_completa_2025-03.zip", (Kind.BASE_COMPLETA, date(2025, 3, 1), date(2025, 3, 31))),
        ("2014.csv", (Kind.FINALIZADAS, date(2014, 1, 1), date(2014, 12, 31))),
        ("consumidor_gov_2018-S2.zip", (Kind.FINALIZADAS, date(2018, 7, 1), date(2018, 12, 31))),
        ("Dados - 1º Semestre 2019.csv", (Kind.FINALIZADAS, date(2019, 1, 1), date(2019, 6, 30))),
        ("2018-13.csv", None),
        ("maio.csv", None),
    ],
)
def test_a_name_tells_kind_and_period(name: str, told: tuple[Kind, date, date] | None) -> None:
    assert published(name) == told


def test_a_line_is_read_by_its_headings() -> None:
    dialect, wrong = dialect_of(NEW, encoding="utf-8", quoted=False)
    assert (dialect is not None, list(wrong)) == (True, [])

    one = read(complaint(NEW, 40, Nome_Fantasia="  Óticas   Exemplo ", Nota_do_Consumidor="4,0"), dialect)

    assert one == (
        date(2019, 5, 1), "oticas exemplo", "Óticas Exemplo", complaint(NEW).split(";")[23], "SP", "itaquaquecetuba",
        False, True, "resolvida", 4, 4,
    )  # fmt: skip
    assert read(complaint(NEW, **UNRATED), dialect).avaliacao == "nao_avaliada"
    with pytest.raises(LineRefused, match="tem 39 colunas, e o cabeçalho tem 38"):
        read(f"{complaint(NEW)};a", dialect)
    with pytest.raises(LineRefused, match="passa de 200 caracteres"):
        read(complaint(NEW, Nome_Fantasia="x" * 201), dialect)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"reclamacoes": 9}, "conduta_gov_avaliacoes_somam"),
        ({"respondidas": 9}, "conduta_gov_partes_cabem"),
        ({"notas_soma": 99}, "conduta_gov_partes_cabem"),
        ({"mes": date(2019, 5, 2)}, "conduta_gov_mes_primeiro_dia"),
        ({"lugar": "sp"}, "conduta_gov_lugar_formato"),
    ],
)
def test_the_database_refuses_sums_that_cannot_be(
    here: None, write: Write, change: dict[str, Any], constraint: str
) -> None:
    counts(write(may(), "2019-05.csv"))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CondutaConsumidorGov.objects.filter(lugar=HERE, empresa__chave="tele exemplo").update(**change)


def test_the_words_of_a_run(here: None, write: Write, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from django.core.management import call_command

    path = write(may(), "2019-05.csv")
    call_command("importar_consumidor_gov", path, "--simular")

    assert capsys.readouterr().out.splitlines() == [
        f"{path}: 6 linhas, 6 novos, 0 repetidos, 0 recusados, 0 nem finalizados nem cancelados",
        "Simulação: nada foi gravado.",
    ]
