"""The log: one JSON object a line, in UTC, with the number of the request or task, and without anybody's data.

What other people's code says is written without the values that it fills in, for nobody knows what they hold: a path
with a token, a CPF in a database's complaint. An exception is its kind and where it happened, never its words.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

#: The number of the request or task that this thread works on; empty outside of both.
current: ContextVar[str] = ContextVar("pedido", default="")
#: The line of each request.
REQUESTS = "procon.pedidos"
#: Whose sentences we write ourselves, so that what they fill in is known.
_OURS = (
    "procon", "portal", "reports", "opendata", "hearings", "cases", "parties", "access", "notifications", "documents",
    "deadlines", "workflow", "accounts",
)  # fmt: skip
#: The second net, under our own sentences too: e-mails, and runs of digits as long as a telephone, CPF, CNPJ or card.
_PERSONAL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|(?<![\w-])\+?\(?\d(?:[ ().\-/]{0,2}\d){9,}(?![\w-])")
#: Whose sentences quote what was sent without filling it in.
_QUOTING = "django.security"
#: What Celery tells of a task beside its sentence, and nothing else of it.
_OF_TASK = ("name", "id")


def hidden(text: str) -> str:
    """The text with whatever looks like a person's number or address taken out."""
    return _PERSONAL.sub("(oculto)", text)


class JSONFormatter(logging.Formatter):
    """A log record as one line of JSON; `dados`, where a record carries them, are numbers and codes of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        number = current.get()
        line: dict[str, Any] = {
            "quando": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "nivel": record.levelname,
            "registro": record.name,
            "pedido": number,
            "mensagem": _sentence(record),
        }
        line |= getattr(record, "dados", {})
        task = getattr(record, "data", None)
        if record.name.startswith("celery") and isinstance(task, dict):
            line |= {f"tarefa_{key}": str(task[key]) for key in _OF_TASK if key in task}
        if record.exc_info and record.exc_info[1]:
            line["erro"] = _told(record.exc_info[1], words=not number)
        return json.dumps(line, ensure_ascii=False, default=str)


def _sentence(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in _OURS:
        return hidden(record.getMessage())
    if record.name.startswith(_QUOTING):
        return "refused"
    return hidden(str(record.msg))


def _told(error: BaseException, *, words: bool) -> dict[str, Any]:
    """Which error, from which, and where. Its words only outside of requests and tasks, where it is about the start."""
    kinds, seen = [], error
    while True:
        state = getattr(seen, "sqlstate", None)
        kinds.append(f"{type(seen).__module__}.{type(seen).__qualname__}" + (f" ({state})" if state else ""))
        cause = seen.__cause__ or seen.__context__
        if cause is None or len(kinds) > 10:
            break
        seen = cause
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, Any] = {
        "tipo": kinds[0],
        "por": kinds[1:],
        "onde": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-20:]],
    }
    return told | ({"texto": hidden(str(error))} if words else {})


def configuration(*, readable: bool) -> dict[str, Any]:
    """Logging for every part: to standard error, as JSON, or `readable` for whoever programs."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "procon.journal.JSONFormatter"},
            "legivel": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"},
        },
        "handlers": {"saida": {"class": "logging.StreamHandler", "formatter": "legivel" if readable else "json"}},
        "root": {"handlers": ["saida"], "level": "WARNING"},
        "loggers": {
            REQUESTS: {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }


def begin_logging(**_: Any) -> None:
    """Celery's parts log like the others."""
    logging.config.dictConfig(settings.LOGGING)
