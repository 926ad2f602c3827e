"""PDFs on disk, named by their own hash: written whole or not at all, and never changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

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
    """Where a PDF with this hash lies under the folder of documents."""
    return f"{digest[:2]}/{digest}.pdf"


def path_of(name: str) -> Path:
    """The file with this name."""
    return Path(settings.MEDIA_ROOT) / name


def write(content: bytes) -> str:
    """Put the content on disk, safe against a crash at any moment, and return its name.

    A transaction that is rolled back afterwards leaves only a file that no row names.
    """
    name = name_of(sha256(content))
    put(content, path_of(name))
    return name


def put(content: bytes, path: Path) -> None:
    """Write one file whole or not at all: beside its place first, synced, then renamed into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".novo-", delete=False) as temporary:
        try:
            temporary.write(content)
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
