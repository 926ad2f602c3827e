"""Every service that takes what people write, given hostile values: it succeeds, or refuses and writes nothing.

A service of cases that is in no row of the table (tests/hostile/services.py) must say there why.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import services
from tests.conftest import NOW, Cast
from tests.hostile.office import Office, open_office
from tests.hostile.services import BY, LEFT_OUT, SERVICES, TIMELESS
from tests.hostile.test_every_form import _fingerprint, _writes
from tests.hostile.values import mostly
from workflow.errors import Refusal

#: A few calls of each of the many services: the values repeat from one to the next.
HOSTILE = settings(
    max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture
def office(cast: Cast, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "documentos", tmp_path
    call_command("carregar_calendario", verbosity=0)
    return open_office(cast)


def test_every_service_is_attacked_or_left_out_with_a_reason() -> None:
    left_out = set().union(*LEFT_OUT.values())
    assert set(services.__all__) - set(SERVICES) == left_out
    assert not left_out & set(SERVICES)


def _call(office: Office, name: str, told: dict[str, Any]) -> None:
    service, _ = SERVICES[name]
    moment = {} if name in TIMELESS else {"at": NOW}
    service(**told, by=getattr(office, BY.get(name, "dora")), **moment)


def _survives(office: Office, name: str, clean: dict[str, int]) -> None:
    given_like_this = SERVICES[name][1]
    with transaction.atomic():
        _call(office, name, given_like_this(office))
        transaction.set_rollback(True)

    @HOSTILE
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        told = {key: data.draw(mostly(value), label=key) for key, value in given_like_this(office).items()}
        with transaction.atomic():
            before = _writes()
            try:
                _call(office, name, told)
            except Refusal:
                assert _writes() == before or _fingerprint() == clean, (name, told)
            transaction.set_rollback(True)

    attack()


def test_no_service_breaks_or_half_writes(office: Office, subtests: Any) -> None:
    clean = _fingerprint()  # every call is taken back
    for name in SERVICES:
        with subtests.test(service=name):
            _survives(office, name, clean)
