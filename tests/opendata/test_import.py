"""importar_sindec: each file whole or not at all, each record once."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from cases.models import Assunto, Problema, ProblemaDoAssunto, RegistroNacional
from cases.services.taxonomy import load_taxonomy
from parties.models import Fornecedor, Grafia
from tests.opendata.conftest import DATA, HEADER, LINE, counts, line, run

pytestmark = pytest.mark.django_db
Write = Callable[..., str]


def test_the_odd_lines_all_come_in_and_only_once() -> None:
    files = [str(DATA / f"sindec_{year}_linhas_estranhas.csv") for year in (2017, 2018)]

    assert counts(*files) == [(25, 25, 0, 0), (25, 21, 4, 0)]
    assert counts(*files) == [(25, 0, 25, 0), (25, 0, 25, 0)]
    assert RegistroNacional.objects.count() == 46


def test_the_layout_of_2020_and_the_city_s_sample_come_in() -> None:
    assert counts(str(DATA / "variante_2020.csv"), str(DATA / "sindec_itaquaquecetuba.csv")) == [
        (9, 9, 0, 0),
        (108, 108, 0, 0),
    ]


def test_the_json_is_exactly_the_contract_s(write: Write) -> None:
    path = write([HEADER, LINE])

    results, _, failure = run(path)

    assert results == [{"arquivo": path, "linhas": 1, "novos": 1, "repetidos": 0, "recusados": 0}]
    assert failure == ""


def test_a_record_is_stored_as_published_and_its_parts_readable(write: Write) -> None:
    load_taxonomy()
    counts(write([HEADER, line(CEPConsumidor="8570000", NumeroCNPJ="191", RadicalCNPJ="00000000")]))

    row = RegistroNacional.objects.select_related("fornecedor").get()
    assert row.original.split("\x1f") == line(NumeroCNPJ="191", RadicalCNPJ="00000000").split(";")
    assert (row.ano_calendario, row.uf, row.razao_social, row.cnpj, row.radical, row.cep) == (
        2017,
        "SP",
        "CLARO S/A",
        "00000000000191",
        "00000000",
        "08570000",
    )
    assert row.arquivado_em == datetime(2017, 10, 5, 12, 48, 39, tzinfo=UTC)
    assert (row.assunto.codigo, row.problema.descricao) == (187, "Cobrança indevida/abusiva")
    assert row.fornecedor.cnpj == "00000000000191"


def test_one_supplier_per_valid_cnpj_with_its_other_names_as_spellings(write: Write) -> None:
    counts(
        write(
            [
                line(RazaoSocialRFB="CLARO S.A.", CNAEPrincipal="6120501"),
                line(strRazaoSocial="CLARO  TELEFONIA", strNomeFantasia="NULL", Atendida="N"),
                line(strRazaoSocial="CLARO S.A.", strNomeFantasia="NET", UF="RJ"),
            ]
        )
    )

    supplier = Fornecedor.objects.get()
    assert (supplier.cnpj, supplier.radical, supplier.razao_social, supplier.nome_fantasia, supplier.cnae) == (
        "40432544083506",
        "40432544",
        "CLARO S.A.",
        "NET",
        "6120501",
    )
    assert list(supplier.grafias.values_list("nome", flat=True)) == ["CLARO S/A", "CLARO TELEFONIA"]
    assert list(Fornecedor.objects.search("telefonia")) == [supplier]


def test_a_known_supplier_keeps_its_name_and_a_bare_one_gets_it(write: Write) -> None:
    known = Fornecedor.objects.create(cnpj="40432544083506", razao_social="Claro")
    bare = Fornecedor.objects.create(cnpj="00000000000191", razao_social="00.000.000/0001-91", a_completar=True)

    counts(write([LINE, line(NumeroCNPJ="191", strRazaoSocial="BANCO DO BRASIL")]))

    known.refresh_from_db()
    bare.refresh_from_db()
    assert (known.razao_social, bare.razao_social, bare.a_completar) == ("Claro", "BANCO DO BRASIL", False)
    assert sorted(Grafia.objects.values_list("fornecedor_id", "nome")) == [
        (known.pk, "CLARO S/A"),
        (known.pk, "NET"),
        (bare.pk, "NET"),
    ]


def test_a_natural_person_becomes_no_supplier_and_is_stored_masked(write: Write) -> None:
    counts(
        write(
            [line(strRazaoSocial="JOSE DA SILVA", strNomeFantasia="ZE", NumeroCNPJ="52998224725", RadicalCNPJ="NULL")]
        )
    )

    row = RegistroNacional.objects.get()
    assert (row.fornecedor, row.cnpj, row.razao_social, row.nome_fantasia) == (
        None,
        "",
        "PESSOA FISICA",
        "PESSOA FISICA",
    )
    assert "52998224725" not in row.original
    assert Fornecedor.objects.count() == 0


def test_an_invalid_cnpj_names_no_supplier(write: Write) -> None:
    counts(write([line(NumeroCNPJ="40432544083507"), line(NumeroCNPJ="NULL")]))

    assert sorted(RegistroNacional.objects.values_list("cnpj", "fornecedor")) == [("", None), ("40432544083507", None)]


def test_unknown_terms_are_made_but_not_offered(write: Write) -> None:
    load_taxonomy()
    counts(
        write([line(CodigoAssunto="9999", DescricaoAssunto="Drones", CodigoProblema="12345", DescricaoProblema="Caiu")])
    )

    assert list(Assunto.objects.filter(codigo=9999).values_list("area", "descricao", "ativo")) == [
        ("Não classificada", "Drones", False)
    ]
    assert list(Problema.objects.filter(descricao="Caiu").values_list("ativo", flat=True)) == [False]
    assert list(ProblemaDoAssunto.objects.filter(assunto=9999).values_list("codigos_sindec", "ativo")) == [
        ([12345], False)
    ]


def test_refused_lines_are_listed_with_number_and_reason(write: Write, settings: pytest.FixtureRequest) -> None:
    path = write([HEADER, LINE, line(UF="??"), "meia;linha", line(UF="RJ"), "(3 row(s) affected)"])

    results, said, failure = run(path)

    assert results == [{"arquivo": path, "linhas": 4, "novos": 2, "repetidos": 0, "recusados": 2}]
    assert failure == ""
    lists = list((settings.DATA_DIR / "importacoes").iterdir())
    assert len(lists) == 1
    assert f"Linhas recusadas de {path}, com o motivo de cada uma: {lists[0]}" in said
    with lists[0].open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [
            ["arquivo", "linha", "motivo"],
            ["arquivo.csv", "3", "UF: a UF tem duas letras, e veio «??»"],
            ["arquivo.csv", "4", "tem 2 colunas, e o registro tem 23"],
        ]


@pytest.mark.parametrize(
    ("lines", "encoding"),
    [
        ([HEADER.lower(), line(CodigoRegiao="3", DataAbertura="27/07/2017 14:43:37")], "utf-8"),
        ([LINE, "", "(1 row(s) affected)"], "cp1252"),
        ([LINE], "utf-8-sig"),
        (
            [
                ";".join(f'"{name}"' for name in HEADER.split(";")),
                ";".join(f'"{value}"' for value in LINE.split(";")),
            ],
            "utf-8",
        ),
    ],
)
def test_other_years_write_the_same_record(write: Write, lines: list[str], encoding: str) -> None:
    assert counts(write([LINE], "um.csv"), write(lines, "outro.csv", encoding)) == [(1, 1, 0, 0), (1, 0, 1, 0)]


def _zip(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_gzip_and_zip_are_read_whatever_their_name(write: Write) -> None:
    one, two = f"{LINE}\n".encode(), f"{HEADER}\n{LINE}\n{line(UF='RJ')}".encode()

    assert counts(
        write(gzip.compress(one), "um.csv.gz"),
        write(_zip({"leia-me.txt": b"texto", "a/um.csv": one, "dois.CSV": two}), "dois.dat"),
    ) == [(1, 1, 0, 0), (3, 1, 2, 0)]


def test_the_planner_knows_the_new_rows_at_once(write: Write) -> None:
    counts(write([line(UF=uf) for uf in ("AC", "BA", "CE")]))

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'cases_registronacional'::regclass")
        assert cursor.fetchone() == (RegistroNacional.objects.count(),)


def test_a_simulation_counts_the_same_and_writes_nothing(write: Write) -> None:
    files = [write([LINE, LINE, line(UF="RJ")], "um.csv"), write([HEADER, LINE, line(UF="MG")], "dois.csv")]

    assert counts(*files, "--simular") == [(3, 2, 1, 0), (2, 1, 1, 0)]
    assert (RegistroNacional.objects.count(), Fornecedor.objects.count(), Assunto.objects.count()) == (0, 0, 0)
    assert counts(*files) == [(3, 2, 1, 0), (2, 1, 1, 0)]
    assert counts(*files, "--simular") == [(3, 0, 3, 0), (2, 0, 2, 0)]


REFUSED = {
    "foreign.csv": (b"nome;idade\nAna;30\n", "não é do cadastro nacional (SINDEC): linha 1, tem 2 colunas"),
    "wide.csv": (b";".join([b"x"] * 30) + b"\n", "não é do cadastro nacional (SINDEC): linha 1, AnoCalendario"),
    "lost.csv": (
        f"{LINE}\n{line(UF='RJ', DescricaoAssunto='Cart�o')}\n".encode(),
        "letras perdidas (U+FFFD) na linha 2",
    ),
    "null.csv": (LINE.encode() + b"\n\0\n", "bytes nulos na linha 2"),
    "mixed.csv": (f"{LINE}\n{LINE}\n".encode() + LINE.encode("cp1252"), "a linha 3 não está em UTF-8 como as outras"),
    "neither.csv": (LINE.encode("cp1252") + b"\n\x81\n", "nem em Windows-1252: falha na linha 2"),
    "empty.csv": (b"", "está vazio"),
    "blank.csv": (b"\n\n", "está vazio"),
    "cut.csv.gz": (gzip.compress(f"{LINE}\n".encode() * 99)[:-20], "está danificado: a compactação não fecha"),
    "cut.zip": (_zip({"a.csv": LINE.encode()})[:-30], "está danificado: a compactação não fecha"),
    "none.zip": (_zip({"a.txt": b"x"}), "não tem nenhum arquivo .csv"),
    "many.zip": (_zip({f"{n}.csv": b"x" for n in range(101)}), "é grande demais"),
    "endless.csv": (b"x" * 3_000_000, "A linha 1 não termina"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_damaged_or_foreign_file_is_refused_whole(write: Write, name: str) -> None:
    content, sentence = REFUSED[name]
    path = write(content, name)

    results, _, failure = run(path)

    assert results == [{"arquivo": path, "linhas": 0, "novos": 0, "repetidos": 0, "recusados": 0}]
    assert sentence in failure
    assert failure.endswith("Nada deste arquivo foi importado.")
    assert RegistroNacional.objects.count() == 0


def test_a_missing_file_and_a_folder_are_refused_and_the_others_come_in(write: Write, tmp_path: Path) -> None:
    results, _, failure = run(str(tmp_path / "nada.csv"), write([LINE]), str(tmp_path))

    assert [row["novos"] for row in results] == [0, 1, 0]
    assert f"O arquivo {tmp_path / 'nada.csv'} não existe. Confira o caminho e o nome." in failure
    assert f"{tmp_path} é uma pasta, não um arquivo. Indique os arquivos dentro dela." in failure


def test_an_accident_half_way_leaves_nothing_of_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opendata.services.sindec.BATCH", 1)
    monkeypatch.setattr("opendata.staging.MOST_SPELLINGS", 0)
    path = write([LINE, line(UF="RJ"), line(UF="MG")])

    with pytest.raises(KeyboardInterrupt):
        _interrupted(path)

    assert (RegistroNacional.objects.count(), Fornecedor.objects.count()) == (0, 0)
    assert counts(path) == [(3, 3, 0, 0)]


def _interrupted(path: str) -> None:
    from django.conf import settings

    from opendata.services import import_file

    told = []

    def progress(lines: int, total: int) -> None:
        told.append(lines)
        if len(told) == 2:
            raise KeyboardInterrupt

    import_file(path, at=datetime(2026, 3, 4, tzinfo=UTC), lists=settings.DATA_DIR, progress=progress)
