"""Which office a database is of, and whether the stored files are the same office's.

Every office draws a mark once and keeps it in its database; the place of its letters (a folder, a bucket) holds the
same mark in a file. So two offices never share a place, and a machine that sees another, or none, serves nobody.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from procon.environment import WrongEnvironment
from procon.models import Escritorio

#: The name of the file among the letters, whose own names all have a folder.
MARK = "escritorio.txt"


def claim() -> None:
    """Mark the place of stored files as this office's. Raises WrongEnvironment where it is another's; may run twice."""
    ours, store = str(Escritorio.objects.get_or_create()[0].marca), _store()
    found = marked()
    if not found:
        store.save(MARK, ContentFile(ours.encode()))
    elif found != ours:
        raise WrongEnvironment(
            f"Em «{store.place}» estão os documentos de outro escritório, que não é o deste banco: dois escritórios na "
            "mesma pasta misturariam os documentos de ambos. Aponte DATA_DIR (ou STORAGE_URL) para o lugar deste "
            "escritório ou para um vazio, ou DATABASE_URL para o banco do outro."
        )


def fault() -> str:
    """Why this machine must not serve this office's files; empty where all is well."""
    found = marked()
    if not found:
        return "esta máquina não vê os documentos do escritório; confira DATA_DIR ou STORAGE_URL"
    ours = Escritorio.objects.filter(marca=found).exists()
    return "" if ours else "os documentos que esta máquina vê são de outro escritório; confira DATA_DIR ou STORAGE_URL"


def marked() -> str:
    """The mark of the place where stored files lie; empty where there is none."""
    try:
        with _store().open(MARK) as file:
            return str(file.read().decode()).strip()
    except FileNotFoundError:
        return ""


def forget() -> None:
    """Take the mark off a place that holds no file, before another office is restored into it."""
    _store().delete(MARK)


def _store() -> Any:
    return storages["documentos"]
