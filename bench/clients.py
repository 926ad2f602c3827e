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
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench.figures import Figure

#: What a browser would send back of the cookie; any thirty-two letters will do.
TOKEN = "bancada" + "x" * 25
ROOT = Path(__file__).resolve().parent.parent
WORKERS, CLIENTS, REQUESTS = 2, (1, 16), 120


@contextmanager
def web() -> Iterator[int]:
    """Gunicorn over this benchmark's own office; gives its port."""
    with served("procon.wsgi") as (port, _):
        yield port


@contextmanager
def served(application: str, *more: str) -> Iterator[tuple[int, int]]:
    """Gunicorn with this WSGI application (and these options); gives its port and the number of its first process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "--workers",
        str(WORKERS),
        "--bind",
        f"127.0.0.1:{port}",
        *more,
    ]
    with subprocess.Popen(  # noqa: S603  the command is written above
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _await(port)
            yield port, server.pid
        finally:
            server.terminate()


@dataclass(frozen=True)
class Asked:
    """One thing that somebody asks for: an address, or a form that is sent there and whose answer is followed."""

    path: str
    form: dict[str, str] | None = None
    goal: str = ""


def measure_pages(port: int, session: str, pages: dict[str, Asked]) -> list[Figure]:
    """Median and 95th percentile of each page, in ms, at 1 and at 16 clients."""
    figures = []
    for name, asked in pages.items():
        for clients in CLIENTS:
            with ThreadPoolExecutor(clients) as pool:
                taken = sorted(pool.map(lambda _, asked=asked: _ask(port, asked, session), range(REQUESTS)))
            median, late = statistics.median(taken), taken[int(len(taken) * 0.95) - 1]
            said = f"{name}, {clients} cliente{'s' if clients > 1 else ''}"
            figures += [
                Figure(f"{said}: mediana", round(median, 1), "ms"),
                Figure(f"{said}: p95", round(late, 1), "ms", goal=asked.goal if clients == 1 else ""),
            ]
    return figures


def _ask(port: int, asked: Asked, session: str) -> float:
    """The milliseconds until the page is there, with the redirect where a form leads to one."""
    start = time.perf_counter()
    status, target = _send(port, asked.path, session, asked.form)
    if status == 302:
        status, _ = _send(port, target, session, None)
    if status != 200:
        raise RuntimeError(f"{asked.path} answered {status}")
    return (time.perf_counter() - start) * 1000


def _send(port: int, path: str, session: str, form: dict[str, str] | None) -> tuple[int, str]:
    headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, urlencode(form), headers | kind)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def _await(port: int) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web server did not answer")
