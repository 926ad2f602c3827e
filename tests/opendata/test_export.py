"""Open data out: what is shown of whom, byte for byte."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from cases.models import Assunto, Classificacao, PerfilAnonimo, Problema, ProblemaDoAssunto, Reclamado, RegistroNacional
from listing.sheets import safe_cell
from opendata.exports import _copied, all_files, files_of
from opendata.layout.sindec import CNPJ, COLUMNS, SEPARATOR, TIPO, UFS, Dialect, company, masked, split
from opendata.queries.published import PRIME, SMALLEST, _safe
from parties.models import Consumidor, Fornecedor
from tests.conftest import SAO_PAULO, Cast
from tests.opendata.conftest import DATA, HEADER, LINE, counts, line
from tests.reports.conftest import case

pytestmark = pytest.mark.django_db
#: Which published lines another program would have quoted otherwise than RFC 4180 asks.
QUOTES = {2017: r';"[\t]?[^";]*[^"; ] ?"(?:;|$)', 2018: r'"|^(?:[^;]*;){23}'}
PAGE = "/publico/dados-abertos/"
TODAY = date(2026, 11, 27)
_people = count(1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 27, 12, tzinfo=SAO_PAULO), tick=False):
        yield


def person(**fields: Any) -> Consumidor:
    """A consumer of Centro, 40 years old in 2025."""
    given = {"sexo": "F", "nascimento": date(1985, 1, 1), "cep": "08570010", **fields}
    return Consumidor.objects.create(nome=f"Consumidora {next(_people)}", **given)


def founded(cast: Cast, **fields: Any) -> Classificacao:
    """A final founded decision of 2025 about one supplier."""
    given: dict[str, Any] = {
        "fornecedor": cast.banco, "consumidor": None, "valor": "fundamentada_atendida", "final": date(2025, 6, 9),
        "aberta": datetime(2025, 3, 5, 23, 30, tzinfo=SAO_PAULO), **fields,
    }  # fmt: skip
    subject, _ = Assunto.objects.get_or_create(
        codigo=187, defaults={"area": "Serviços Essenciais", "descricao": "Telefonia Celular"}
    )
    problem, _ = Problema.objects.get_or_create(descricao="Cobrança indevida/abusiva")
    ProblemaDoAssunto.objects.get_or_create(assunto=subject, problema=problem, defaults={"codigo_sindec": 3746})
    opened = case(cast, given["aberta"], "abertura_direta", assunto=subject, problema=problem)
    opened.consumidor = given["consumidor"]
    opened.save()
    return Classificacao.objects.create(
        reclamado=Reclamado.objects.create(atendimento=opened, fornecedor=given["fornecedor"]),
        valor=given["valor"],
        motivo="Motivo",
        base_legal="CDC art. 18",
        autoridade=cast.edu,
        decidida_em=given["aberta"],
        transitada_em=given["final"],
    )


def content(*, ano: int = 2025, nacional: bool = False, sindec: bool = True) -> bytes:
    """One file's bytes."""
    tidy, national_layout, _ = files_of(ano, nacional=nacional)
    return b"".join((national_layout if sindec else tidy).lines())


def rows(*, ano: int = 2025, nacional: bool = False, sindec: bool = False) -> list[dict[str, str]]:
    """One file's rows by column."""
    text = content(ano=ano, nacional=nacional, sindec=sindec).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if sindec else ","))


def profiles() -> list[tuple[str, str, str]]:
    return sorted((row["cep5"], row["sexo"], row["faixa_etaria"]) for row in rows())


