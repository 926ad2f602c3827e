"""The named cast and the fixed moment that every test shares.

Ana complains, Bruno attends, Carla conciliates, Dora coordinates, Edu decides, Eva is from elsewhere and sees nothing.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault
from django.test import override_settings

from accounts.models import SYSTEM_LOGIN, Papel, Unidade, User
from deadlines import lawdata
from parties.models import Consumidor, Fornecedor
from tests import databases, emptying

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
#: A Wednesday.
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=SAO_PAULO)


#: Where the long tests are. Begun first and in this order, they leave no worker idle at the end of the run.
LONG = (
    "tests/security/", "tests/hostile/", "tests/procon/test_demo", "tests/browser/", "tests/notifications/test_chaos",
    "tests/opendata/test_full_files", "tests/portal/test_fuzzing", "tests/hearings/test_concurrency",
)  # fmt: skip


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: what gzip or zip packed bears its second, and workers collect in several."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests first; but whoever commits comes last, since it takes the migrations' own rows along."""
    items.sort(key=lambda item: (_commits(item), _place(item)))


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or bool(mark and mark.kwargs.get("transaction"))


def _place(item: pytest.Item) -> int:
    return next((place for place, head in enumerate(LONG) if item.nodeid.startswith(head)), len(LONG))


@dataclass
class Cast:
    """Everybody a test needs by name."""

    unidade: Unidade
    outra: Unidade
    bruno: User
    carla: User
    dora: User
    edu: User
    eva: User
    sistema: User
    ana: Consumidor
    loja: Fornecedor
    banco: Fornecedor


#: Who works here; Eva alone works elsewhere.
STAFF = (
    ("bruno", "Bruno Atendente", Papel.ATENDENTE),
    ("carla", "Carla Conciliadora", Papel.CONCILIADOR),
    ("dora", "Dora Coordenadora", Papel.COORDENADOR),
    ("edu", "Edu Autoridade", Papel.AUTORIDADE),
    ("eva", "Eva de Fora", Papel.ATENDENTE),
)


def load_law(years: Iterable[int] = lawdata.YEARS) -> None:
    """The days and rules that `load_calendar` would write, from texts kept for the run: most tests start with them."""
    with connection.cursor() as cursor:
        for statement, rows in _law(tuple(years)):
            cursor.execute(statement, [rows])


@cache
def _law(years: tuple[int, ...]) -> list[tuple[str, str]]:
    return [
        _insertion("deadlines_feriado", list(lawdata.holiday_rows(years))),
        _insertion("deadlines_regradeprazo", lawdata.rule_rows()),
    ]


def _insertion(table: str, rows: list[dict[str, Any]]) -> tuple[str, str]:
    columns = ", ".join(rows[0])
    source = f"SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)"
    return f"INSERT INTO {table} ({columns}) {source} ON CONFLICT DO NOTHING", json.dumps(rows, cls=DjangoJSONEncoder)


def make_cast() -> Cast:
    """Write the cast into the database, in as few and as ready statements as it takes: nearly every test begins so."""
    written = _cast(settings.PASSWORD_HASHERS[0])
    made = {model: list(model._base_manager.raw(statement, [rows])) for model, statement, rows in written}
    here, elsewhere = made[Unidade]
    people = {user.usuario: user for user in made[User]}
    loja, banco = made[Fornecedor]
    [ana] = made[Consumidor]
    held = [
        {"user_id": people[name].pk, "unidade_id": (elsewhere if name == "eva" else here).pk, "papel": papel}
        for name, _, papel in STAFF
    ]
    statement, rows = _insertion("accounts_atribuicao", held)
    with connection.cursor() as cursor:
        cursor.execute(statement, [rows])
    load_law(range(2026, 2028))
    sistema, _ = User.objects.get_or_create(usuario=SYSTEM_LOGIN, defaults={"nome": "Sistema", "is_active": False})
    return Cast(unidade=here, outra=elsewhere, sistema=sistema, ana=ana, loja=loja, banco=banco, **people)


@cache
def _cast(_hasher: str) -> list[tuple[type[Model], str, str]]:
    """Everybody as a statement that tells the rows it made, worked out once for the run and each kind of password."""
    password = make_password("senha-de-teste-1")
    return [
        _writing(
            Unidade(codigo="35.001.001", nome="Procon Centro", municipio="3523107"),
            Unidade(codigo="35.002.001", nome="Procon Vizinho", municipio="3518800"),
        ),
        _writing(
            *(
                User(usuario=usuario, password=password, nome=nome, email=f"{usuario}@example.org")
                for usuario, nome, _ in STAFF
            )
        ),
        _writing(
            Fornecedor(razao_social="Loja Modelo Ltda", cnpj="12ABC34501DE35", email="loja@example.org"),
            Fornecedor(razao_social="Banco Exemplo S.A.", cnpj="00000000000191"),
        ),
        _writing(Consumidor(nome="Ana Souza", cpf="11144477735", email="ana@example.org")),
    ]


def _writing(*rows: Model) -> tuple[type[Model], str, str]:
    """How these rows of one model are written; what the database itself works out is left to it."""
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    given = [{field.column: field.value_from_object(row) for field in fields} for row in rows]
    shown = [{name: value for name, value in row.items() if not isinstance(value, DatabaseDefault)} for row in given]
    statement, told = _insertion(model._meta.db_table, shown)
    return model, f"{statement} RETURNING *", told


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in a database that is rolled back."""
    return make_cast()


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> str:
    """The migrated database that the others of this run are copied from."""
    with django_db_blocker.unblock():
        return databases.template()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    request: pytest.FixtureRequest,
) -> None:
    """pytest-django's own hook: a test database that is not kept from an earlier run is a copy of the template."""
    test = connection.settings_dict["TEST"]
    kept = django_db_keepdb and not django_db_createdb
    if not (kept and databases.exists(test["NAME"] or f"test_{connection.settings_dict['NAME']}")):
        test["TEMPLATE"] = request.getfixturevalue("template")


@pytest.fixture(autouse=True, scope="session")
def _little_to_collect() -> None:
    """What is loaded by now lives until the end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def _no_collected_files() -> None:
    """WhiteNoise looks at each of 2,600 collected files whenever a client is made; no test asks it for one."""
    settings.STATIC_ROOT = None


@pytest.fixture(autouse=True, scope="session")
def _quickly_emptied() -> None:
    """Tests that commit leave no more than they found, sooner than by Django's own way."""
    emptying.install()


@pytest.fixture(autouse=True, scope="session")
def _fast_passwords() -> Iterator[None]:
    """Argon2 is slow by design; the tests log in often."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _attachments_in_tmp(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test attaches into a folder of its own, made when something is written."""
    settings.ANEXOS_ROOT = tmp_path_factory.getbasetemp() / f"anexos-{uuid4().hex}"
