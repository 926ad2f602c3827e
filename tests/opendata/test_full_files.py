"""The two real files of the national register, against what was counted from them."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import Count, Q, QuerySet

from cases.models import RegistroNacional
from cases.services.taxonomy import load_taxonomy
from opendata.exports import Arquivo, files_of
from parties.models import Fornecedor
from reports.ranking import Asked, rank
from reports.register.exports import national_sheet
from reports.register.queries.national import National, national
from reports.totals import fold
from tests.opendata.conftest import FULL
from tests.opendata.test_export import QUOTES, differing

ROOT = Path(__file__).resolve().parents[2]
FILES = [str(FULL / "CNRF_2017.csv.gz"), str(FULL / "CNRF2018.csv.gz")]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not FULL.exists(),
        reason="the national register's full files are not beside the repository, in ../shared/data/sindec",
    ),
]


def _environment(folder: Path) -> dict[str, str]:
    """This process's, on the tests' own database."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {**os.environ, "DATABASE_URL": address.geturl(), "DATA_DIR": str(folder)}


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "importar_sindec", *arguments, "--json"],
        cwd=ROOT,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _counts(output: str) -> list[tuple[int, int, int, int]]:
    return [(row["linhas"], row["novos"], row["repetidos"], row["recusados"]) for row in json.loads(output)]


@pytest.fixture
def expected() -> Iterator[dict[str, Any]]:
    load_taxonomy()
    yield json.loads((FULL / "expected_2017_2018.json").read_text(encoding="utf-8"))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_registronacional, parties_fornecedor, parties_grafia CASCADE")


def _by(rows: QuerySet[RegistroNacional], column: str) -> dict[str, int]:
    return {key or "NULL": n for key, n in rows.values_list(column).annotate(Count("pk")).order_by()}


def _top_roots(rows: QuerySet[RegistroNacional]) -> list[list[object]]:
    counted = rows.exclude(fornecedor=None).values_list("fornecedor__radical").annotate(n=Count("pk"))
    return [list(row) for row in counted.order_by("-n", "fornecedor__radical")[:10]]


#: What the national register's page ranks, in the order of `_rankings`.
RANKED = ("top10_cnpj_root", "top10_cnpj_root_nao_atendidas", "top10_assunto")


def _rankings(told: National) -> list[list[list[object]]]:
    roots = [[[root, n] for root, _, n in rows] for rows in (told.radicais, told.radicais_nao_atendidas)]
    return [*roots, [[name, n] for name, n in told.assuntos]]


