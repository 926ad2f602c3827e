"""What anybody reads: the page, the files, the API; and what is there no more after five years."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cases.models import Classificacao
from parties.models import Fornecedor
from reports.models import ItemDoCadastro
from reports.register.rules import COLUMNS
from reports.register.selfcheck import wrong_registers
from tests.conftest import NOW, SAO_PAULO
from tests.reports.register.conftest import MET, UNMET, Register, decided
from tests.reports.register.test_publishing import BANK, PERSON, SHOP

PAGE, API = "/publico/cadastro/2025/", "/api/v1/cadastro/2025/"
BANK_JSON = {
    "razao_social": "Banco Exemplo S.A.",
    "cnpj": "00000000000191",
    "pessoa_fisica": False,
    "nome_fantasia": "",
    "atendidas": 1,
    "nao_atendidas": 2,
    "total": 3,
    "problemas": [
        {
            "area": "Serviços Essenciais",
            "assunto": "Telefonia Celular",
            "problema": "Cobrança indevida/abusiva",
            "total": 2,
        },
        {"area": "Serviços Essenciais", "assunto": "Telefonia Celular", "problema": "", "total": 1},
    ],
}


@pytest.fixture(autouse=True)
def wednesday(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return time_machine


def suppliers(path: str) -> list[str]:
    html = Client().get(path).content.decode()
    return re.findall(r'<th scope="row" data-rotulo="Razão social">(.*?)</th>', html)


def test_the_page_shows_the_register_without_any_personal_data(register: Register) -> None:
    register.publish()
    html = Client().get(PAGE).content.decode()

    assert suppliers(PAGE) == ["Banco Exemplo S.A.", "Loja Modelo Ltda", "PESSOA FÍSICA"]
    assert "Versão 1, publicada no diário oficial nº 1.234, de 03/03/2026, p. 12." in html
    assert "3 fornecedores: 2 reclamações atendidas, 3 não atendidas, 5 no total." in html
    assert "em cinco dias da publicação, até 09/03/2026" in html
    for word in ("Ana", "11144477735", "Zeca", "111.444", "35.001.001"):
        assert word not in html
    assert re.findall(r'href="(/publico/cadastro/\d+/)"', Client().get("/publico/cadastro/").content.decode()) == [PAGE]


def test_search_and_order(register: Register) -> None:
    register.publish()

    assert suppliers(f"{PAGE}?q=LÓJA") == ["Loja Modelo Ltda"]
    assert suppliers(f"{PAGE}?q=12.ABC.345/01DE-35") == ["Loja Modelo Ltda"]
    assert suppliers(f"{PAGE}?q=zeca") == []
    assert "Nenhum fornecedor com «zeca»" in Client().get(f"{PAGE}?q=zeca").content.decode()
    assert suppliers(f"{PAGE}?ordem=nao_atendidas") == ["Banco Exemplo S.A.", "PESSOA FÍSICA", "Loja Modelo Ltda"]
    assert suppliers(f"{PAGE}?ordem=total") == ["Banco Exemplo S.A.", "Loja Modelo Ltda", "PESSOA FÍSICA"]
    assert len(suppliers(f"{PAGE}?ordem=x&depois=x&q=%00")) == 3


def test_pages_go_on_where_the_last_ended(register: Register) -> None:
    for number in range(60):
        shop = Fornecedor.objects.create(razao_social=f"Zona {number:02d}", cnpj=f"{number:012d}00")
        decided(register.cast, shop, MET if number % 2 else UNMET, date(2025, 7, 1))
    register.publish()
    seen, path = [], f"{PAGE}?ordem=nao_atendidas"
    for _ in range(2):
        seen += suppliers(path)
        html = Client().get(path).content.decode()
        found = re.search(r'rel="next" href="(.*?)"', html)
        path = PAGE + found[1].replace("&amp;", "&") if found else ""

    assert (len(seen), len(set(seen)), path) == (63, 63, "")
    assert seen[:2] == ["Banco Exemplo S.A.", "Zona 00"]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_suppliers(register: Register, count: int) -> None:
    keep = [register.cast.banco, register.cast.loja, register.zeca][:count]
    Classificacao.objects.exclude(reclamado__fornecedor__in=keep).update(transitada_em=None)
    register.publish()
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert len(suppliers(PAGE)) == count
    assert len(found) == 6


def test_files(register: Register) -> None:
    version = register.publish()

    def get(formato: str) -> Any:
        answer = Client().get(PAGE, {"formato": formato})
        assert answer["Content-Disposition"].startswith('attachment; filename="cadastro-2025.')
        return answer.content

    rows = list(csv.reader(io.StringIO(get("csv").decode("utf-8-sig")), delimiter=";"))
    assert rows == [list(COLUMNS), *([str(cell) for cell in row] for row in (BANK, SHOP, PERSON))]
    sheet = load_workbook(io.BytesIO(get("xlsx"))).active
    assert [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        list(COLUMNS), *([cell if cell != "" else None for cell in row] for row in (BANK, SHOP, PERSON))
    ]  # fmt: skip
    told = json.loads(get("json"))
    assert told["fornecedores"][0] == BANK_JSON
    assert (told["sha256"], told["totais"]) == (
        version.resumo, {"fornecedores": 3, "atendidas": 2, "nao_atendidas": 3, "total": 5}
    )  # fmt: skip
    with pikepdf.open(io.BytesIO(get("pdf"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        kinds = [str(o.get("/S")) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o]
        assert kinds.count("/TH") == 7
    assert Client().get(PAGE, {"formato": "exe"}).status_code == 422


@pytest.mark.parametrize(
    ("ano", "sentence"),
    [
        ("2024", "O cadastro de 2024 não foi publicado."),
        ("2027", "é preciso um ano entre 1990 e 2026"),
        ("abcd", "Não há cadastro de «abcd»"),
    ],
)
def test_a_year_that_there_is_not(register: Register, ano: str, sentence: str) -> None:
    register.publish()
    page, api = Client().get(f"/publico/cadastro/{ano}/"), Client().get(f"/api/v1/cadastro/{ano}/")

    assert (page.status_code, sentence in page.content.decode()) == (404, True)
    assert (api.status_code, api["Content-Type"], sentence in api.json()["detail"]) == (
        404, "application/problem+json", True
    )  # fmt: skip


def test_an_entry_is_shown_until_five_years_from_the_notice_and_stays_in_the_archive(
    register: Register, wednesday: Any
) -> None:
    version = register.publish()

    def on(*day: int) -> list[list[Any]]:
        wednesday.move_to(datetime(*day, 12, 0, tzinfo=SAO_PAULO), tick=False)
        answer = Client().get(API).json()
        return [[row["razao_social"], row["nao_atendidas"], row["total"]] for row in answer.get("results", [])]

    # The shop's was told on 10/12/2024, the bank's on 10/04, 10/06 and 10/12/2025, Zeca's on 10/05/2025.
    assert on(2029, 12, 10) == [["Banco Exemplo S.A.", 2, 3], ["Loja Modelo Ltda", 0, 1], ["PESSOA FÍSICA", 1, 1]]
    assert on(2029, 12, 11) == [["Banco Exemplo S.A.", 2, 3], ["PESSOA FÍSICA", 1, 1]]
    assert on(2030, 4, 11) == [["Banco Exemplo S.A.", 1, 2], ["PESSOA FÍSICA", 1, 1]]
    assert suppliers(PAGE) == ["Banco Exemplo S.A.", "PESSOA FÍSICA"]
    assert on(2030, 6, 11) == [["Banco Exemplo S.A.", 0, 1]]
    assert on(2030, 12, 11) == []
    gone = Client().get(PAGE)
    assert (gone.status_code, "O cadastro de 2025 já saiu do público" in gone.content.decode()) == (404, True)
    assert "Ainda não há cadastro publicado." in Client().get("/publico/cadastro/").content.decode()
    assert (ItemDoCadastro.objects.filter(linha__cadastro=version).count(), list(wrong_registers())) == (5, [])


def test_a_new_version_takes_the_old_one_s_place_and_says_why(register: Register) -> None:
    register.publish()
    ours = Classificacao.objects.filter(transitada_em__year=2025)
    ours.filter(reclamado__fornecedor=register.cast.loja).update(valor=UNMET)
    ours.filter(reclamado__fornecedor=register.zeca).update(transitada_em=date(2026, 2, 2))
    register.publish(motivo="Erro de digitação na decisão.")
    html = Client().get(PAGE).content.decode()

    assert "Substitui a versão 1, do diário nº 1.234, de 03/03/2026." in html
    assert "Erro de digitação na decisão." in html
    assert re.findall(r'data-rotulo="(?:Coluna|Antes|Agora)">(.*?)</td>', html) == [
        "Atendidas", "1", "0", "Não atendidas", "0", "1"
    ]  # fmt: skip
    assert "PESSOA" not in "".join(re.findall(r'data-rotulo="Fornecedor">(.*?)</th>', html))
    api = Client().get(API).json()
    assert (api["versao"], api["substitui"], api["motivo"]) == (
        2,
        {"versao": 1, "diario": {"numero": "1.234", "data": "2026-03-03", "pagina": "12"}},
        "Erro de digitação na decisão.",
    )


def test_the_api_gives_the_register_in_pages(register: Register) -> None:
    version = register.publish()
    first = Client().get(f"{API}?limite=2").json()
    second = Client().get(first["next"].removeprefix("http://testserver")).json()

    assert first["results"][0] == BANK_JSON
    assert {name: first[name] for name in ("ano", "situacao", "versao", "sha256", "previous", "substitui")} == {
        "ano": 2025, "situacao": "publicado", "versao": 1, "sha256": version.resumo, "previous": None, "substitui": None
    }  # fmt: skip
    assert [row["razao_social"] for row in first["results"] + second["results"]] == [
        "Banco Exemplo S.A.", "Loja Modelo Ltda", "PESSOA FÍSICA"
    ]  # fmt: skip
    assert second["results"][0]["cnpj"] is None
    assert (second["next"], second["previous"] is not None, second["totais"]["total"]) == (None, True, 5)


@pytest.mark.parametrize("query", ["limite=0", "limite=201", "limite=x", "pagina=2"])
def test_the_api_refuses_what_it_does_not_know(register: Register, query: str) -> None:
    register.publish()
    answer = Client().get(f"{API}?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert list(answer.json()["erros"]) == [query.partition("=")[0]]


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("cadastro", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_writes_the_draft_then_what_was_published(register: Register) -> None:
    assert "Rascunho: ainda não foi publicado" in run("2025")
    assert json.loads(run("2025", "--formato", "json"))["situacao"] == "rascunho"
    register.publish()
    Classificacao.objects.filter(reclamado__fornecedor=register.cast.loja).update(transitada_em=None)

    told = run("2025").splitlines()
    assert told[1] == "Versão 1, publicada no diário oficial nº 1.234, de 03/03/2026, p. 12"
    assert "Loja Modelo Ltda (12.ABC.345/01DE-35): atendidas 1, não atendidas 0, total 1" in told
    assert told[-1] == "3 fornecedores: 2 atendidas, 3 não atendidas, 5 no total."
    assert json.loads(run("2025", "--formato", "json"))["fornecedores"][0] == BANK_JSON
    assert run("2019").endswith("Nenhuma decisão fundamentada se tornou definitiva em 2019.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["2031"], "é preciso um ano entre 1990 e 2026"), (["2025", "--formato", "exe"], "Não há cadastro em «exe»")],
)
def test_the_command_refuses(db: None, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
