"""Iara audits: she corrects and merges suppliers."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.conftest import Cast
from tests.parties.merges import auditor


@pytest.fixture
def iara(cast: Cast) -> User:
    """An auditor of the centre."""
    return auditor(cast)
