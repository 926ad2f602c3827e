"""As the application's role nobody alters what happened, and the office works all the same."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError, connection, transaction

from accounts.models import Papel, User
from cases.models import CIP, Atendimento, Classificacao, PrazoDeGuarda
from cases.services import answer_cip, record_contact
from cases.services.retention import anonymise
from hearings.models import Sala
from hearings.services import schedule
from parties.models import Fornecedor
from procon import embedded, roles
from procon.apps import one_role_for_all
from procon.embedded import Servers
from procon.environment import Environment, WrongEnvironment, read
from procon.processes import Ledger
from reports.closing import close_year
from reports.totals import fold
from tests.cases.conftest import ap, complaint, decided, letters_in_tmp, notified, rules, running_cip, under_analysis
from tests.conftest import NOW, Cast
from tests.hearings.conftest import moment, told
from workflow.models import Esquecimento, Evento
from workflow.services import log_reading

__all__ = ["ap", "complaint", "decided", "letters_in_tmp", "notified", "rules", "running_cip", "under_analysis"]

LATER = NOW + timedelta(days=6 * 366)
VERSIONED = (
    *("acordo", "anexo", "atendimento", "cip", "classificacao", "compra", "contato", "defesa", "parcela", "parecer"),
    *("proposta", "reclamacao", "reclamado", "recurso", "representante"),
)
#: Every table in which the application can only add rows.
HISTORY = {
    *("access_registrodeacesso", "accounts_unidadeversao"),
    *(f"cases_{name}versao" for name in VERSIONED),
    "documents_documento",
    *(f"parties_{name}versao" for name in ("consumidor", "fornecedor", "grupoeconomico")),
    *(f"reports_{name}" for name in ("cadastro", "fechamento", "itemdocadastro", "linhadocadastro")),
    *("reports_pedidodecorrecao", "reports_respostaaopedido"),
    *(f"workflow_{name}" for name in ("esquecimento", "evento", "historico", "leitura")),
}


@pytest.fixture
def application(db: None) -> str:
    """A role with the application's rights on the tests' own database; it goes with the test's transaction."""
    role = f"app_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{role}"')
    roles.settle(role)
    return role


@contextmanager
def working_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{role}"')
        yield
        cursor.execute("RESET ROLE")


