"""The 23 columns in every dialect in which they were published."""

from __future__ import annotations

import pytest

from opendata.layout.sindec import (
    CNPJ,
    FANTASIA,
    RAZAO,
    Dialect,
    LineRefused,
    checked,
    company,
    identity,
    is_trailer,
    masked,
    split,
)
from tests.opendata.conftest import DATA, HEADER, LINE, line

RAW, QUOTED = Dialect("utf-8", quoted=False), Dialect("utf-8", quoted=True)


def _read(text: str, dialect: Dialect = RAW) -> list[str]:
    return checked(split(text, dialect))


def test_the_odd_lines_of_both_years_are_records() -> None:
    for name, dialect, skipped in (("2017", QUOTED, 0), ("2018", RAW, 1)):
        lines = (DATA / f"sindec_{name}_linhas_estranhas.csv").read_bytes().decode("utf-8-sig").split("\r\n")
        records = [_read(text, dialect) for text in lines[skipped:] if text]
        assert [len(record) for record in records] == [23] * 25


def test_a_surplus_is_folded_back_into_the_trade_name() -> None:
    assert _read(line(strNomeFantasia="EXTRA;PONTOFRIO; BARATEIRO"))[FANTASIA] == "EXTRA;PONTOFRIO; BARATEIRO"


def test_quotes_enclose_fields_in_one_dialect_and_are_text_in_the_other() -> None:
    text = line(strNomeFantasia='"A ""B"""')

    assert _read(text, QUOTED)[FANTASIA] == 'A "B"'
    assert _read(text, RAW)[FANTASIA] == '"A ""B"""'


def test_a_record_is_the_same_in_both_years_and_dialects() -> None:
    one = _read(
        line(strNomeFantasia='"EXTRA;PONTO ""FRIO"""', NumeroCNPJ="07170938000107", RadicalCNPJ="07170938"), QUOTED
    )
    two = _read(
        line(AnoCalendario="2018", strNomeFantasia='EXTRA;PONTO "FRIO"', NumeroCNPJ="7170938000107", RadicalCNPJ="NULL")
    )

    assert identity(one) == identity(two)


@pytest.mark.parametrize(
    "changed",
    [{"Atendida": "N"}, {"CEPConsumidor": "8570001"}, {"NomeFantasiaRFB": ""}, {"NumeroCNPJ": "NULL"}, {"UF": "RJ"}],
)
def test_another_record_is_another(changed: dict[str, str]) -> None:
    assert identity(_read(line(**changed))) != identity(_read(LINE))


@pytest.mark.parametrize(
    "changed",
    [
        {"DataArquivamento": "05/10/2017 09:48:39"},
        {"DataArquivamento": "2017-10-05 09:48:39"},
        {"CodigoRegiao": "3"},
        {"UF": "sp", "Atendida": "s", "SexoConsumidor": "f"},
        {"NumeroCNPJ": "40.432.544/0835-06"},
    ],
)
def test_other_years_forms_are_read_as_those_of_2017(changed: dict[str, str]) -> None:
    assert _read(line(**changed)) == _read(LINE)


def test_a_brazilian_date_without_seconds_is_read() -> None:
    assert _read(line(DataAbertura="31/12/2014 23:59"))[2] == "2014-12-31 23:59:00.000"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a;b", "tem 2 colunas, e o registro tem 23"),
        (line(AnoCalendario="17"), "AnoCalendario: o ano tem quatro números, e veio «17»"),
        (
            line(DataAbertura="ontem"),
            "DataAbertura: a data se escreve 2017-12-31 23:59:59.000 ou 31/12/2017 23:59, e veio «ontem»",
        ),
        (line(DataAbertura="2017-02-30 10:00:00.000"), "DataAbertura: a data «2017-02-30 10:00:00.000» não existe"),
        (line(UF="São Paulo"), "UF: a UF tem duas letras, e veio «SÃO PAULO»"),
        (line(Tipo="2"), "Tipo: o tipo é 1 (jurídica) ou 0 (física), e veio «2»"),
        (line(NumeroCNPJ="123456789012345"), "NumeroCNPJ: o CNPJ tem até 14 posições, e veio «123456789012345»"),
        (line(Atendida="T"), "Atendida: atendida é S ou N, e veio «T»"),
        (line(CodigoAssunto="NULL"), "CodigoAssunto: o código do assunto é um número, e veio «NULL»"),
        (line(SexoConsumidor="X"), "SexoConsumidor: o sexo é F, M ou N, e veio «X»"),
        (line(CEPConsumidor="085700000"), "CEPConsumidor: o CEP tem até 8 números, e veio «085700000»"),
        (line(strRazaoSocial="x" * 201), "strRazaoSocial: o texto passa de 200 caracteres"),
    ],
)
def test_a_line_that_is_no_record_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(LineRefused) as refusal:
        _read(text)

    assert str(refusal.value) == reason


def test_an_unpaired_quote_is_refused_where_quotes_enclose() -> None:
    with pytest.raises(LineRefused, match="aspas sem par"):
        _read(line(strNomeFantasia='"NET'), QUOTED)


@pytest.mark.parametrize(
    ("tipo", "number", "found"),
    [
        ("1", "40432544083506", ("40432544083506", False)),
        ("1", "191", ("00000000000191", False)),
        ("1", "12ABC34501DE35", ("12ABC34501DE35", False)),
        ("1", "NULL", ("", False)),
        ("1", "99999999999999", ("", False)),
        ("1", "11144477735", ("", True)),
        ("1", "00011144477735", ("", True)),
        ("0", "NULL", ("", True)),
    ],
)
def test_who_is_behind_the_cnpj_column(tipo: str, number: str, found: tuple[str, bool]) -> None:
    assert company(tipo, number) == found


def test_a_natural_person_is_masked_as_the_published_files_mask() -> None:
    fields = split(line(strRazaoSocial="JOSE DA SILVA", NumeroCNPJ="52998224725", RadicalCNPJ="52998224"), RAW)

    hidden = masked(fields)

    assert (hidden[RAZAO], hidden[FANTASIA], hidden[CNPJ], hidden[10]) == (
        "PESSOA FISICA",
        "PESSOA FISICA",
        "11144477735",
        "00011144",
    )
    assert masked(hidden) == hidden


def test_the_end_of_a_file_is_not_a_record() -> None:
    assert [
        is_trailer(text) for text in ("", "  ", "(42307 row(s) affected)", "(1 linhas afetadas)", LINE, HEADER)
    ] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
