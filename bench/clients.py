"""Many browsers at once against two web workers of the real server: what one waits when sixteen ask."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
WORKERS, CLIENTS, REQUESTS = 2, (1, 16), 160


@contextmanager
def web() -> Iterator[int]:
    """Gunicorn over this benchmark's own office; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "procon.wsgi",
        "--workers",
        str(WORKERS),
        "--bind",
        f"127.0.0.1:{port}",
    ]
    with subprocess.Popen(  # noqa: S603  the command is written above
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _await(port)
            yield port
        finally:
            server.terminate()


def measure_pages(port: int, cookie: str, pages: dict[str, str]) -> list[Figure]:
    """Median and 95th percentile of each page, in ms, at 1 and at 16 clients."""
    figures = []
    for name, path in pages.items():
        for clients in CLIENTS:
            with ThreadPoolExecutor(clients) as pool:
                taken = sorted(pool.map(lambda _, path=path: _get(port, path, cookie), range(REQUESTS)))
            median, late = statistics.median(taken), taken[int(len(taken) * 0.95) - 1]
            said = f"{name}, {clients} cliente{'s' if clients > 1 else ''}"
            figures += [
                Figure(f"{said}: mediana", round(median, 1), "ms"),
                Figure(f"{said}: p95", round(late, 1), "ms"),
            ]
    return figures


def _get(port: int, path: str, cookie: str) -> float:
    start = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return (time.perf_counter() - start) * 1000


def _await(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web server did not answer")