def refused(statement: str) -> bool:
    """Whether the database says that this role may not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as failure:
        return getattr(failure.__cause__, "sqlstate", "") == "42501"  # insufficient_privilege
    return False


def test_which_tables_the_application_can_only_add_to(application: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, has_table_privilege(%(role)s, oid, 'SELECT, INSERT'), "
            "has_table_privilege(%(role)s, oid, 'TRUNCATE, TRIGGER, REFERENCES') FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace AND relname <> 'django_migrations' "
            "AND NOT (has_table_privilege(%(role)s, oid, 'UPDATE') AND has_table_privilege(%(role)s, oid, 'DELETE'))",
            {"role": application},
        )
        assert {name: (adds, more) for name, adds, more in cursor.fetchall()} == dict.fromkeys(HISTORY, (True, False))
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND has_table_privilege(%s, oid, 'TRUNCATE, TRIGGER, REFERENCES')",
            [application],
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TABLE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "CREATE TRIGGER outro BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "LOCK TABLE {}",
    ],
)
def test_what_nobody_may_do_with_history(application: str, statement: str) -> None:
    with working_as(application):
        assert [name for name in sorted(HISTORY) if not refused(statement.format(name))] == []


def test_no_column_of_history_is_written_but_what_its_trigger_guards(application: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped "
            "AND attrelid::regclass::text = ANY(%s) ORDER BY 1, 2",
            [sorted(HISTORY)],
        )
        columns = cursor.fetchall()
    with working_as(application):
        open_ = [(t, c) for t, c in columns if not refused(f'UPDATE {t} SET "{c}" = "{c}"')]
    assert open_ == [
        ("documents_documento", "substituido_por_id"),
        ("reports_pedidodecorrecao", "requerente"),
        ("reports_pedidodecorrecao", "texto"),
        ("reports_respostaaopedido", "motivo"),
        ("workflow_historico", "id"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "ALTER FUNCTION workflow_evento_imutavel() RESET ALL",
        "DROP FUNCTION workflow_evento_imutavel() CASCADE",
        "CREATE OR REPLACE FUNCTION workflow_leitura_imutavel() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE TABLE outra (id int)",
        "SELECT workflow_esquecer_versoes('cases_cip', '{1}', 1)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', 'x', now())",
        "CREATE ROLE mais_um",
    ],
)
def test_no_way_around_the_triggers(application: str, statement: str) -> None:
    with working_as(application):
        assert refused(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT workflow_esquecer_textos(historico_id) FROM workflow_evento LIMIT 1",  # not without saying so first
        "UPDATE workflow_historico SET id = id + 1000000",
    ],
)
def test_what_is_left_to_the_application_the_triggers_refuse(
    application: str, cast: Cast, ap: Callable[..., Atendimento], statement: str
) -> None:
    record_contact(reclamado=ap().reclamados.get(), resultado="nao_resolvido", relato="Ligou.", by=cast.bruno, at=NOW)
    why = pytest.raises(DatabaseError, match=r"só cresce|não muda de número")
    with working_as(application), why, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_office_works_as_the_application(
    cast: Cast,
    decided: Callable[..., list[Classificacao]],
    running_cip: Callable[..., CIP],
    ap: Callable[..., Atendimento],
    application: str,
) -> None:
    gil = User.objects.create_user("gil", nome="Gil Encarregado")
    gil.atribuicoes.create(unidade=cast.unidade, papel=Papel.ENCARREGADO)
    PrazoDeGuarda.objects.update_or_create(tipo="atendimento_preliminar", defaults={"anos": 5, "fonte": "CDC, 27"})
    with working_as(application):
        party = ap().reclamados.get()
        answer_cip(cip=running_cip(party), resposta="Nada devemos.", by=cast.bruno, at=NOW)
        decided()
        case = Atendimento.objects.get(pk=party.atendimento_id)
        date = schedule(
            atendimento=case, reclamados=[party], sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 1"),
            conciliador=cast.carla, inicio=moment("10:00"), modalidade="presencial", by=cast.bruno, at=NOW,
        )  # fmt: skip
        told(date, by=cast.bruno, at=NOW)
        log_reading(by=cast.bruno, pagina="caso", objeto=case, historico_id=case.historico_id)
        Fornecedor.objects.filter(pk=cast.loja.pk).update(razao_social="Loja Modelo S.A.")
        Atendimento.objects.update(status="encerrado", desfecho="desistencia", encerrado_em=NOW)
        anonymise(consumidor=cast.ana, by=gil, at=LATER)
        close_year(ano=2026, unidade=cast.unidade, by=cast.dora, at=LATER, today=LATER.date())
        fold()
        said = io.StringIO()
        with pytest.raises(CommandError, match="defeito"):  # the statuses that were set by force, to be past retention
            call_command("verificar", stdout=said)

    faulty = [line.partition(":")[0] for line in said.getvalue().splitlines() if line.endswith("com defeito")]
    assert faulty == ["Status conforme o histórico"]
    assert Evento.objects.filter(anonimizado=True).exists()
    versions = ("atendimento", "cip", "classificacao", "defesa", "parecer", "proposta", "reclamacao")
    assert {row.tabela: row.autor_id for row in Esquecimento.objects.all()} == dict.fromkeys(
        [*(f"cases_{name}versao" for name in versions), "documents_documento", "parties_consumidorversao"], gil.pk
    )


def test_the_tables_of_an_earlier_version_are_handed_over_once() -> None:
    """A server that comes back under a working office must not lock every table."""
    home = Path(tempfile.mkdtemp(prefix="donos-"))
    servers = Servers(home, redis=False, durable=False)

    def ask(statement: str) -> list[Any]:
        with psycopg.connect(embedded.database_url(home), autocommit=True) as database:
            found = database.execute(statement)
            return found.fetchall() if found.description else []

    def owners() -> dict[str, str]:
        return dict(ask("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))

    try:
        servers.start(Ledger(home / "processos.json"))
        ask(f"ALTER DATABASE {embedded.DATABASE} OWNER TO postgres")  # as earlier versions made it
        ask("CREATE TABLE antiga ()")
        embedded.prepare_database(home)
        assert owners() == {"antiga": "procon_dono"}
        ask("CREATE TABLE nova ()")
        embedded.prepare_database(home)
        assert owners() == {"antiga": "procon_dono", "nova": "postgres"}
    finally:
        servers.stop()
        shutil.rmtree(home)


def environment(**given: str) -> Environment:
    return read({"DATA_DIR": "/srv/procon", **given})


APP, OWNER = "postgres://escritorio:a%401@banco/procon", "postgres://dono:b@banco/procon"


@pytest.mark.parametrize(
    ("given", "application_role", "as_application", "as_owner"),
    [
        ({}, ("procon_app", ""), "postgres://procon_app@/procon?host=", "postgres://procon_dono@/procon?host="),
        ({"DATABASE_URL": APP}, ("", ""), APP, APP),
        ({"DATABASE_URL": APP, "DATABASE_OWNER_URL": OWNER}, ("escritorio", "a@1"), APP, OWNER),
        ({"DATABASE_URL": APP, "DATABASE_OWNER_URL": APP}, ("", ""), APP, APP),
    ],
)
def test_who_connects(
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    application_role: tuple[str, str],
    as_application: str,
    as_owner: str,
) -> None:
    office = environment(**given)
    monkeypatch.delenv(roles.MARK, raising=False)
    assert roles.application_role(office) == application_role
    assert roles.address(office).startswith(as_application)
    monkeypatch.setenv(roles.MARK, "1")
    assert roles.address(office).startswith(as_owner)


def test_an_owner_without_an_application_is_refused() -> None:
    with pytest.raises(WrongEnvironment, match="falta DATABASE_URL"):
        environment(DATABASE_OWNER_URL=OWNER)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("", "não existe neste banco"),
        ('CREATE ROLE "{}" SUPERUSER', "poderia alterar o histórico"),
        ('CREATE ROLE "{}" CREATEROLE', "poderia alterar o histórico"),
        ('CREATE ROLE "{}" IN ROLE postgres', "poderia alterar o histórico"),
    ],
)
def test_a_role_that_could_help_itself_gets_nothing(db: Any, made: str, why: str) -> None:
    role = f"errado_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(made.format(role) or "SELECT 1")
    with pytest.raises(WrongEnvironment, match=why):
        roles.settle(role)


def test_a_role_that_is_missing_is_made_where_the_owner_may(db: Any) -> None:
    role = f"novo_{connection.settings_dict['NAME']}"
    roles.settle(role, "uma senha")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin, left(rolpassword, 14) FROM pg_authid WHERE rolname = %s", [role])
        assert cursor.fetchone() == (True, "SCRAM-SHA-256$")


def test_who_is_not_the_owner_migrates_nothing_and_is_told_so(application: str) -> None:
    with working_as(application), pytest.raises(CommandError, match="não é dono das tabelas"), transaction.atomic():
        call_command("migrate", "workflow", "0004", verbosity=0)


def test_the_check_before_deployment_warns_of_one_role_for_all(application: str) -> None:
    assert [found.id for found in one_role_for_all(None)] == ["procon.W001"]
    with working_as(application):
        assert one_role_for_all(None) == []


def test_whose_rights_the_owner_has_already_nothing_is_done(db: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        roles.settle(cursor.fetchone()[0])
    assert roles.alters_history()
