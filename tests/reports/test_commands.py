"""The reporting commands on a terminal."""

from __future__ import annotations

import io
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


class Terminal(io.TextIOWrapper):
    """A standard output that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.django_db
@pytest.mark.parametrize("nome", ["balanco", "cadastro"])
def test_a_workbook_is_not_thrown_at_a_terminal(nome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal(io.BytesIO()))
    with pytest.raises(CommandError) as refusal:
        call_command(nome, "2023", "--formato", "xlsx")
    assert str(refusal.value) == (
        f"Um xlsx não se lê no terminal. Guarde-o num arquivo: manage.py {nome} … --formato xlsx > {nome}.xlsx"
    )
