"""The files of attachments on disk, named by their own hash; written as letters are: whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from documents.storage import put, sha256


def folder() -> Path:
    """Where attachments lie."""
    return Path(settings.ANEXOS_ROOT)


def path_of(name: str) -> Path:
    """The file with this name."""
    return folder() / name


def write(content: bytes, extension: str) -> str:
    """Put the content on disk and return its name. A rolled-back transaction leaves a file that no row names."""
    digest = sha256(content)
    name = f"{digest[:2]}/{digest}{extension}"
    put(content, path_of(name))
    return name


def names() -> Iterator[str]:
    """Every attachment file on disk."""
    root = folder()
    for path in sorted(root.glob("*/*")):
        if path.is_file():
            yield str(path.relative_to(root))
