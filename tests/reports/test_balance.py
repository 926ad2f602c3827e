"""Every number of the balance against a history made by hand."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases.models import Reclamado
from parties.models import Fornecedor, GrupoEconomico
from parties.services import merge_suppliers
from reports.balance import Grupo, balance, compared
from reports.exports import FORMATOS
from reports.period import Intervalo, Periodo
from reports.totals import fold
from tests.conftest import NOW, Cast
from tests.reports.conftest import at, case, record

SPRING = Intervalo(date(2023, 4, 1), date(2023, 6, 30))


def test_every_number_of_a_year(history: Cast) -> None:
    assert balance(Periodo(2023), unidades=[history.unidade.pk]).as_json() == {
        "periodo": {"ano": 2023, "mes": None},
        "atendimentos": {
            "total": 9,
            "por_tipo": {
                "simples_consulta": 0,
                "atendimento_preliminar": 4,
                "extra_procon": 0,
                "calculo": 0,
                "abertura_direta": 0,
                "de_oficio": 0,
                "encaminhamento": 3,
                "inicial_jec": 0,
                "nota_fiscal_paulista": 1,
                "consulta_de_caso": 1,
            },
            "por_canal": {"pessoal": 7, "telefone": 1, "email": 0, "carta": 0, "portal": 1, "de_oficio": 0},
        },
        "aps": {"abertos": 4, "resolvidos": 1},
        "cips": {
            "emitidas": 3,
            "por_resultado": {
                "acordo": 1,
                "resolucao_total": 1,
                "resolucao_parcial": 0,
                "mera_liberalidade": 0,
                "sem_resolucao": 0,
                "improcedencia": 0,
                "consulta_fornecida": 0,
                "decurso": 0,
                "desistencia": 0,
                "litispendencia": 0,
                "cancelada": 0,
                "abertura_de_reclamacao": 0,
            },
            "em_andamento": 1,
        },
        "audiencias": {
            "agendadas": 5,
            "realizadas": 2,
            "por_resultado": {
                "acordo": 0,
                "acordo_parcial": 1,
                "sem_acordo": 1,
                "ausente_consumidor": 0,
                "ausente_fornecedor": 1,
                "ausentes_ambos": 0,
            },
        },
        "reclamacoes": {
            "instauradas": 1,
            "por_classificacao": {
                "fundamentada_atendida": 0,
                "fundamentada_nao_atendida": 1,
                "nao_fundamentada": 0,
                "encerrada": 0,
                "consulta_fornecida": 0,
            },
        },
        "encaminhamentos": {"total": 3, "por_orgao": {"XBACEN": 2, "XANATEL": 1}},
        "fornecedores": [
            {"radical": "00000000", "nome": "Banco Exemplo S.A.", "total": 3},
            {"radical": "", "nome": "Barraca do Zé", "total": 1},
            {"radical": "12ABC345", "nome": "Loja Modelo Ltda", "total": 1},
        ],
        "texto": (
            "No Procon, foram realizados 9 atendimentos em 2023, entre eles 4 aberturas de AP (Atendimento "
            "Preliminar), 1 desbloqueio de senha da Nota Fiscal Paulista, 1 consulta de caso e 3 "
            "encaminhamentos. Foram emitidas 3 CIPs "
            "(Cartas de Informações Preliminares) e foram realizadas 2 audiências de conciliação."
        ),
    }


def test_the_whole_office_is_every_unidade(history: Cast) -> None:
    whole = balance(Periodo(2023))

    assert (whole.atendimentos, whole.por_tipo["simples_consulta"]) == (10, 1)


@pytest.mark.parametrize(
    ("ano", "mes", "atendimentos", "aps", "cips", "audiencias"),
    [
        (2022, None, 1, 1, 0, 0),
        (2023, 1, 1, 1, 0, 0),
        (2023, 3, 2, 2, 2, 0),
        (2023, 4, 4, 0, 1, 0),
        (2023, 5, 1, 0, 0, 4),
        (2023, 12, 1, 1, 0, 1),
        (2024, None, 1, 1, 1, 1),
        (2021, None, 0, 0, 0, 0),
    ],
)
def test_a_period_counts_by_local_time(
    history: Cast, ano: int, mes: int | None, atendimentos: int, aps: int, cips: int, audiencias: int
) -> None:
    counted = balance(Periodo(ano, mes), unidades=[history.unidade.pk])

    assert (counted.atendimentos, counted.aps, counted.cips, counted.audiencias_agendadas) == (
        atendimentos,
        aps,
        cips,
        audiencias,
    )


def test_twelve_months_are_the_year(history: Cast) -> None:
    months = [balance(Periodo(2023, mes)).atendimentos for mes in range(1, 13)]

    assert months == [1, 0, 2, 4, 1, 1, 0, 0, 0, 0, 0, 1]
    assert [total for _, total in balance(Periodo(2023)).aberturas] == months


def test_the_days_of_a_month(history: Cast) -> None:
    days = balance(Periodo(2023, 3)).aberturas

    assert len(days) == 31
    assert [day for day in days if day[1]] == [("01", 1), ("31", 1)]


def test_every_index_shows_both_its_terms(history: Cast) -> None:
    indices = balance(Periodo(2023), unidades=[history.unidade.pk]).indices

    assert [(row.nome, row.valor, row.numerador, row.denominador) for row in indices] == [
        ("Solução preliminar", "50,0%", 2, 4),
        ("Acordos por audiência realizada", "50,0%", 1, 2),
        ("Fundamentadas atendidas", "0,0%", 0, 1),
    ]
    assert indices[0].nota == "1 ainda em andamento contam como não resolvidos."


def test_national_records_are_reclamacoes_and_nothing_else(history: Cast) -> None:
    for name, atendida, filed in (
        ("BANCO EXEMPLO", True, at(2023, 2, 1)),
        ("BANCO EXEMPLO", True, at(2023, 2, 28, 23, 30)),
        ("BANCO EXEMPLO", False, at(2023, 3, 1)),
        ("BCO EXEMPLO", False, None),
    ):
        record(history.banco, name, 2023, atendida=atendida, filed=filed)
    record(None, "PESSOA FISICA", 2023, atendida=True)
    record(history.loja, "LOJA MODELO", 2022, atendida=True)

    year = balance(Periodo(2023), unidades=[history.unidade.pk])

    assert (year.atendimentos, year.reclamacoes, year.reclamacoes_nacionais) == (9, 6, 5)
    assert year.por_classificacao["fundamentada_atendida"] == 3
    assert year.por_classificacao["fundamentada_nao_atendida"] == 3
    assert (year.fornecedores[0].nome, year.fornecedores[0].total) == ("BANCO EXEMPLO", 7)
    assert balance(Periodo(2023, 2)).reclamacoes == 2
    assert balance(Periodo(2022)).reclamacoes == 1


def test_ten_suppliers_are_listed_at_most(history: Cast) -> None:
    from cases.models import Reclamado
    from parties.models import Fornecedor

    for number in range(12):
        fornecedor = Fornecedor.objects.create(razao_social=f"Empresa {number:02d}")
        Reclamado.objects.create(atendimento=case(history, at(2020, 5, 4)), fornecedor=fornecedor)

    assert [row.nome for row in balance(Periodo(2020)).fornecedores] == [f"Empresa {n:02d}" for n in range(10)]


def test_groups_are_ranked_together_and_who_is_in_none_stands_by_its_radical(cast: Cast) -> None:
    """By hand: the group 4 + 1 (filial) + 2 (merged bare name) + 1 (bare member), the bank 2 + 1, the corner 1."""
    group = GrupoEconomico.objects.create(nome="Grupo Modelo")
    Fornecedor.objects.filter(pk=cast.loja.pk).update(grupo=group)
    branch = Fornecedor.objects.create(razao_social="Loja Modelo Filial", cnpj="12ABC34500ZZ99")
    member = Fornecedor.objects.create(razao_social="Modelo Viagens", grupo=group)
    bare = Fornecedor.objects.create(razao_social="Modelo")
    bank_branch = Fornecedor.objects.create(razao_social="Banco Exemplo Agência", cnpj="00000000000272")
    corner = Fornecedor.objects.create(razao_social="Armazém da Esquina")
    against = {cast.loja: 4, branch: 1, bare: 2, member: 1, cast.banco: 2, bank_branch: 1, corner: 1}
    for supplier, times in against.items():
        for _ in range(times):
            Reclamado.objects.create(atendimento=case(cast, at(2023, 5, 4)), fornecedor=supplier)
    auditor = User.objects.create_user("iara", nome="Iara")
    auditor.atribuicoes.create(unidade=cast.unidade, papel="auditor")

    before = balance(Periodo(2023)).grupos
    merge_suppliers(survivor=cast.loja, others=[bare], motivo="É a loja.", by=auditor, at=NOW)

    assert before == [
        Grupo("Grupo Modelo", 2, 6),
        Grupo("Banco Exemplo S.A.", 1, 3),
        Grupo("Modelo", 1, 2),
        Grupo("Armazém da Esquina", 1, 1),
    ]
    year = balance(Periodo(2023))
    assert year.grupos == [
        Grupo("Grupo Modelo", 2, 8),
        Grupo("Banco Exemplo S.A.", 1, 3),
        Grupo("Armazém da Esquina", 1, 1),
    ]
    assert [row.total for row in year.fornecedores] == [7, 3, 1, 1]
    written = FORMATOS["csv"].make(year, NOW).decode()
    assert "Grupos mais reclamados;Grupo Modelo;8;2 empresas\r\n" in written
    assert "Grupos mais reclamados;Banco Exemplo S.A.;3;1 empresa\r\n" in written


def test_a_radical_in_two_groups_stays_by_itself_where_nothing_is_said(cast: Cast) -> None:
    one, two = (GrupoEconomico.objects.create(nome=name) for name in ("Um", "Dois"))
    for number, group in (("51", one), ("52", two), ("53", None)):
        branch = Fornecedor.objects.create(razao_social=f"Filial {number}", cnpj=f"330000000001{number}", grupo=group)
        Reclamado.objects.create(atendimento=case(cast, at(2023, 5, 4)), fornecedor=branch)

    assert balance(Periodo(2023)).grupos == [Grupo("Dois", 1, 1), Grupo("Filial 53", 1, 1), Grupo("Um", 1, 1)]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_balance_is_three_reads(cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(rows):
        case(cast, at(2023, 5, 4))

    with django_assert_num_queries(3):
        assert balance(Periodo(2023)).atendimentos == rows


def test_the_days_of_a_year_are_the_year(history: Cast) -> None:
    year, days = balance(Periodo(2023)), balance(Periodo(2023).intervalo)
    assert days.as_json() | {"periodo": None} == year.as_json() | {"periodo": None}
    assert ([n for _, n in days.aberturas], days.grupos) == ([n for _, n in year.aberturas], year.grupos)


def test_any_days_are_what_happened_on_them(history: Cast) -> None:
    """From the last minute of March on, before and after the fold."""
    days = Intervalo(date(2023, 3, 31), date(2023, 4, 3))

    def found() -> tuple[int, int, int, dict[str, int], list[tuple[str, int]]]:
        told = balance(days, unidades=[history.unidade.pk])
        return told.atendimentos, told.aps, told.aps_em_andamento, told.por_orgao, told.aberturas

    before = found()
    fold()
    opened = [("31/03", 1), ("01/04", 1), ("02/04", 1), ("03/04", 1)]
    assert (before, found()) == ((4, 1, 1, {"XBACEN": 2}, opened),) * 2


def test_suppliers_are_told_of_whole_months(history: Cast) -> None:
    months = balance(Intervalo(date(2022, 12, 1), date(2023, 12, 31)))
    assert [one.total for one in months.fornecedores] == [one.total for one in balance(Periodo(2023)).fornecedores]
    assert balance(Intervalo(date(2023, 1, 2), date(2023, 12, 31))).fornecedores == []


@pytest.mark.parametrize(
    ("periodo", "today", "now", "before"),
    [
        (Periodo(2023), date(2024, 2, 1), "2023", "2022"),
        (Periodo(2023, 1), date(2024, 2, 1), "janeiro de 2023", "dezembro de 2022"),
        (Periodo(2023), date(2023, 4, 10), "01/01/2023 a 10/04/2023", "01/01/2022 a 10/04/2022"),
        (SPRING, date(2024, 1, 1), "01/04/2023 a 30/06/2023", "01/01/2023 a 31/03/2023"),
    ],
)
def test_a_period_stands_beside_as_much_of_the_one_before(
    history: Cast, periodo: Periodo | Intervalo, today: date, now: str, before: str
) -> None:
    told = compared(periodo, today=today)
    assert told.comparado is not None
    here, earlier = told.comparado
    assert (here.periodo.rotulo, earlier.periodo.rotulo) == (now, before)
    assert here.atendimentos == balance(here.periodo).atendimentos
    assert earlier.atendimentos == balance(earlier.periodo).atendimentos
