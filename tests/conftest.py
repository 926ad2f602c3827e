"""The named cast and the fixed moment that every test shares.

Ana complains, Bruno attends, Carla conciliates, Dora coordinates, Edu decides, Eva is from elsewhere and sees nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from accounts.models import SYSTEM_LOGIN, Atribuicao, Papel, Unidade, User
from deadlines.services import load_calendar
from parties.models import Consumidor, Fornecedor

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
#: A Wednesday.
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=SAO_PAULO)


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


def make_cast() -> Cast:
    """Write the cast into the database."""
    here = Unidade.objects.create(codigo="35.001.001", nome="Procon Centro", municipio="3523107")
    elsewhere = Unidade.objects.create(codigo="35.002.001", nome="Procon Vizinho", municipio="3518800")

    def person(usuario: str, nome: str, papel: str, unidade: Unidade) -> User:
        user = User.objects.create_user(usuario, "senha-de-teste-1", nome=nome, email=f"{usuario}@example.org")
        Atribuicao.objects.create(user=user, unidade=unidade, papel=papel)
        return user

    load_calendar(range(2026, 2028))
    sistema, _ = User.objects.get_or_create(usuario=SYSTEM_LOGIN, defaults={"nome": "Sistema", "is_active": False})
    return Cast(
        unidade=here,
        outra=elsewhere,
        bruno=person("bruno", "Bruno Atendente", Papel.ATENDENTE, here),
        carla=person("carla", "Carla Conciliadora", Papel.CONCILIADOR, here),
        dora=person("dora", "Dora Coordenadora", Papel.COORDENADOR, here),
        edu=person("edu", "Edu Autoridade", Papel.AUTORIDADE, here),
        eva=person("eva", "Eva de Fora", Papel.ATENDENTE, elsewhere),
        sistema=sistema,
        ana=Consumidor.objects.create(nome="Ana Souza", cpf="11144477735", email="ana@example.org"),
        loja=Fornecedor.objects.create(
            razao_social="Loja Modelo Ltda", cnpj="12ABC34501DE35", email="loja@example.org"
        ),
        banco=Fornecedor.objects.create(razao_social="Banco Exemplo S.A.", cnpj="00000000000191"),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in a database that is rolled back."""
    return make_cast()


@pytest.fixture(autouse=True, scope="session")
def _no_collected_files() -> None:
    """WhiteNoise looks at each of 2,600 collected files whenever a client is made; no test asks it for one."""
    settings.STATIC_ROOT = None


@pytest.fixture(autouse=True)
def _fast_passwords(settings: pytest.FixtureRequest) -> None:
    """Argon2 is slow by design; the tests log in often."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _attachments_in_tmp(settings: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test attaches into a folder of its own, made when something is written."""
    settings.ANEXOS_ROOT = tmp_path_factory.getbasetemp() / f"anexos-{uuid4().hex}"
