"""Two offices never share the place of their files, and a machine that sees another place says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from documents import storage
from procon.belonging import MARK, claim, fault, marked
from procon.environment import WrongEnvironment
from procon.models import Escritorio
from tests.procon.buckets import new_bucket, s3, stored_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "documentos"


def another_office() -> None:
    """From here on the database is another office's."""
    Escritorio.objects.update(marca=uuid4())


def test_an_office_marks_its_folder_once(tmp_path: Path) -> None:
    assert fault() == "esta máquina não vê os documentos do escritório; confira DATA_DIR ou STORAGE_URL"
    claim()
    first = marked()
    claim()
    assert (marked(), fault()) == (first, "")
    assert (tmp_path / "documentos" / MARK).read_text() == str(Escritorio.objects.get().marca)
    assert list(storage.letters().names()) == []


def test_a_second_office_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    claim()
    another_office()
    with pytest.raises(WrongEnvironment) as refused:
        claim()
    assert str(refused.value) == (
        f"Em «{tmp_path / 'documentos'}» estão os documentos de outro escritório, que não é o deste banco: dois "
        "escritórios na mesma pasta misturariam os documentos de ambos. Aponte DATA_DIR (ou STORAGE_URL) para o lugar "
        "deste escritório ou para um vazio, ou DATABASE_URL para o banco do outro."
    )
    told = Client().get("/readyz").json()["partes"]["arquivos"]
    assert told == "os documentos que esta máquina vê são de outro escritório; confira DATA_DIR ou STORAGE_URL"


def test_a_second_office_in_the_same_bucket_is_refused() -> None:
    with s3() as server, stored_in(new_bucket(server)):
        claim()
        assert (fault(), list(storage.letters().names())) == ("", [])
        another_office()
        with pytest.raises(WrongEnvironment, match=r"escritorio/documentos» estão os documentos de outro"):
            claim()
    with stored_in("s3+http://chave:segredo@127.0.0.1:9/balde"):
        told = Client().get("/readyz").json()["partes"]["arquivos"]
    assert told == "o armazenamento de documentos não responde"
