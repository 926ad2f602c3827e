"""The inside of a copy: a tar of plain files, each with its SHA-256 in a list that follows it every few thousand.

    manifesto.json  segredos/chave-secreta  banco/000001.sql.gz …  documentos/…  anexos/…  somas/000001.txt …

The pieces of `banco/` are one gzip stream cut up: `cat banco/* | gunzip | psql`. `sha256sum -c somas/*` checks by hand.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Self

from procon.backup.envelope import damaged
from procon.backup.streams import Content, Readable, Writable

#: So many files are summed in one list; a reader keeps no more than that in mind.
LISTED = 5000
#: What may be in a copy: no name leads out of the data folder.
KNOWN = re.compile(
    r"manifesto\.json|segredos/chave-secreta|banco/[0-9]{6,}\.sql\.gz"
    r"|(documentos|anexos)/[0-9a-z]{2}/[0-9A-Za-z-]+(\.[0-9A-Za-z]+)?|somas/[0-9]{6,}\.txt"
)
_SUMS = "somas/"
#: So much is read and written at once.
BUFFER = 512 * 512


class Summed:
    """A file that is summed while it is read."""

    def __init__(self, source: Readable, copy: str = "") -> None:
        self._source = source
        self._copy = copy
        self._digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes. Raises CopyRefused when it is in a copy that ends too early."""
        try:
            found = self._source.read(size)
        except tarfile.TarError as failure:
            raise damaged(self._copy, "termina antes da hora") from failure
        self._digest.update(found)
        return found

    @property
    def sha256(self) -> str:
        """Of what was read so far."""
        return self._digest.hexdigest()


class Archive:
    """A tar that is being written."""

    def __init__(self, target: Writable) -> None:
        self._tar = tarfile.open(  # type: ignore[call-overload]  # noqa: SIM115  closed by finish()
            fileobj=target,
            mode="w|",
            format=tarfile.PAX_FORMAT,
            bufsize=BUFFER,
        )
        self._lines: list[str] = []
        self._lists = 0

    def add(self, name: str, content: bytes) -> None:
        """One file whose content is at hand."""
        self.add_stream(name, len(content), io.BytesIO(content))

    def add_stream(self, name: str, size: int, source: Readable) -> str:
        """One file of this size; its SHA-256. Raises OSError when the source ends before."""
        summed = Summed(source)
        self._put(name, size, summed)
        self._lines.append(f"{summed.sha256}  {name}\n")
        if len(self._lines) >= LISTED:
            self._list()
        return summed.sha256

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Finish it; where something failed, no more than let go of it."""
        if kind is None:
            self.finish()
            return
        with suppress(Exception):
            self._tar.close()

    def finish(self) -> None:
        """The last list, and the end of the tar."""
        self._list()
        self._tar.close()

    def _list(self) -> None:
        self._lists += 1
        content = "".join(self._lines).encode()
        self._put(f"{_SUMS}{self._lists:06}.txt", len(content), io.BytesIO(content))
        self._lines.clear()

    def _put(self, name: str, size: int, source: Readable) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, source)
        self._tar.members = []  # it would remember every one


def members(content: Content, name: str) -> Iterator[tuple[str, Summed]]:
    """Every file of a copy, in order, summed and compared; what the caller leaves unread is read past.

    When this ends without a refusal, all that was given is what was written. Raises CopyRefused.
    """
    waiting: list[str] = []
    try:
        with tarfile.open(fileobj=content, mode="r|", bufsize=BUFFER) as tar:  # type: ignore[call-overload]
            while (info := tar.next()) is not None:
                tar.members = []
                source = _source(tar, info, name)
                if info.name.startswith(_SUMS):
                    _compare(source.read().decode(), waiting, name)
                    continue
                yield info.name, source
                while source.read(1 << 20):
                    pass
                waiting.append(f"{source.sha256}  {info.name}\n")
    except (tarfile.TarError, UnicodeDecodeError, EOFError, ValueError) as failure:
        raise damaged(name, "o conteúdo não se lê até o fim") from failure
    if waiting:
        raise damaged(name, "faltam somas de arquivos")
    content.finish()


def _source(tar: tarfile.TarFile, info: tarfile.TarInfo, name: str) -> Summed:
    file: IO[bytes] | None = tar.extractfile(info) if info.isreg() and KNOWN.fullmatch(info.name) else None
    if file is None:
        raise damaged(name, "há nela um arquivo que nenhuma cópia contém")
    return Summed(file, name)


def _compare(text: str, waiting: list[str], name: str) -> None:
    if text != "".join(waiting):
        for given, found in zip(text.splitlines(), waiting, strict=False):
            if given != found.rstrip("\n"):
                raise damaged(name, f"«{found.split()[1]}» não confere com a sua soma")
        raise damaged(name, "a lista das somas não confere")
    waiting.clear()
