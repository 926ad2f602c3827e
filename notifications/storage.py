"""The local mail folder, where e-mail goes while no server is configured: one .eml file per message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*\.eml")
#: Nothing that the office writes is larger.
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Letter:
    """One file of the folder, read."""

    name: str
    to: str
    subject: str
    sent: datetime | None
    message_id: str
    body: str


def folder() -> Path | None:
    """The folder, where e-mail goes to one; None where a server is configured."""
    path = getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(path) if path else None


def names(path: Path) -> list[str]:
    """The files, newest first: their names begin with the time."""
    if not path.is_dir():
        return []
    return sorted((entry.name for entry in path.iterdir() if NAME.fullmatch(entry.name)), reverse=True)


def read(path: Path, name: str) -> Letter | None:
    """One letter; None where there is no such file. The name cannot lead out of the folder."""
    if not NAME.fullmatch(name):
        return None
    file = path / name
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES)
    except OSError:
        return None
    message = BytesParser(policy=policy.default).parsebytes(raw)
    return Letter(
        name=name,
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        sent=_date(message),
        message_id=str(message.get("Message-ID", "")),
        body=_text(message),
    )


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return None


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    try:
        return str(part.get_content()) if part else ""
    except (LookupError, ValueError):
        return "(não foi possível ler o texto)"