def exported(folder: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("exportar_dados_abertos", str(folder), *options, stdout=out)
    return out.getvalue()


def test_the_national_layout_is_the_published_one_byte_for_byte(cast: Cast) -> None:
    for _ in range(SMALLEST):
        founded(cast, consumidor=person())

    first = (
        "2025;2025-06-09 00:00:00.000;2025-03-05 00:00:00.000;03;Sudeste;SP;Banco Exemplo S.A.;NULL;1;00000000000191;"
        "00000000;NULL;NULL;NULL;NULL;S;187;Telefonia Celular;3746;Cobrança indevida/abusiva;F;entre 31 a 40 anos;"
        "8570000"
    )
    apart = [first.replace("06-09 00:00:00", f"06-09 00:00:0{number}") for number in range(SMALLEST)]
    assert content() == ("\ufeff" + "\r\n".join([HEADER, *apart]) + "\r\n").encode()


def test_the_tidy_table_byte_for_byte(cast: Cast) -> None:
    founded(cast, consumidor=person(), fornecedor=cast.loja, valor="fundamentada_nao_atendida")

    assert content(sindec=False).decode() == (
        "ano,data_abertura,data_arquivamento,uf,fornecedor,nome_fantasia,tipo_fornecedor,cnpj,cnpj_radical,cnae,"
        "atendida,area,assunto_codigo,assunto,problema_codigo,problema,sexo,faixa_etaria,cep5\r\n"
        "2025,2025-03-05,2025-06-09,SP,Loja Modelo Ltda,,juridica,12ABC34501DE35,12ABC345,,false,Serviços Essenciais,"
        "187,Telefonia Celular,3746,Cobrança indevida/abusiva,N,,\r\n"
    )


def test_lines_stand_by_their_days_and_do_not_tell_which_was_registered_first(cast: Cast) -> None:
    for day in (7, 5, 6):
        founded(cast, consumidor=person(), aberta=datetime(2025, 3, day, 15, tzinfo=SAO_PAULO))

    assert [row["data_abertura"] for row in rows()] == ["2025-03-05", "2025-03-06", "2025-03-07"]
    assert [row["DataAbertura"][:10] for row in rows(sindec=True)] == ["2025-03-05", "2025-03-06", "2025-03-07"]


def test_only_final_founded_decisions_of_the_year_that_stand(cast: Cast) -> None:
    founded(cast, valor="nao_fundamentada")
    founded(cast, final=None)
    founded(cast, final=date(2024, 12, 31))
    founded(cast, final=date(2026, 1, 1))
    replaced = founded(cast)
    Classificacao.objects.filter(pk=replaced.pk).update(substituida_em=datetime(2025, 7, 1, tzinfo=SAO_PAULO))
    kept = [founded(cast, final=day) for day in (date(2025, 1, 1), date(2025, 12, 31))]

    assert [row["data_arquivamento"] for row in rows()] == [str(row.transitada_em) for row in kept]


@pytest.mark.parametrize("sindec", [False, True])
def test_nothing_of_a_natural_person_is_in_either_file(cast: Cast, sindec: bool) -> None:
    secret = person(cep="08571234", email="segredo@example.org", telefone="11912345678", cpf="52998224725")
    for supplier in (
        Fornecedor.objects.create(razao_social="José Pintor", nome_fantasia="Zé Tintas", cpf="39053344705"),
        Fornecedor.objects.create(razao_social="Barraca da Maria", a_completar=True),
        Fornecedor.objects.create(razao_social="JOAO ALVES 39053344705", nome_fantasia="Joao", cnpj="11222333000181"),
        Fornecedor.objects.create(razao_social="11.222.333 JOAO ALVES", cnpj="11222333000262"),
    ):
        founded(cast, fornecedor=supplier, consumidor=secret)

    text = content(sindec=sindec).decode()
    for word in (
        secret.nome,
        "52998224725",
        "segredo",
        "912345678",
        "1234",
        "José",
        "Zé",
        "39053344705",
        "Barraca",
        "JOAO",
    ):
        assert word not in text.replace("0001234", "")
    names = [row["strRazaoSocial" if sindec else "fornecedor"] for row in rows(sindec=sindec)]
    assert names == ["PESSOA FISICA"] * 2 + ["EMPRESARIO INDIVIDUAL 11144477735"] * 2


def test_a_profile_of_fewer_than_five_people_loses_first_its_cep_then_the_rest(cast: Cast) -> None:
    for number in range(SMALLEST - 1):
        founded(cast, consumidor=person(cep=f"0857{number}000"))
    assert profiles() == [("", "N", "")] * 4

    founded(cast, consumidor=person(cep="08579000"))
    assert profiles() == [("", "F", "entre 31 a 40 anos")] * 5


def test_one_person_who_complains_five_times_is_one(cast: Cast) -> None:
    same = person()
    merged = person()
    Consumidor.objects.filter(pk=merged.pk).update(fundido_em=same)
    for _ in range(SMALLEST - 1):
        founded(cast, consumidor=same)
    founded(cast, consumidor=merged)

    assert profiles() == [("", "N", "")] * 5


@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("people", [SMALLEST - 1, SMALLEST])
def test_people_whose_numbers_leave_one_remainder_are_counted_one_by_one(cast: Cast, people: int, near: bool) -> None:
    for number in range(SMALLEST):
        which = min(number, people - 1)
        pk, cep = PRIME * (1000 + which), "08570000" if near else f"0857{which}000"
        founded(cast, consumidor=Consumidor.objects.filter(pk=pk).first() or person(pk=pk, cep=cep))

    seen = ("08570" if near else "", "F", "entre 31 a 40 anos")
    assert profiles() == [seen if people == SMALLEST else ("", "N", "")] * SMALLEST


def test_a_hidden_profile_and_one_of_which_nothing_is_known_are_alike_and_told_apart(cast: Cast) -> None:
    for _ in range(SMALLEST):
        founded(cast, consumidor=person(sexo="", nascimento=None, cep=""))
    founded(cast, consumidor=person())

    lines = content().splitlines()[1:]
    assert profiles() == [("", "N", "")] * (SMALLEST + 1)
    assert len(set(lines)) == SMALLEST + 1


def test_an_anonymised_case_keeps_the_bracket_of_its_opening(cast: Cast) -> None:
    for _ in range(SMALLEST):
        row = founded(cast, consumidor=person(nascimento=None, cep=""))
        PerfilAnonimo.objects.create(atendimento=row.reclamado.atendimento, faixa_etaria="mais de 70")

    assert profiles() == [("", "F", "mais de 70 anos")] * 5


def test_a_merged_supplier_is_shown_as_the_one_that_stands(cast: Cast) -> None:
    founded(cast, fornecedor=cast.loja)
    Fornecedor.objects.filter(pk=cast.loja.pk).update(fundido_em=cast.banco)

    assert [row["cnpj"] for row in rows()] == ["00000000000191"]


def test_our_importer_reads_the_office_s_own_file_back_to_the_same_records(cast: Cast, tmp_path: Path) -> None:
    odd = Fornecedor.objects.create(
        razao_social='A; "B" Ltda', nome_fantasia="C;D\tE\nF", cnpj="11222333000181", cnae="4754702"
    )
    natural = Fornecedor.objects.create(razao_social="José Pintor", cpf="39053344705")
    for number in range(40):
        founded(
            cast,
            fornecedor=(odd, natural, cast.banco, cast.loja)[number % 4],
            consumidor=person(sexo="FM"[number % 2]) if number % 3 else None,
            valor=("fundamentada_atendida", "fundamentada_nao_atendida")[number % 2],
            final=date(2025, 1 + number % 3, 1),
        )
    exported(tmp_path, "--ano", "2025")
    path = tmp_path / "reclamacoes-2025-sindec.csv"

    assert counts(str(path)) == [(40, 40, 0, 0)]
    assert counts(str(path)) == [(40, 0, 40, 0)]
    stored = [row.original.split(SEPARATOR) for row in RegistroNacional.objects.order_by("pk")]
    assert stored == [list(row.values()) for row in rows(sindec=True)]
    assert content(nacional=True) == path.read_bytes()


def differing(published: list[str], ours: list[str], quoted: bool) -> tuple[list[str], list[str]]:
    """(the published lines that are not byte for byte ours, those of them that name a person and are stored masked).

    The fields of every line must be the published ones, a person's masked.
    """
    theirs, rfc = Dialect("utf-8", quoted), Dialect("utf-8", quoted=True)
    fields = [split(line, theirs) for line in published]
    shown = [masked(row) if company(row[TIPO], row[CNPJ])[1] else row for row in fields]
    assert shown == [split(line, rfc) for line in ours]
    hidden = [line for line, row, seen in zip(published, fields, shown, strict=True) if row != seen]
    return [line for line, own in zip(published, ours, strict=True) if line != own], hidden


@pytest.mark.parametrize("year", [2017, 2018])
def test_imported_lines_come_out_as_they_were_published(year: int) -> None:
    """Two differences, both of quotes: 2017 quotes a name with a space or TAB at its end, and 2018 quotes nothing."""
    path = DATA / f"sindec_{year}_linhas_estranhas.csv"
    counts(str(path))
    published = [line for line in path.read_bytes().decode("utf-8-sig").splitlines() if line != HEADER]
    head, *ours = content(ano=year, nacional=True).decode().removesuffix("\r\n").split("\r\n")

    assert head == f"\ufeff{HEADER}"
    other, hidden = differing(published, ours, quoted=year == 2017)
    assert hidden == []
    assert other == [line for line in published if re.search(QUOTES[year], line)]
    assert len(other) == {2017: 4, 2018: 8}[year]


def test_imported_lines_in_the_tidy_table(write: Any) -> None:
    counts(write([HEADER, LINE, line(strRazaoSocial="=1+1", CEPConsumidor="NULL", DataAbertura="NULL", Tipo="0")]))

    first, second = rows(ano=2017, nacional=True)
    assert (first["cep5"], first["data_abertura"], first["problema_codigo"], first["fornecedor"]) == (
        "08570", "2017-07-27", "3746", "CLARO S/A",
    )  # fmt: skip
    assert (second["cep5"], second["data_abertura"], second["fornecedor"]) == ("", "", "PESSOA FISICA")


@pytest.mark.parametrize("text", ["=1+1", "+55", "-x", "@x", "\tx", "\rx", "\nx", "x=1", "", "'=1", "a\n=1"])
def test_a_cell_is_made_safe_as_every_spreadsheet_s_is(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_safe('%(t)s::text')}", {"t": text})
        assert cursor.fetchone() == (safe_cell(text),)


def test_no_formula_stands_in_the_tidy_table(cast: Cast) -> None:
    founded(cast, fornecedor=Fornecedor.objects.create(
        razao_social="=HYPERLINK(1)", nome_fantasia="@SOMA", cnpj="11222333000181"
    ))  # fmt: skip

    assert [(row["fornecedor"], row["nome_fantasia"]) for row in rows()] == [("'=HYPERLINK(1)", "'@SOMA")]


REFUSED = {
    "2027": "O ano de 2027 ainda não começou: não há dados dele. Peça um ano até 2026.",
    "2024": "Não há reclamação fundamentada com decisão definitiva em 2024. "
    "Veja na página de dados abertos os anos que há.",
    "2020": "Os dados de 2020 já saíram: o cadastro guarda 5 anos (CDC, art. 43, § 1º). Peça um ano desde 2021.",
    "1989": "«1989» não é um ano com dados. Escreva quatro algarismos, de 1990 a 2026.",
    "٢٠٢٥": "«٢٠٢٥» não é um ano com dados. Escreva quatro algarismos, de 1990 a 2026.",
}


@pytest.mark.parametrize("ano", REFUSED)
def test_a_year_without_data_a_future_one_and_none_are_refused(
    cast: Cast, client: Client, tmp_path: Path, ano: str
) -> None:
    founded(cast)
    founded(cast, final=date(2020, 5, 5))

    with pytest.raises(CommandError) as refusal:
        exported(tmp_path / "pasta", "--ano", ano)
    answer = client.get(f"{PAGE}{ano}/reclamacoes-{ano}.csv")

    assert str(refusal.value) == REFUSED[ano]
    assert not (tmp_path / "pasta").exists()
    assert (answer.status_code, REFUSED[ano] in answer.content.decode()) == (422, True)


def test_an_office_without_anything_is_told_so(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Ainda não há o que exportar"):
        exported(tmp_path)


def test_a_file_in_the_folder_s_place_is_refused(cast: Cast, tmp_path: Path) -> None:
    founded(cast)
    (tmp_path / "x").write_text("")

    with pytest.raises(CommandError, match=r"Não foi possível gravar em .*Indique uma pasta"):
        exported(tmp_path / "x")


def test_the_command_writes_every_year_and_nothing_half(cast: Cast, tmp_path: Path, write: Any) -> None:
    founded(cast)
    founded(cast, final=date(2026, 2, 2))
    counts(write([HEADER, LINE]))

    said = exported(tmp_path / "aberto")

    names = [
        f"{what}{form}"
        for what in ("reclamacoes-2026", "reclamacoes-2025", "nacional-2017")
        for form in (".csv", "-sindec.csv", ".parquet")
    ]
    assert sorted(path.name for path in (tmp_path / "aberto").iterdir()) == sorted([*names, "datapackage.json"])
    assert [text.split(":")[0].rsplit("/")[-1] for text in said.splitlines()] == [*names, "datapackage.json"]
    package = json.loads((tmp_path / "aberto" / "datapackage.json").read_text())
    assert [row["bytes"] for row in package["resources"]] == [
        (tmp_path / "aberto" / name).stat().st_size for name in names
    ]
    assert [row.nome for row in all_files("2017", today=TODAY)] == names[6:]


@pytest.mark.django_db(transaction=True)
def test_a_download_left_half_way_leaves_the_connection_usable(cast: Cast) -> None:
    for _ in range(3):
        founded(cast)
    reading = _copied("SELECT n::text FROM generate_series(1, 200000) AS n WHERE %(a)s = 1", {"a": 1}, ",")
    assert next(reading) == b"1\r\n"
    reading.close()

    assert len(content(sindec=False).splitlines()) == 4


def test_every_uf_has_its_region() -> None:
    assert (len(UFS), UFS["35"], len(COLUMNS)) == (27, "SP", 23)
