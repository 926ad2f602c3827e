"""What takes long to build, built once for a module: in a transaction that is taken back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.template import Template
from django.test import override_settings
from django.test.utils import _TestState


@contextmanager
def kept(blocker: Any, folder: Path) -> Iterator[None]:
    """A place to build in, with the files in `folder`; each test's own transaction is a savepoint within it."""
    places = {
        "MEDIA_ROOT": folder / "documentos", "DATA_DIR": folder, "ANEXOS_ROOT": folder / "anexos",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }  # fmt: skip
    with blocker.unblock(), override_settings(**places), _rendered_as_in_service(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _rendered_as_in_service() -> Iterator[None]:
    """Templates without the test client's notes on each (`response.context`), which thousands of pages pay for."""
    noted, Template._render = Template._render, _TestState.saved_data.template_render
    try:
        yield
    finally:
        Template._render = noted
