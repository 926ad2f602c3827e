"""What is open to all is not open to a machine that takes it all at once."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from portal.conf import LIMITS


@pytest.fixture(autouse=True)
def _counts_anew(db: None) -> None:
    cache.clear()


def test_public_pages_are_slowed_down_per_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "publico", 2)
    here, there = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="203.0.113.8")
    paths = ("/publico/cadastro/", "/publico/balanco/", "/publico/dados-abertos/")

    assert [here.get(path).status_code for path in paths] == [200, 200, 429]
    assert there.get("/publico/").status_code == 200
    assert here.get("/entrar/").status_code == 200
    assert here.post("/publico/acompanhamento/", {"protocolo": "x", "chave": "y"}).status_code == 422


def test_open_files_have_a_count_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "arquivo", 1)
    here = Client(REMOTE_ADDR="203.0.113.7")
    file = "/publico/dados-abertos/2025/reclamacoes-2025.csv"

    assert [here.get(file).status_code for _ in range(2)] == [422, 429]
    assert here.get("/publico/dados-abertos/").status_code == 200
