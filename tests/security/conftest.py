"""One office for a module: built once, and taken back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from tests.conftest import NOW, make_cast
from tests.security.office import Office, furnish


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office, in a transaction that ends with the module."""
    folder = tmp_path_factory.mktemp("escritorio")
    kept = {
        "MEDIA_ROOT": folder, "DATA_DIR": folder, "ANEXOS_ROOT": folder / "anexos",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }  # fmt: skip
    with (
        django_db_blocker.unblock(),
        override_settings(**kept),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        cast = make_cast()
        yield Office(cast, furnish(cast))
        transaction.set_rollback(True)
