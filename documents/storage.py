"""The files of letters, named by their own hash: written whole or not at all, and never changed.

They lie in a folder under DATA_DIR (`Disk`) or in a bucket (documents/bucket.py); attachments lie beside them
(cases/storage.py). Which it is, settings.STORAGES says.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, storages

from workflow.errors import NoRoom
from workflow.integrity import NO_ROOM

#: Whether each file is synced by itself; a bulk build syncs once, at its end.
_each: ContextVar[bool] = ContextVar("each", default=True)


@contextmanager
def synced_together() -> Iterator[None]:
    """Many writes inside, one sync at the end; for work that is done again from the start if it is interrupted.

    The rows that name the files must be committed after this ends.
    """
    token = _each.set(False)
    try:
        yield
        os.sync()
    finally:
        _each.reset(token)


def sha256(content: bytes) -> str:
    """The hash of the content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def name_of(digest: str) -> str:
    """Where a PDF with this hash lies among the letters."""
    return f"{digest[:2]}/{digest}.pdf"


def letters() -> Any:
    """Where letters lie."""
    return storages["documentos"]


def path_of(name: str) -> Path:
    """The file with this name, where letters lie on a disk."""
    return Path(letters().path(name))


def read(name: str) -> bytes:
    """The content of a letter. Raises FileNotFoundError where there is none, StorageAway where nobody answers."""
    return content_of(letters(), name)


def write(content: bytes) -> str:
    """Store the content, safe against a crash at any moment, and return its name.

    A transaction that is rolled back afterwards leaves only a file that no row names.
    """
    return str(letters().save(name_of(sha256(content)), ContentFile(content)))


def remove(name: str) -> None:
    """Take a letter away; one that is not there is away already."""
    letters().delete(name)


def content_of(store: Any, name: str) -> bytes:
    """All of one stored file."""
    with store.open(name) as file:
        return bytes(file.read())


class Disk(FileSystemStorage):
    """Files in the folder that a setting names. One of the same name has the same content, and is written over."""

    def __init__(self, *, folder: str) -> None:
        self._folder = folder
        super().__init__(allow_overwrite=True)

    @property
    def base_location(self) -> str:  # asked each time: a test has a folder of its own
        """The folder."""
        return str(getattr(settings, self._folder))

    @property
    def location(self) -> str:
        """The whole path of the folder."""
        return os.path.abspath(self.base_location)

    @property
    def place(self) -> str:
        """Which folder this is, told apart from any other."""
        return self.location

    def names(self) -> Iterator[str]:
        """Every stored file."""
        root = Path(self.location)
        for path in sorted(root.glob("*/*")):
            if path.is_file():
                yield str(path.relative_to(root))

    def _save(self, name: str, content: File[Any]) -> str:
        try:
            _put(content, Path(self.path(name)))
        except OSError as error:
            if error.errno in NO_ROOM:
                raise _no_room(error) from error
            raise
        return name


def _no_room(error: OSError) -> NoRoom:
    """The refusal of a file that does not fit; nothing of it is there."""
    return NoRoom(
        f"O disco em que ficam os arquivos do Procon está cheio ou não aceita gravação ({error.strerror}), e nada "
        "disto foi gravado. Avise a informática da prefeitura: é preciso liberar espaço. Depois, faça de novo; "
        "enquanto isso, guarde o papel ou use um formulário de contingência."
    )


def _put(content: File[Any], path: Path) -> None:
    """Write one file whole or not at all: beside its place first, synced, then renamed into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".novo-", delete=False) as temporary:
        try:
            for chunk in content.chunks():
                temporary.write(chunk)
            temporary.flush()
            if _each.get():
                os.fsync(temporary.fileno())
            os.replace(temporary.name, path)
        except BaseException:
            Path(temporary.name).unlink(missing_ok=True)
            raise
    if _each.get():
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself outlive a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
