"""Who holds the data folder: one start at a time, and commands that run beside it or alone.

`servidores.lock` belongs to whoever started the embedded servers; `uso.lock` is shared by the commands that use them,
so that the one who started them stops them only after the others have ended.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from procon.embedded import Servers, database_answers, redis_answers
from procon.environment import Environment, WrongEnvironment, prepare_data_dir
from procon.processes import Ledger


class FolderLock:
    """A lock that the kernel lets go by itself when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Take it; False when somebody else has it and we do not wait."""
        self._file = self._file or self._path.open("a+")
        how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(self._file, how)
        except BlockingIOError:
            return False
        return True

    def sign(self, text: str) -> None:
        """Write down who has it."""
        self._path.write_text(text)

    def signature(self) -> str:
        """What the one who has it wrote down."""
        return self._path.read_text().strip()

    def release(self) -> None:
        """Let it go."""
        if self._file:
            self._file.close()
            self._file = None


@dataclass
class Held:
    """A data folder that is ours, with the list of what we started from it."""

    lock: FolderLock
    ledger: Ledger
    leftovers: int = 0


def hold(environment: Environment, what: str) -> Held:
    """Take the data folder for one start. Raises WrongEnvironment when somebody has it."""
    data_dir = environment.data_dir
    prepare_data_dir(data_dir)
    lock = FolderLock(data_dir / "servidores.lock")
    if not lock.take():
        raise WrongEnvironment(
            f"Esta pasta de dados ({data_dir}) já está em uso por {lock.signature() or 'outro processo'}. "
            "Use o que já está no ar, espere terminar, ou aponte DATA_DIR e PORT para outros."
        )
    lock.sign(f"{what} (processo {os.getpid()})")
    ledger = Ledger(data_dir / "processos.json")
    return Held(lock, ledger, ledger.end_leftovers())


def wanted_servers(environment: Environment, *, durable: bool = True) -> Servers:
    """The embedded servers that no DATABASE_URL or REDIS_URL replaces."""
    return Servers(
        environment.data_dir,
        postgres=not environment["DATABASE_URL"],
        redis=not environment["REDIS_URL"],
        durable=durable,
    )


@contextmanager
def servers_for(environment: Environment, what: str) -> Iterator[None]:
    """Servers for the length of one command: those that run already, or ones of its own."""
    servers = wanted_servers(environment)
    if not (servers.postgres or servers.redis):
        yield
        return
    prepare_data_dir(environment.data_dir)
    use = FolderLock(environment.data_dir / "uso.lock")
    held = _join_or_hold(environment, servers, use, what)
    try:
        if held:
            servers.start(held.ledger)
        yield
    finally:
        use.release()
        if held:
            _leave(environment, servers, held)


def _join_or_hold(environment: Environment, servers: Servers, use: FolderLock, what: str) -> Held | None:
    end = time.monotonic() + 120
    while True:
        use.take(shared=True, wait=True)
        if _answering(servers):
            return None
        try:
            return hold(environment, what)
        except WrongEnvironment:
            if time.monotonic() > end:
                raise
        use.release()
        time.sleep(0.2)


def _answering(servers: Servers) -> bool:
    return (not servers.postgres or database_answers(servers.data_dir)) and (
        not servers.redis or redis_answers(servers.data_dir)
    )


def _leave(environment: Environment, servers: Servers, held: Held) -> None:
    others = FolderLock(environment.data_dir / "uso.lock")
    if not others.take():
        print("Outros comandos ainda usam o banco embutido; espero que terminem.", file=sys.stderr)  # noqa: T201  told to the person waiting
        others.take(wait=True)
    servers.stop()
    others.release()
    held.lock.release()
