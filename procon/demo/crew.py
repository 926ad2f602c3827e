"""The processes that build the demonstration's parts. Imports nothing of ours: each process sets Django up first."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess


class CrewError(RuntimeError):
    """A process failed or died; what it had finished stands."""


def work_apart(ano: int, escala: float, parts: int, tick: Callable[[int], None]) -> None:
    """Build each of the parts in a process of its own, and pass on what they report; all stop when one fails."""
    context = multiprocessing.get_context("spawn")
    workers: dict[Connection, SpawnProcess] = {}
    try:
        for part in range(parts):
            here, there = context.Pipe(duplex=False)
            worker = context.Process(target=_work, args=(ano, escala, part, there), daemon=True)
            worker.start()
            there.close()
            workers[here] = worker
        _listen(set(workers), tick)
    finally:
        for worker in workers.values():
            worker.join(timeout=5)
            if worker.is_alive():
                worker.terminate()
                worker.join()


def _listen(pipes: set[Connection], tick: Callable[[int], None]) -> None:
    while pipes:
        for pipe in wait(list(pipes)):
            assert isinstance(pipe, Connection)
            try:
                told = pipe.recv()
            except EOFError:
                raise CrewError("a process of the build died before it finished; start the build again") from None
            if told is None:
                pipes.discard(pipe)
            elif isinstance(told, str):
                raise CrewError(told)
            else:
                tick(told)


def _work(ano: int, escala: float, part: int, pipe: Connection) -> None:
    """What a process does: one part. A broken pipe means that whoever started it is gone, and ends it."""
    import django

    django.setup()
    from procon.demo.parts import follow_part

    try:
        follow_part(ano, escala, part, pipe.send)
    except BrokenPipeError:
        return
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")
        raise
    pipe.send(None)
