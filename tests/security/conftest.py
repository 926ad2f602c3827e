"""One office for a module: built once, and taken back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.conftest import NOW, make_cast
from tests.kept import kept
from tests.security.office import Office, furnish


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office, in a transaction that ends with the module."""
    with kept(django_db_blocker, tmp_path_factory.mktemp("escritorio")), time_machine.travel(NOW, tick=False):
        cast = make_cast()
        yield Office(cast, furnish(cast))
