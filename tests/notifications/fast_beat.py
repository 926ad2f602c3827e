"""Celery with a beat that ticks every half second, and whose turn passes to another after three seconds.

`python -m celery -A tests.notifications.fast_beat beat`: all else is the office's own.
"""

from __future__ import annotations

from procon import celery as office

app = office.app
app.conf.beat_schedule = {
    name: {"task": task, "schedule": 0.5, "options": {"expires": 5}}
    for name, task in {"pulso": "procon.tasks.pulse", "mensagens": "notifications.tasks.deliver_due"}.items()
}
app.conf.beat_max_loop_interval = 0.5
office.LIFETIME = 3
