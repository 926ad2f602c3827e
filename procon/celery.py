"""The Celery application. Celery delivers; what is due is always a query (docs/decisions)."""

import os
import socket
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import heartbeat_sent
from django.core.cache import cache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")

app = Celery("procon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

#: How long a sign of life counts, in seconds; each is renewed every few seconds.
LIFETIME = 20
WORKER_ALIVE = "vida:worker"
BEAT_ALIVE = "vida:beat"


@heartbeat_sent.connect
def worker_lives(**_: Any) -> None:
    """Say every two seconds that this worker's loop turns."""
    cache.set(WORKER_ALIVE, socket.gethostname(), LIFETIME)


class Beat(Scheduler):
    """A beat without a file, of which only one works at a time: the others wait until its sign of life ends."""

    #: Who this is, told apart from any other beat on any machine.
    identity = f"{socket.gethostname()}:{os.getpid()}"

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, if this is the beat whose turn it is; seconds until the next look."""
        if not cache.add(BEAT_ALIVE, self.identity, LIFETIME) and cache.get(BEAT_ALIVE) != self.identity:
            return float(self.max_interval)
        cache.set(BEAT_ALIVE, self.identity, LIFETIME)
        return min(float(super().tick(*args, **kwargs)), float(self.max_interval))

    def close(self) -> None:
        """Give up the turn at once on an orderly stop."""
        if cache.get(BEAT_ALIVE) == self.identity:
            cache.delete(BEAT_ALIVE)
        super().close()
