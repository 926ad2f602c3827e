"""Reading a published file: plain, gzip or zip, in either encoding, block by block."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Generic, TypeVar

from opendata.layout.consumidor_gov import HEADINGS, ConductDialect, dialect_of
from opendata.layout.sindec import (
    WIDTH,
    Dialect,
    LineRefused,
    checked,
    header_columns,
    is_quoted,
    is_trailer,
    split,
)

BLOCK = 1 << 20
LONGEST_LINE = 64 << 10
#: Nothing that the ministry publishes comes near; whatever passes it is a bomb.
LARGEST = 4 << 30
MOST_MEMBERS = 100
#: How far into a file without header a first record may be.
LOOK_AHEAD = 50

_ADVICE = "Baixe o arquivo de novo na fonte e tente outra vez."

AnyDialect = TypeVar("AnyDialect", bound=Dialect)
#: How one kind of file is recognised: its name in words, its first lines with their numbers, its encoding, whether its
#: quotes enclose fields. Raises FileRefused.
Recognise = Callable[[str, list[tuple[int, str]], str, bool], AnyDialect]


class FileRefused(Exception):  # noqa: N818  a refusal is not an error
    """The whole file is refused; the text says why and what to do, in Portuguese."""


@dataclass(frozen=True)
class Source(Generic[AnyDialect]):
    """One CSV of a file: the file itself, or a member of a zip."""

    path: Path
    member: str
    dialect: AnyDialect
    lines: int

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return PurePosixPath(self.member).name if self.member else self.path.name

    def digest(self) -> str:
        """SHA-256 of the text, however it is packed."""
        found = hashlib.sha256()
        with _opened(self.path, self.member) as stream:
            while chunk := stream.read(BLOCK):
                found.update(chunk)
        return found.hexdigest()

    def records(self) -> Iterator[tuple[int, str]]:
        """(line number, text) of every line that should be a record."""
        skip = self.dialect.header
        with _opened(self.path, self.member) as stream:
            for start, block in _blocks(stream):
                text = block.decode(self.dialect.encoding)
                for number, line in enumerate(text.split("\n"), start):
                    clean = line[:-1] if line.endswith("\r") else line
                    if number == 1:
                        clean = clean.removeprefix("\ufeff")
                    if not clean or (len(clean) < 60 and is_trailer(clean)):
                        continue
                    if skip:
                        skip = False
                        continue
                    yield number, clean


def open_sources(path: Path, recognise: Recognise[AnyDialect]) -> list[Source[AnyDialect]]:
    """The CSVs of a file, each looked through once for damage, encoding and dialect. Raises FileRefused."""
    if not path.exists():
        raise FileRefused(f"O arquivo {path} não existe. Confira o caminho e o nome.")
    if path.is_dir():
        raise FileRefused(f"{path} é uma pasta, não um arquivo. Indique os arquivos dentro dela.")
    try:
        return [_inspect(path, member, recognise) for member in _members(path)]
    except PermissionError:
        raise FileRefused(f"Sem permissão para ler {path}. Peça acesso de leitura ao arquivo.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        raise FileRefused(f"O arquivo {path} está danificado: a compactação não fecha. {_ADVICE}") from None
    except (RuntimeError, NotImplementedError):
        raise FileRefused(f"O zip {path} tem senha ou compactação que não se lê aqui. Descompacte-o antes.") from None
    except OSError as error:
        raise FileRefused(f"Não foi possível ler {path}: {os.strerror(error.errno or 5)}. {_ADVICE}") from None


def _members(path: Path) -> list[str]:
    """The CSVs of a zip; one nameless member for any other file."""
    if not _starts_with(path, b"PK\x03\x04"):
        if path.stat().st_size == 0:
            raise FileRefused(f"O arquivo {path} está vazio. {_ADVICE}")
        return [""]
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if info.filename.lower().endswith(".csv") and not info.is_dir()]
    if not members:
        raise FileRefused(
            f"O zip {path} não tem nenhum arquivo .csv. Se dentro dele há outro arquivo compactado, abra-o antes."
        )
    for info in members:
        parts = PurePosixPath(info.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise FileRefused(f"O zip {path} aponta para fora de si («{info.filename[:60]}»). {_ADVICE}")
    if len(members) > MOST_MEMBERS or sum(info.file_size for info in members) > LARGEST:
        raise FileRefused(f"O zip {path} é grande demais. Descompacte-o e indique só os arquivos que quer importar.")
    return [info.filename for info in members]


def _starts_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


@contextmanager
def _opened(path: Path, member: str) -> Iterator[IO[bytes]]:
    """The bytes of one CSV, decompressed as they are read."""
    if member:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            yield stream
    elif _starts_with(path, b"\x1f\x8b"):
        with gzip.open(path, "rb") as stream:
            yield io.BufferedReader(stream, BLOCK)  # GzipFile reads as a raw stream does
    else:
        with path.open("rb") as stream:
            yield stream


def _blocks(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """(number of the first line, whole lines) until the end; memory holds one block."""
    rest, number, total = b"", 1, 0
    while chunk := stream.read(BLOCK):
        total += len(chunk)
        if total > LARGEST:
            raise FileRefused(f"O arquivo passa de {LARGEST >> 30} GB: nada do que se importa aqui é tão grande.")
        whole, newline, rest_of_chunk = chunk.rpartition(b"\n")
        if newline:
            block = rest + whole
            yield number, block
            number += block.count(b"\n") + 1
            rest = rest_of_chunk
        else:
            rest += chunk
        if len(rest) > LONGEST_LINE:
            raise FileRefused(f"A linha {number} não termina: não é um arquivo de linhas e colunas. {_ADVICE}")
    if rest:
        yield number, rest


@dataclass
class _Look:
    """What the first pass gathers."""

    lines: int = 0
    bom: bool = False
    not_utf8: int = 0
    utf8: int = 0
    first_not_utf8: int = 0
    quoted: int = 0
    unquoted: int = 0


def _inspect(path: Path, member: str, recognise: Recognise[AnyDialect]) -> Source[AnyDialect]:
    """Look through one CSV: refuse it when damaged or foreign, else learn its dialect."""
    name = f"{path}:{member}" if member else str(path)
    look = _Look()
    head: list[bytes] = []
    with _opened(path, member) as stream:
        for start, block in _blocks(stream):
            if start == 1:
                look.bom = block.startswith(b"\xef\xbb\xbf")
                head = block.split(b"\n", LOOK_AHEAD)[:LOOK_AHEAD]
            _look_for_damage(name, start, block)
            _look_at_encoding(look, start, block)
            _look_at_quotes(look, block)
            look.lines += block.count(b"\n") + 1
    encoding = _encoding(name, look)
    if encoding == "cp1252":
        _check_cp1252(path, member, name)
    dialect = recognise(name, _first_lines(name, head, encoding), encoding, look.quoted > look.unquoted)
    return Source(path, member, dialect, look.lines)


def _first_lines(name: str, head: list[bytes], encoding: str) -> list[tuple[int, str]]:
    """The lines at the beginning that hold something, with their numbers."""
    decoded = (line.decode(encoding, "replace").rstrip("\r").removeprefix("\ufeff") for line in head)
    lines = [(number, line) for number, line in enumerate(decoded, 1) if not is_trailer(line)]
    if not lines:
        raise FileRefused(f"O arquivo {name} está vazio. {_ADVICE}")
    return lines


def _look_for_damage(name: str, start: int, block: bytes) -> None:
    """A letter already lost (U+FFFD) or a null byte spoils a file: what is missing cannot be known."""
    for mark, what in ((b"\xef\xbf\xbd", "letras perdidas (U+FFFD)"), (b"\0", "bytes nulos")):
        at = block.find(mark)
        if at >= 0:
            line = start + block.count(b"\n", 0, at)
            raise FileRefused(f"O arquivo {name} está danificado: há {what} na linha {line}. {_ADVICE}")


def _look_at_encoding(look: _Look, start: int, block: bytes) -> None:
    """Count the lines that are UTF-8 and those that are not; most blocks are decided at once."""
    if block.isascii():
        return
    try:
        block.decode()
        look.utf8 += block.count(b"\n") + 1
    except UnicodeDecodeError:
        for number, line in enumerate(block.split(b"\n"), start):
            if line.isascii():
                continue
            try:
                line.decode()
                look.utf8 += 1
            except UnicodeDecodeError:
                look.not_utf8 += 1
                look.first_not_utf8 = look.first_not_utf8 or number


def _encoding(name: str, look: _Look) -> str:
    """UTF-8 or cp1252; a file that is mostly UTF-8 and partly not is damaged."""
    if not look.not_utf8:
        return "utf-8"
    if look.bom or look.utf8 > look.not_utf8:
        raise FileRefused(
            f"O arquivo {name} está danificado: a linha {look.first_not_utf8} não está em UTF-8 como as outras. "
            f"{_ADVICE}"
        )
    return "cp1252"


def _check_cp1252(path: Path, member: str, name: str) -> None:
    with _opened(path, member) as stream:
        for start, block in _blocks(stream):
            try:
                block.decode("cp1252")
            except UnicodeDecodeError as error:
                line = start + block.count(b"\n", 0, error.start)
                raise FileRefused(
                    f"O arquivo {name} não é texto em UTF-8 nem em Windows-1252: falha na linha {line}. {_ADVICE}"
                ) from None


def _look_at_quotes(look: _Look, block: bytes) -> None:
    """Count the lines whose quotes enclose fields and those whose quotes are text."""
    if b'"' not in block:
        return
    for line in block.split(b"\n"):
        if b'"' in line:
            if is_quoted(line.decode("latin-1").rstrip("\r").removeprefix("\xef\xbb\xbf")):
                look.quoted += 1
            else:
                look.unquoted += 1


def register_dialect(name: str, lines: list[tuple[int, str]], encoding: str, quoted: bool) -> Dialect:
    """The dialect, if the beginning is the register's header or holds a record. Raises FileRefused."""
    number, first = lines[0]
    if columns := header_columns(first):
        return Dialect(encoding, quoted, header=True, extra=columns - WIDTH)
    dialect = Dialect(encoding, quoted)
    reason = ""
    for _, line in lines:
        try:
            checked(split(line, dialect))
        except LineRefused as refusal:
            reason = reason or str(refusal)
        else:
            return dialect
    raise FileRefused(
        f"O arquivo {name} não é do cadastro nacional (SINDEC): linha {number}, {reason}. "
        "Confira se é o arquivo das reclamações fundamentadas, com 23 colunas separadas por «;»."
    )


def conduct_dialect(name: str, lines: list[tuple[int, str]], encoding: str, quoted: bool) -> ConductDialect:
    """The dialect of a file of consumidor.gov.br, by its header. Raises FileRefused."""
    number, first = lines[0]
    dialect, wrong = dialect_of(first, encoding=encoding, quoted=quoted or first.startswith('"'))
    if dialect is None and len(wrong) == len(HEADINGS):
        raise FileRefused(
            f"O arquivo {name} não é de consumidor.gov.br: a linha {number} não é o cabeçalho com os nomes das "
            "colunas, separados por «;». Baixe-o em consumidor.gov.br, Dados abertos."
        )
    if dialect is None:
        raise FileRefused(
            f"No cabeçalho do arquivo {name} (linha {number}) falta, ou se repete: {', '.join(wrong)}. "
            "Baixe o arquivo de novo em consumidor.gov.br, Dados abertos, sem tirar colunas."
        )
    return dialect
