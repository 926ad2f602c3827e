"""Starting and stopping processes so that none outlives the office.

Three nets, one under the other: an orderly stop by signal; the kernel's death signal, which ends a child when the
process that started it is killed outright; and a list on disk, by which the next start ends whoever is left.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _dies_with_parent(how: signal.Signals, parent: int) -> Callable[[], None]:
    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def start_time(pid: int) -> int | None:
    """When a process started, in the kernel's ticks since boot; None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *rest = text.rpartition(")")[2].split()
    return None if state == "Z" else int(rest[18])


def working_in(folder: Path, program: str) -> list[int]:
    """The processes of this program whose current folder is this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "comm").read_text().strip() == program and os.readlink(entry / "cwd") == str(folder):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Ask every 50 ms until it is true or the time is over; the last answer."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def end_strays(folder: Path, program: str, how: signal.Signals, *, patience: float = 30.0) -> None:
    """End the processes of this program that work in this folder, politely first."""
    for pid in working_in(folder, program):
        _signal(pid, how)
    if not wait_until(lambda: not working_in(folder, program), patience):
        for pid in working_in(folder, program):
            _signal(pid, signal.SIGKILL)
        wait_until(lambda: not working_in(folder, program), patience)


@dataclass
class Child:
    """One process that belongs to the office."""

    name: str
    command: Sequence[str | Path]
    log: Path | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 20.0
    user: int | None = None
    group: int | None = None
    cwd: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self, ledger: Ledger) -> None:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches only the launcher."""
        out: IO[bytes] | None = _open_log(self.log) if self.log else None
        self.process = subprocess.Popen(  # noqa: S603  commands written in this package
            [str(word) for word in self.command],
            env={**os.environ, **self.extra},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out else None,
            start_new_session=True,
            cwd=self.cwd,
            user=self.user,
            group=self.group,
            extra_groups=[] if self.user is not None else None,
            umask=0o077,
            preexec_fn=_dies_with_parent(self.stop_signal, os.getpid()),
        )
        if out:
            out.close()
        ledger.add(self.process.pid, self.stop_signal)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the polite signal."""
        if self.process is not None and self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, wait, and in the end kill it with all that it started."""
        if self.process is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_lines(self, count: int = 15) -> str:
        """The end of its log, to show when it fails."""
        if not self.log or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


class Ledger:
    """The list on disk of who was started, by process number and start time (numbers come round again)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[list[int]] = []

    def add(self, pid: int, how: signal.Signals) -> None:
        """Write down one process."""
        started = start_time(pid)
        if started is not None:
            self._rows = [row for row in self._rows if start_time(row[0]) == row[1]] + [[pid, started, how.value]]
            self._path.write_text(json.dumps({"boot": _boot(), "processos": self._rows}))

    def end_leftovers(self, *, patience: float = 15.0) -> int:
        """End whoever a killed start left behind; how many there were."""
        rows = [row for row in self._read() if start_time(row[0]) == row[1]]
        for pid, _, how in rows:
            _signal(pid, how)
        wait_until(lambda: not any(start_time(pid) == started for pid, started, _ in rows), patience)
        for pid, started, _ in rows:
            if start_time(pid) == started:
                _signal(pid, signal.SIGKILL)
        self._path.unlink(missing_ok=True)
        return len(rows)

    def _read(self) -> list[list[int]]:
        try:
            content = json.loads(self._path.read_text())
            return [list(map(int, row)) for row in content["processos"]] if content["boot"] == _boot() else []
        except (OSError, ValueError, KeyError, TypeError):
            return []


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _signal(pid: int, how: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, how)
