"""The balance as files, and the command that writes them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import load_workbook

from cases.models import Reclamado
from parties.models import Fornecedor
from reports import charts
from reports.balance import balance, compared
from reports.exports import FORMATOS, _letter_section, defused
from reports.period import Periodo
from reports.tables import sections
from tests.conftest import Cast
from tests.reports.conftest import at, case

AT = at(2024, 1, 8)


@pytest.fixture
def hostile(history: Cast) -> Cast:
    """A supplier whose name is a formula."""
    fornecedor = Fornecedor.objects.create(razao_social='=HYPERLINK("http://x.example";"ver")', cnpj="11444777000161")
    for _ in range(5):
        Reclamado.objects.create(atendimento=case(history, at(2023, 7, 3)), fornecedor=fornecedor)
    return history


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_csv_opens_in_a_brazilian_excel_and_runs_nothing(hostile: Cast) -> None:
    content = FORMATOS["csv"].make(balance(Periodo(2023)), AT)
    rows = rows_of(content)

    assert content.startswith(b"\xef\xbb\xbfTabela;Item;Total;Detalhe\r\n")
    assert rows[1] == ["Resumo", "Atendimentos", "15", ""]
    assert ["Fornecedores mais reclamados", '\'=HYPERLINK("http://x.example";"ver")', "5", "11444777"] in rows
    assert next(row for row in rows if row[1].startswith("Acordos por"))[:3] == [
        "Índices",
        "Acordos por audiência realizada",
        "50,0%",
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("Loja", "Loja"), ("", "")],
)
def test_a_text_is_never_a_formula(text: str, written: str) -> None:
    assert defused(text) == written


def test_a_workbook_has_a_sheet_per_table_and_no_formula(hostile: Cast) -> None:
    book = load_workbook(io.BytesIO(FORMATOS["xlsx"].make(compared(Periodo(2023), today=AT.date()), AT)))

    assert book.sheetnames == [
        "Resumo",
        "Ao lado do período anterior",
        "Atendimentos no tempo",
        "Atendimentos por tipo",
        "Atendimentos por canal",
        "CIPs por resultado",
        "Audiências por resultado",
        "Encaminhamentos por órgão",
        "Reclamações por classificação",
        "Fornecedores mais reclamados",
        "Grupos mais reclamados",
        "Índices",
    ]
    assert book["Resumo"]["B2"].value == 15
    name = book["Fornecedores mais reclamados"]["B2"]
    assert (name.value, name.data_type) == ('=HYPERLINK("http://x.example";"ver")', "s")


def test_text_ends_with_the_paragraph_for_the_press(history: Cast) -> None:
    counted = balance(Periodo(2023))
    lines = FORMATOS["texto"].make(counted, AT).decode().splitlines()

    assert lines[0] == "Balanço de 2023"
    assert lines[-1] == counted.texto
    assert "Atendimento preliminar (AP)        4" in "\n".join(lines)
    assert any(line.split() == ["Banco", "Central", "2"] for line in lines)  # the órgão's name, not its sigla


def test_pdf_draws_what_the_page_draws(history: Cast) -> None:
    counted = balance(Periodo(2023))
    pdf = FORMATOS["pdf"].make(counted, AT)
    over_time = next(one for one in sections(counted) if one.chave == "aberturas")
    by_type = next(one for one in sections(counted) if one.chave == "tipos")

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        parts = [part for part in opened.objects if isinstance(part, pikepdf.Dictionary)]
        figures = [str(part["/Alt"]) for part in parts if part.get("/S") == "/Figure"]
    assert figures == [charts.columns("", "", over_time.linhas).descricao]
    numbers = [row[-1] for row in by_type.linhas]
    assert _letter_section(by_type)["barras"] == [round(100 * number / max(numbers), 1) for number in numbers]


def test_pdf_of_a_year_in_which_nothing_happened(cast: Cast) -> None:
    assert FORMATOS["pdf"].make(balance(Periodo(2023)), AT).startswith(b"%PDF-")


def test_the_command_writes_the_json_of_the_whole_office(history: Cast) -> None:
    out = io.StringIO()
    call_command("balanco", "2023", formato="json", stdout=out)

    assert json.loads(out.getvalue()) == balance(Periodo(2023)).as_json()


def test_the_command_writes_one_month(history: Cast) -> None:
    out = io.StringIO()
    call_command("balanco", "2023", mes="4", formato="json", stdout=out)

    assert json.loads(out.getvalue())["periodo"] == {"ano": 2023, "mes": 4}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["0"], "Não há balanço do ano «0»"),
        (["99999"], "Não há balanço do ano «99999»"),
        (["2999"], "Não há balanço do ano «2999»"),
        (["2023", "--mes", "13"], "«13» não é um mês"),
        (
            ["2023", "--formato", "doc"],
            "Não há balanço em «doc». Peça um destes formatos: json, texto, csv, xlsx, pdf.",
        ),
    ],
)
def test_the_command_refuses_in_a_sentence(db: None, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("balanco", *arguments)


@pytest.mark.parametrize("formato", ["csv", "xlsx", "json"])
def test_the_page_gives_the_same_file(history: Cast, formato: str) -> None:
    client = Client()
    client.force_login(history.dora, backend="django.contrib.auth.backends.ModelBackend")

    response = client.get(f"/relatorios/balanco/2023/?mes=4&formato={formato}")

    assert response["Content-Disposition"] == f'attachment; filename="balanco-2023-04.{formato}"'
    if formato != "xlsx":  # a workbook carries the moment at which it was made
        counted = compared(Periodo(2023, 4), today=AT.date(), unidades=[history.unidade.pk])
        assert response.content == FORMATOS[formato].make(counted, AT)


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_bytes_whatever_the_locale() -> None:
    name = settings.DATABASES["default"]["NAME"]
    code = (
        "import django; from django.conf import settings; django.setup();"
        f"settings.DATABASES['default']['NAME'] = {name!r};"
        "from django.core.management import call_command; call_command('balanco', '2021', formato='csv')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, "PYTHONIOENCODING": "ascii", "DJANGO_SETTINGS_MODULE": "procon.settings"},
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert rows_of(done.stdout)[1] == ["Resumo", "Atendimentos", "0", ""]
