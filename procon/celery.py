"""The Celery application. Celery delivers; what is due is always a query (docs/decisions)."""

import os
import socket
import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import before_task_publish, heartbeat_sent, setup_logging, task_postrun, task_prerun
from django.core.cache import cache

from procon.journal import begin_logging, current

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")

app = Celery("procon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

#: How long a sign of life counts, in seconds; each is renewed every few seconds.
LIFETIME = 20
WORKER_ALIVE = "vida:worker"
BEAT_ALIVE = "vida:beat"
#: When each gave its last sign, in seconds since 1970; kept after it is gone.
WORKER_SEEN = "vida:worker:quando"
BEAT_SEEN = "vida:beat:quando"

setup_logging.connect(begin_logging)


@before_task_publish.connect
def pass_number_on(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """The request's number goes with the task that it asks for."""
    if headers is not None and current.get():
        headers.setdefault("pedido", current.get())


@task_prerun.connect
def take_number(task_id: str = "", task: Any = None, **_: Any) -> None:
    """What a task logs carries the number of who asked for it, or its own."""
    given = getattr(task.request, "pedido", None) or (task.request.headers or {}).get("pedido")
    current.set(given or task_id)


@task_postrun.connect
def drop_number(**_: Any) -> None:
    """The thread is free for another."""
    current.set("")


@heartbeat_sent.connect
def worker_lives(**_: Any) -> None:
    """Say every two seconds that this worker's loop turns."""
    cache.set(WORKER_ALIVE, socket.gethostname(), LIFETIME)
    cache.set(WORKER_SEEN, time.time(), None)


class Beat(Scheduler):
    """A beat without a file, of which only one works at a time: the others wait until its sign of life ends."""

    #: Who this is, told apart from any other beat on any machine.
    identity = f"{socket.gethostname()}:{os.getpid()}"

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, if this is the beat whose turn it is; seconds until the next look."""
        if not cache.add(BEAT_ALIVE, self.identity, LIFETIME) and cache.get(BEAT_ALIVE) != self.identity:
            return float(self.max_interval)
        cache.set(BEAT_ALIVE, self.identity, LIFETIME)
        cache.set(BEAT_SEEN, time.time(), None)
        self._follow_the_clock()
        return min(float(super().tick(*args, **kwargs)), float(self.max_interval))

    def _follow_the_clock(self) -> None:
        """Where the clock was put back, what was sent in its future counts as sent now: nothing waits for that hour."""
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at and entry.last_run_at > now:
                entry.last_run_at = now
                self._heap = None  # it is sorted by moments that will not come for long

    def close(self) -> None:
        """Give up the turn at once on an orderly stop."""
        if cache.get(BEAT_ALIVE) == self.identity:
            cache.delete(BEAT_ALIVE)
        super().close()
