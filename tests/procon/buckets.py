"""A service that speaks S3, in a thread of its own, and buckets in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import override_settings
from moto.server import ThreadedMotoServer

from documents.bucket import client_of
from procon.environment import read, stored_files
from procon.environment.files import bucket_options

SECRET = "segredo-dos-testes-com-mais-de-32-letras"


@contextmanager
def s3() -> Iterator[str]:
    """`host:port` of a service that keeps everything in memory."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"{host}:{port}"
    finally:
        server.stop()


def new_bucket(server: str) -> str:
    """The STORAGE_URL of a bucket that was just made."""
    url = f"s3+http://chave:segre%2Fdo@{server}/balde-{uuid4().hex[:12]}/escritorio"
    client_of(bucket_options(url)[0]).create_bucket(Bucket=bucket_options(url)[0]["bucket_name"])
    return url


def keys(url: str) -> list[str]:
    """What lies in the bucket."""
    options, _ = bucket_options(url)
    found = client_of(options).list_objects_v2(Bucket=options["bucket_name"])
    return [entry["Key"] for entry in found.get("Contents", [])]


@contextmanager
def stored_in(url: str) -> Iterator[None]:
    """Letters and attachments go to this bucket."""
    with _stored(stored_files(read({"STORAGE_URL": url, "SECRET_KEY": SECRET}))):
        yield


@contextmanager
def stored_on_disk() -> Iterator[None]:
    """Letters and attachments go to the data folder."""
    with _stored(stored_files(read({}))):
        yield


@contextmanager
def _stored(kinds: dict[str, Any]) -> Iterator[None]:
    with override_settings(STORAGES={**settings.STORAGES, **kinds}):
        yield
