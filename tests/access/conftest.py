"""People with a second factor, and their codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from access.models import Fator
from access.rules import STEP, code_of, new_secret
from access.services.factors import enrol_application
from accounts.models import Atribuicao, Papel, User
from tests.conftest import Cast

PASSWORD = "senha-de-teste-1"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


def now() -> datetime:
    return timezone.now()  # noqa: TID251  the pages under test read the real clock


def log_in(client: Client, usuario: str = "bruno", password: str = PASSWORD, **extra: str):
    return client.post("/entrar/", {"username": usuario, "password": password, **extra})


def code(secret: str, later: int = 0) -> str:
    """What the application shows now, or `later` steps from now."""
    return code_of(secret, int(now().timestamp() // STEP) + later)


def enrolled(user: User) -> tuple[str, list[str]]:
    """Give this person an application: its secret, and the recovery codes. The code of the step before is used."""
    secret = new_secret()
    return secret, enrol_application(secret=secret, code=code(secret, -1), by=user, at=now())


def give(user: User, papel: str, cast: Cast) -> User:
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=papel)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def adm(cast: Cast) -> User:
    """Ademir administers."""
    user = User.objects.create_user("ademir", PASSWORD, nome="Ademir Administrador", email="ademir@example.org")
    return give(user, Papel.ADMINISTRADOR, cast)


@pytest.fixture
def setting(settings: pytest.FixtureRequest) -> Callable[..., None]:
    """Change the office's settings for one test."""

    def change(**values: object) -> None:
        settings.PROCON = {**configured.PROCON, **values}

    return change


def factor_of(user: User) -> Fator:
    return Fator.objects.get(usuario=user)
