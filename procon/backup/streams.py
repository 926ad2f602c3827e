"""A copy as a stream, in bounded memory: written through the encryption, read back through it, its seal compared."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import pyrage

from procon.backup.envelope import Sealing, damaged, identity_for, read_head

_SEAL = 65  # 64 hexadecimal digits and the end of the line


class Readable(Protocol):
    """What can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes."""
        ...


class Writable(Protocol):
    """What can be written to."""

    def write(self, data: bytes | memoryview, /) -> int:
        """Take these bytes."""
        ...


class _Hashing:
    """Passes bytes on and sums them."""

    def __init__(self, target: Writable, digest: hashlib._Hash) -> None:
        self._target = target
        self._digest = digest

    def write(self, data: bytes | memoryview, /) -> int:
        self._digest.update(data)
        rest = memoryview(data)
        while rest:
            rest = rest[self._target.write(rest) :]
        return len(data)


class _Thread:
    """A part of a pipe that runs beside, and whose failure is kept for whoever waits for it."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            self.failure = failure

    def join(self) -> None:
        self._thread.join()


class _Disk:
    """The file behind the encryption, which tells no `errno` of its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self.failure: OSError | None = None
        self._file = file

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as failure:
            self.failure = failure
            raise

    def flush(self) -> None:
        self._file.flush()


@contextmanager
def writing(file: IO[bytes], sealing: Sealing) -> Iterator[Writable]:
    """Give what the content is written to; the two lines before and the seal after it are ours.

    An OSError of the disk is raised as such, also from behind the encryption.
    """
    lines = sealing.head.lines()
    file.write(lines)
    digest = hashlib.sha256(lines)
    if not sealing.recipients:
        yield _Hashing(file, digest)
        file.write(f"{digest.hexdigest()}\n".encode())
        return
    disk = _Disk(file)
    out, into = os.pipe()
    with os.fdopen(out, "rb", buffering=0) as source, os.fdopen(into, "wb", buffering=0) as pipe:

        def encrypt() -> None:
            with source:
                pyrage.encrypt_io(source, disk, sealing.recipients)

        thread = _Thread(encrypt)
        try:
            yield _Hashing(pipe, digest)
            pipe.write(f"{digest.hexdigest()}\n".encode())
        except BrokenPipeError:
            pass  # the encryption stopped, and says below why
        finally:
            pipe.close()
            thread.join()
        if failure := disk.failure or thread.failure:
            raise failure


class Content:
    """The content of a copy, read once from front to back; what it ends with is checked against what was read."""

    def __init__(self, source: Readable, lines: bytes, name: str) -> None:
        self._source = source
        self._name = name
        self._digest = hashlib.sha256(lines)
        self._ahead = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Some bytes, never those of the seal."""
        size = 1 << 16 if size < 0 else size
        while not self._ended and len(self._ahead) < size + _SEAL:
            more = self._source.read(max(1 << 16, size))
            self._ended = not more
            self._ahead += more
        known = max(0, len(self._ahead) - _SEAL)
        taken, self._ahead = self._ahead[: min(size, known)], self._ahead[min(size, known) :]
        self._digest.update(taken)
        return taken

    def finish(self) -> str:
        """Read to the end and compare; the seal. Refuses a copy that was cut off or changed anywhere."""
        while self.read(1 << 16):
            pass
        seal = self._digest.hexdigest()
        if self._ahead != f"{seal}\n".encode():
            raise damaged(self._name, "o conteúdo não confere com o selo do fim")
        return seal


@contextmanager
def reading(path: Path, key: str | pyrage.x25519.Identity) -> Iterator[Content]:
    """Give the content of a copy, decrypted. Raises CopyRefused when it is foreign, torn, or the key is not its own."""
    name = path.name
    with path.open("rb") as file:
        head = read_head(file, name)
        lines_end = file.tell()
        file.seek(0)
        lines = file.read(lines_end)
        identity = key if isinstance(key, pyrage.x25519.Identity) else identity_for(head, key, name)
        if identity is None:
            yield Content(file, lines, name)
            return
        with _decrypted(file, identity, name) as source:
            yield Content(source, lines, name)


@contextmanager
def _decrypted(file: IO[bytes], identity: pyrage.x25519.Identity, name: str) -> Iterator[Readable]:
    out, into = os.pipe()
    with os.fdopen(out, "rb", buffering=1 << 16) as source, os.fdopen(into, "wb", buffering=0) as pipe:

        def decrypt() -> None:
            with pipe:
                pyrage.decrypt_io(file, _Whole(pipe), [identity])

        thread = _Thread(decrypt)
        try:
            yield _Awaited(source, thread, name)
        finally:
            source.close()
            thread.join()


class _Whole(io.RawIOBase):
    """A pipe that takes all it is given."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe

    def write(self, data: bytes) -> int:  # type: ignore[override]
        rest = memoryview(data)
        while rest:
            rest = rest[self._pipe.write(rest) :]
        return len(data)


class _Awaited:
    """The decrypted bytes; at their end the decryption must have ended well."""

    def __init__(self, source: IO[bytes], thread: _Thread, name: str) -> None:
        self._source = source
        self._thread = thread
        self._name = name

    def read(self, size: int = -1, /) -> bytes:
        found = self._source.read(size)
        if not found:
            self._thread.join()
            if self._thread.failure:
                raise damaged(self._name, "não se decifra até o fim")
        return found
