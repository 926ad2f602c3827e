"""Many clients of an HTTP server at once, as cheap as Python can be: what is measured shares the cores with them."""

from __future__ import annotations

import os
import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Run:
    """What some requests took: how many a second, milliseconds of each, milliseconds of the processes' processors."""

    rate: float
    median: float
    late: float
    processor: float


def workers_of(server: int) -> list[int]:
    """Gunicorn's worker processes."""
    return [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def memory(pids: list[int]) -> list[float]:
    """What each holds in memory, in MiB."""
    return [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 2**20 for pid in pids]


def drive(
    port: int, pids: list[int], ask: Callable[[int], bytes], *, clients: int, requests: int, status: int = 200
) -> Run:
    """Send `requests` requests from `clients` threads, one connection each, as the workers close them after one."""
    numbers, said = count(), Counter[int]()
    before, start = _processor(pids), time.perf_counter()

    def one_client(_: int) -> list[float]:
        taken = []
        while (number := next(numbers)) < requests:
            begun = time.perf_counter()
            said[_send(port, ask(number))] += 1
            taken.append((time.perf_counter() - begun) * 1000)
        return taken

    with ThreadPoolExecutor(clients) as pool:
        taken = sorted(each for some in pool.map(one_client, range(clients)) for each in some)
    seconds = time.perf_counter() - start
    if set(said) != {status}:
        raise RuntimeError(f"answers other than {status}: {dict(said)}")
    spent = (_processor(pids) - before) * 1000 / requests
    return Run(requests / seconds, statistics.median(taken), taken[int(len(taken) * 0.95) - 1], spent)


def _send(port: int, raw: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(raw)
        answer = connection.recv(65536)
        while connection.recv(65536):
            pass
    return int(answer[9:12])


def _processor(pids: list[int]) -> float:
    """The seconds of processor that they used."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(field[11]) + int(field[12]) for field in fields) / _TICK
