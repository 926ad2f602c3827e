"""Two real connections that meet at a chosen statement: one stops there until the other waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from django.db import connection

#: Nobody is waited for longer, in seconds.
PATIENCE = 60.0


def meet(first: Callable[[], Any], second: Callable[[], Any], *, after: str) -> list[Any]:
    """What came of both: `first` stops once it ran a statement that begins with `after`, until `second` waits or ends.

    So both hold what they hold at that point, whatever the machine's speed. An exception is an outcome, too.
    """
    reached, go = Event(), Event()

    def stop(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith(after) and not reached.is_set():
            reached.set()
            go.wait(PATIENCE)
        return done

    def work(act: Callable[[], Any], *, stops: bool) -> Any:
        try:
            if not stops:
                return act()
            with connection.execute_wrapper(stop):
                return act()
        except Exception as error:
            return error
        finally:
            reached.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(work, first, stops=True)
        assert reached.wait(PATIENCE)
        assert not one.done(), f"nothing began with {after!r}: {one.result()!r}"
        other = pool.submit(work, second, stops=False)
        until = time.monotonic() + PATIENCE
        while not (other.done() or somebody_waits()) and time.monotonic() < until:
            time.sleep(0.02)
        go.set()
        return [one.result(), other.result()]


def somebody_waits() -> bool:
    """Whether some connection to this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
