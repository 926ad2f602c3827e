"""The files of attachments, named by their own hash; written as letters are: whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from documents.storage import content_of, sha256


def attachments() -> Any:
    """Where attachments lie."""
    return storages["anexos"]


def path_of(name: str) -> Path:
    """The file with this name, where attachments lie on a disk."""
    return Path(attachments().path(name))


def read(name: str) -> bytes:
    """The content of an attachment. Raises FileNotFoundError where there is none, StorageAway where nobody answers."""
    return content_of(attachments(), name)


def write(content: bytes, extension: str) -> str:
    """Store the content and return its name. A rolled-back transaction leaves a file that no row names."""
    digest = sha256(content)
    return str(attachments().save(f"{digest[:2]}/{digest}{extension}", ContentFile(content)))


def remove(name: str) -> None:
    """Take an attachment away; one that is not there is away already."""
    attachments().delete(name)


def names() -> Iterator[str]:
    """Every stored attachment."""
    yield from attachments().names()
