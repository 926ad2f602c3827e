"""Iara audits: she corrects and merges suppliers."""

from __future__ import annotations

import pytest

from accounts.models import Atribuicao, Papel, User
from tests.conftest import Cast


@pytest.fixture
def iara(cast: Cast) -> User:
    """An auditor of the centre."""
    user = User.objects.create_user("iara", "senha-de-teste-1", nome="Iara Auditora", email="iara@example.org")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.AUDITOR)
    return user