def test_both_files_come_in_with_exactly_the_counts_that_were_taken(expected: dict[str, Any], tmp_path: Path) -> None:
    runner = ROOT / "tests" / "opendata" / "measured.py"
    done = subprocess.run(
        [sys.executable, str(runner), "importar_sindec", *FILES, "--json"],
        cwd=ROOT,
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    names = ("CNRF_2017.csv", "CNRF2018.csv")
    assert _counts(done.stdout) == [
        (expected[name]["lines"], expected[name]["new_records"], expected[name]["repeats"], 0) for name in names
    ]
    assert int(done.stderr.rsplit("kB=", 1)[1]) < 300 * 1024
    rows, known = RegistroNacional.objects.all(), expected["all_files_distinct"]
    assert rows.count() == known["records"]
    assert _by(rows, "uf") == known["uf"]
    assert _by(rows, "sexo") == known["sexo"]
    assert _by(rows, "faixa_etaria") == known["faixa_etaria"]
    assert {str(key): n for key, n in _by(rows, "tipo").items() if key != "NULL"} | {
        "0": rows.filter(tipo=0).count()
    } == known["tipo"]
    assert rows.filter(atendida=True).count() == known["atendida"]["S"]
    assert rows.filter(atendida=False).count() == known["atendida"]["N"]
    assert rows.filter(cep="").count() == known["cep_null"]
    assert rows.filter(problema=None).count() == known["problema_null"]
    assert Fornecedor.objects.count() == known["distinct_valid_cnpj"]
    assert Fornecedor.objects.values("radical").distinct().count() == known["distinct_cnpj_roots"]
    assert _top_roots(rows) == known["top10_cnpj_root"]
    assert _top_roots(rows.filter(atendida=False)) == known["top10_cnpj_root_nao_atendidas"]
    subjects = rows.values_list("assunto__codigo", "assunto__descricao").annotate(n=Count("pk")).order_by("-n")[:10]
    assert [[f"{code} {name}", n] for code, name, n in subjects] == known["top10_assunto"]
    problems = rows.exclude(problema=None).values_list("problema__descricao").annotate(n=Count("pk")).order_by("-n")
    assert [list(row) for row in problems[:10]] == known["top10_problema"]
    assert rows.filter(cep__gte="08570000", cep__lte="08599999").count() == known["itaquaquecetuba_cep"]
    told = national([2017, 2018])
    assert (told.registros, told.atendidas, told.nao_atendidas, told.pessoas_fisicas) == (
        known["records"], known["atendida"]["S"], known["atendida"]["N"], known["tipo"]["0"]
    )  # fmt: skip
    assert told.sem_problema == known["problema_null"]
    assert _rankings(told) == [known[name] for name in RANKED]
    assert told.por_uf == known["uf"]
    assert not Fornecedor.objects.filter(Q(cpf__isnull=False) | Q(cnpj="00011144477735")).exists()
    for _ in range(2):  # from the journal, and from the sums
        _rankings_are(known)
        fold()


def _rankings_are(known: dict[str, Any]) -> None:
    """The ranking of companies, read from the totals, is the one that was counted from the files."""
    years: dict[str, Any] = {"de": date(2017, 1, 1), "ate": date(2019, 1, 1), "fonte": "nacional"}
    first = rank(Asked(nivel="radical", por="volume", **years), unidades=[], top=10)
    assert [[line.chave, line.total] for line in first] == known["top10_cnpj_root"]
    large = rank(Asked(nivel="radical", por="atendidas", minimo=400, **years), unidades=[])
    unattended = sorted((line.parte - line.total, line.chave) for line in large)
    assert [[key, -n] for n, key in unattended[:10]] == known["top10_cnpj_root_nao_atendidas"]


def _greatest_memory(one: Arquivo) -> int:
    """Bytes that Python holds at most while a file goes out piece by piece."""
    tracemalloc.start()
    try:
        for piece in one.lines():
            assert piece
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_whole_file_of_2018_comes_out_as_it_went_in(expected: dict[str, Any], tmp_path: Path) -> None:
    runner = ROOT / "tests" / "opendata" / "measured.py"
    known = expected["CNRF2018.csv"]["as_published"]
    published = gzip.decompress(Path(FILES[1]).read_bytes()).decode("utf-8-sig").splitlines()
    assert _counts(_start(tmp_path, FILES[1]).communicate(timeout=300)[0]) == [(39_060, 39_060, 0, 0)]
    told = national([2018])
    assert (told.registros, told.atendidas, told.nao_atendidas) == (
        39_060,
        known["atendida"]["S"],
        known["atendida"]["N"],
    )
    assert _rankings(told) == [known[name] for name in RANKED]
    assert sum(row.total for row in national_sheet(2018).linhas) == known["records"]
    done = subprocess.run(
        [sys.executable, str(runner), "exportar_dados_abertos", str(tmp_path / "pasta"), "--ano", "2018"],
        cwd=ROOT,
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    path = tmp_path / "pasta" / "nacional-2018-sindec.csv"
    csv = [one for one in files_of(2018, nacional=True) if one.forma.ending == "csv"]
    assert path.stat().st_size > 10 << 20
    assert [_greatest_memory(one) < 1 << 20 for one in csv] == [True, True]
    ours = path.read_bytes().decode("utf-8-sig").removesuffix("\r\n").split("\r\n")

    assert ours[0] == published[0]
    other, hidden = differing(published[1:], ours[1:], quoted=False)
    assert other == [line for line in published[1:] if re.search(QUOTES[2018], line) or line in hidden]
    assert (len(other), len(hidden)) == (29, 2)
    # The two people whom the file named come out masked: to the importer they are other records, all else is known.
    assert _counts(_start(tmp_path, str(path)).communicate(timeout=300)[0]) == [(39_060, 2, 39_058, 0)]
    assert int(done.stderr.rsplit("kB=", 1)[1]) < 256 * 1024  # 224 measured; pyarrow itself takes some seventy


def test_a_killed_import_is_run_again_with_nothing_doubled(expected: dict[str, Any], tmp_path: Path) -> None:
    first = _start(tmp_path, *FILES)
    deadline = time.monotonic() + 120
    while RegistroNacional.objects.count() == 0 and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)  # the first file is in; the second is being written
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert first.returncode == -signal.SIGKILL
    assert RegistroNacional.objects.count() == 42_261

    again, _ = _start(tmp_path, *FILES).communicate(timeout=300)

    assert _counts(again) == [(42_307, 0, 42_307, 0), (39_060, 30_332, 8_728, 0)]
    assert RegistroNacional.objects.count() == 72_593
    assert Fornecedor.objects.count() == expected["all_files_distinct"]["distinct_valid_cnpj"]


def test_two_imports_at_once_double_nothing(expected: dict[str, Any], tmp_path: Path) -> None:
    both = [_start(tmp_path, FILES[1]) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda process: process.communicate(timeout=300)[0], both))

    done = sorted(_counts(output)[0] for output in found if output)
    assert done in ([(39_060, 39_060, 0, 0)], [(39_060, 0, 39_060, 0), (39_060, 39_060, 0, 0)])
    assert RegistroNacional.objects.count() == 39_060
