"""The scripted mail server, for whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail

from tests.notifications.scripted import Scripted


@pytest.fixture
def server(settings: pytest.FixtureRequest) -> Iterator[type[Scripted]]:
    """The scripted mail server, reset around each test."""
    settings.EMAIL_BACKEND = "tests.notifications.scripted.Scripted"
    Scripted.answers, Scripted.opening, mail.outbox = [], [], []
    yield Scripted
    Scripted.answers, Scripted.opening = [], []
