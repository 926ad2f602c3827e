"""The demonstration: its plan is exact, its people are fictitious, its history is lawful, and a kill loses little."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.timezone import localtime

from accounts.models import User
from cases.models import CIP, Atendimento, Classificacao, Reclamacao
from cases.services import register
from deadlines import lawdata
from deadlines.calendar import Calendar
from hearings.models import Audiencia
from notifications.models import Mensagem
from parties.identifiers import clean_cnpj, clean_cpf
from parties.models import Consumidor, Fornecedor
from procon.demo.agenda import Days
from procon.demo.build import build
from procon.demo.cast import PASSWORD, logins
from procon.demo.companies import cnpj_of, companies
from procon.demo.parts import NOT_SENT
from procon.demo.people import cpf_of, people
from procon.demo.plan import Totals, make_plan, shares
from procon.models import Demonstracao
from reports.balance import balance
from reports.period import Periodo
from tests.conftest import NOW, Cast
from tests.databases import address
from tests.procon.scratch import database
from workflow.errors import ActNotAllowed
from workflow.models import Evento

SMALL = 0.02


def calendar(ano: int) -> Calendar:
    return Calendar.of((row["data"], row["nome"]) for row in lawdata.holiday_rows(range(ano - 1, ano + 2)))


def planned(ano: int, escala: float) -> tuple[Totals, Any]:
    totals = Totals.at(escala)
    return totals, make_plan(totals, Days(ano, calendar(ano)), Random(f"{ano}: plano"))


@pytest.mark.parametrize("ano", [2016, 2023, 2025])
@pytest.mark.parametrize("escala", [0.01, 0.02, 0.05, 0.37, 1, 5])
def test_the_plan_is_exact_at_every_scale(ano: int, escala: float) -> None:
    totals, cases = planned(ano, escala)
    aps = [case for case in cases if case.tipo == "atendimento_preliminar"]

    assert len(cases) == totals.atendimentos
    assert len(aps) == totals.aps
    assert sum(case.cips for case in cases) == totals.cips
    assert sum(case.audiencia == "realizada" for case in cases) == totals.realizadas


def test_the_year_of_the_city() -> None:
    totals, cases = planned(2023, 1)
    suppliers = Counter(case.fornecedores for case in cases if case.tipo == "atendimento_preliminar")

    assert (totals.atendimentos, totals.aps, totals.cips, totals.realizadas) == (4400, 2700, 1100, 648)
    assert Counter(case.tipo for case in cases) == {
        "atendimento_preliminar": 2700,
        "nota_fiscal_paulista": 580,
        "consulta_de_caso": 420,
        "simples_consulta": 260,
        "encaminhamento": 250,
        "calculo": 90,
        "extra_procon": 50,
        "abertura_direta": 30,
        "inicial_jec": 15,
        "de_oficio": 5,
    }
    assert 0.08 < (suppliers[2] + suppliers[3]) / 2700 < 0.18
    assert len({case.aberto_em.month for case in cases}) == 12
    assert [case.aberto_em for case in cases] == sorted(case.aberto_em for case in cases)


def test_cases_are_opened_on_working_days_in_office_hours() -> None:
    days = calendar(2023)
    moments = [case.aberto_em for case in planned(2023, 1)[1]]

    assert [moment for moment in moments if not days.is_working_day(moment.date())] == []
    assert (min(moment.hour for moment in moments), max(moment.hour for moment in moments)) == (9, 16)


@pytest.mark.parametrize(
    ("weights", "total", "divided"),
    [
        ({"a": 1, "b": 1}, 3, {"a": 2, "b": 1}),
        ({"a": 70, "b": 20, "c": 10}, 10, {"a": 7, "b": 2, "c": 1}),
        ({"a": 5, "b": 3}, 0, {"a": 0, "b": 0}),
    ],
)
def test_shares_add_up(weights: dict[str, int], total: int, divided: dict[str, int]) -> None:
    assert shares(weights, total) == divided


def test_people_have_valid_cpfs_each_once() -> None:
    crowd = people(500, Random("teste"), ano=2023)
    cpfs = [person.cpf for person in crowd if person.cpf]

    assert crowd[0].nome == "Ana Souza"
    assert [clean_cpf(cpf) for cpf in cpfs] == cpfs
    assert len(set(cpfs)) == len(cpfs)
    assert cpf_of(111_444_777) == "11144477735"


def test_suppliers_have_valid_cnpjs_each_once_and_filiais_share_their_radical() -> None:
    firms = companies(Random("teste"))
    cnpjs = [firm.cnpj for firm in firms if firm.cnpj]

    assert [clean_cnpj(cnpj) for cnpj in cnpjs] == cnpjs
    assert len(set(cnpjs)) == len(cnpjs)
    assert max(Counter(cnpj[:8] for cnpj in cnpjs).values()) == 2
    assert any(not cnpj.isdigit() for cnpj in cnpjs)
    assert cnpj_of("12ABC345", 1)[:12] == "12ABC3450001"
    assert cnpj_of("00000000", 1) == "00000000000191"


def told() -> list[tuple[Any, ...]]:
    """What the demonstration wrote, without the numbers that the database gives and the codes that chance gives."""
    return [
        *Atendimento.objects.order_by("protocolo").values_list(
            "protocolo", "tipo", "canal", "status", "desfecho", "aberto_em", "encerrado_em", "valor", "relato",
            "consumidor__nome", "assunto_id", "problema__descricao", "orgao__sigla", "atendente__usuario",
        ),
        *CIP.objects.order_by("emitida_em", "reclamado__fornecedor__razao_social").values_list(
            "reclamado__fornecedor__cnpj", "status", "resultado", "meio", "emitida_em", "cientificada_em", "baixada_em"
        ),
        *Audiencia.objects.order_by("inicio", "sala__nome").values_list(
            "atendimento__protocolo", "inicio", "sala__nome", "conciliador__usuario", "status", "resultado"
        ),
        *Evento.objects.order_by("historico__atendimento__protocolo", "sequencia").values_list(
            "historico__atendimento__protocolo", "sequencia", "ato", "de", "para", "autor__usuario", "quando"
        ),
    ]  # fmt: skip


def test_a_small_demonstration(db: None) -> None:
    """One build, and everything that must hold of it (a build takes seconds)."""
    build(ano=2023, escala=SMALL)
    counted = balance(Periodo(2023))

    assert (counted.atendimentos, counted.aps, counted.cips, counted.audiencias_realizadas) == (88, 54, 22, 13)
    assert balance(Periodo(2022)).vazio
    assert balance(Periodo(2024)).vazio
    assert counted.audiencias_agendadas > counted.audiencias_realizadas
    assert [login for login, _ in logins() if not User.objects.get(usuario=login).check_password(PASSWORD)] == []
    _lawful_hearings()
    _only_that_year()
    _nothing_left_to_send()
    _reclamacoes_go_as_far_as_the_year()
    call_command("verificar", stdout=io.StringIO())


def _lawful_hearings() -> None:
    days = calendar(2023)
    for row in Audiencia.objects.all():
        start, end = localtime(row.inicio), localtime(row.fim)
        assert days.is_working_day(start.date())
        assert start.hour >= 9
        assert (end.hour, end.minute) <= (17, 0)
        assert start.date() - localtime(row.agendada_em).date() >= timedelta(days=10)
        assert row.status not in ("agendada", "notificada", "confirmada")


def _only_that_year() -> None:
    moments = [localtime(moment) for moment in Evento.objects.values_list("quando", flat=True)]
    assert {moment.year for moment in moments} == {2023}
    assert Consumidor.objects.filter(nascimento__gt=date(2006, 1, 1)).count() == 0
    assert Fornecedor.objects.exclude(email="").exclude(email__endswith=".example").count() == 0


def _nothing_left_to_send() -> None:
    state = Mensagem.Situacao
    assert set(Mensagem.objects.values_list("situacao", flat=True)) <= {state.PULADA, state.CANCELADA}
    assert Mensagem.objects.filter(situacao=state.PULADA, motivo=NOT_SENT).exists()


def _reclamacoes_go_as_far_as_the_year() -> None:
    decisions = Classificacao.objects.select_related("parecer", "prazo")
    assert decisions.filter(transitada_em__isnull=False).exists()
    assert [row for row in decisions if row.parecer is None or row.parecer.autor_id == row.autoridade_id] == []
    ended = [row for row in decisions if row.prazo and row.prazo.vence_em < date(2023, 12, 28)]
    assert [row for row in ended if row.transitada_em is None] == []
    classes = [f"fundamentada_{word}" for word in ("atendida", "nao_atendida")]
    assert Reclamacao.objects.filter(status="arquivada", atendimento__desfecho__in=classes).exists()


class Stopped(Exception):  # noqa: N818  it stands for a kill
    """Somebody pulled the plug."""


def pull_the_plug_after(steps: int) -> Callable[[int], None]:
    """A bar that stops the build."""
    left = [steps]

    def tick(done: int) -> None:
        left[0] -= done
        if left[0] < 0:
            raise Stopped

    return tick


def test_the_same_year_gives_the_same_demonstration_however_often_it_is_interrupted(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procon.demo.parts.BATCH", 8)
    with transaction.atomic():
        build(ano=2023, escala=0.01)
        straight = told()
        transaction.set_rollback(True)

    for steps in (20, 55, 75):  # in the registering, in the first part, in the second
        with pytest.raises(Stopped):
            build(ano=2023, escala=0.01, tick=pull_the_plug_after(steps))
    build(ano=2023, escala=0.01)

    assert len(straight) > 200
    assert told() == straight
    assert Demonstracao.objects.values_list("concluida", flat=True).get()


def test_a_used_office_is_refused(cast: Cast) -> None:
    register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal")

    with pytest.raises(ActNotAllowed, match="Este escritório já tem atendimentos"):
        build(ano=2023, escala=SMALL)

    assert Atendimento.objects.count() == 1


def test_a_build_that_was_interrupted_is_not_mixed_with_another(db: None) -> None:
    Demonstracao.objects.create(ano=2022, escala=0.5)

    with pytest.raises(ActNotAllowed, match=r"manage\.py demo --ano 2022 --escala 0\.5"):
        build(ano=2023, escala=1.0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--ano", "2999"], "Não há demonstração do ano «2999»: é preciso um ano já encerrado"),
        (["--ano", "abc"], "Não há demonstração do ano «abc»"),
        (["--escala", "0"], "A escala «0» não serve: é preciso um número de 0,01 a 5."),
        (["--escala", "nan"], "A escala «nan» não serve"),
        (["--escala", "muito"], "A escala «muito» não serve"),
    ],
)
def test_the_command_refuses_in_a_sentence(db: None, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("demo", *arguments)


@pytest.fixture
def own_database(django_db_setup: None, template: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an office of its own, with a database that other processes see."""
    with database("demonstracao", like=template) as name:
        yield {**os.environ, "DATABASE_URL": address(name), "DATA_DIR": str(tmp_path)}


def manage(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """One command of the project in a process of its own."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_a_killed_build_goes_on_where_it_stopped(own_database: dict[str, str]) -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--escala", "0.03"]
    with subprocess.Popen(command, env=own_database, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as first:
        assert first.stderr is not None
        said = b""
        while not re.search(rb"(1[4-9]\d|2\d\d)/264", said):  # past the registering, within the parts
            more = first.stderr.read1()
            assert more, said  # it ended by itself
            said += more
        first.send_signal(signal.SIGKILL)
    time.sleep(1)  # its processes see the broken pipe

    again = manage(own_database, "demo")
    checked = manage(own_database, "verificar")
    shown = manage(own_database, "balanco", "2023", "--formato", "json")

    assert again.returncode == 0, again.stderr[-500:]
    assert "132 atendimentos, 81 APs, 33 CIPs, 19 audiências realizadas" in again.stdout
    assert checked.returncode == 0, checked.stdout
    assert '"realizadas": 19' in shown.stdout
