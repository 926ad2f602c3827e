"""Stored files in a bucket that speaks S3, for offices of several machines; a PUT is whole or not at all by itself.

Only imported where STORAGE_URL is set: the client's library is large.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from workflow.errors import StorageAway

#: A file above this is read through an unnamed temporary file instead of memory.
_IN_MEMORY = 16 << 20


def _config(addressing_style: str) -> Config:
    return Config(
        s3={"addressing_style": addressing_style},
        signature_version="s3v4",
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 3},
    )


def client_of(options: dict[str, Any]) -> Any:
    """A bare client for these options of a Bucket; for the check at the start."""
    return boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        region_name=options["region_name"],
        aws_access_key_id=options.get("access_key"),
        aws_secret_access_key=options.get("secret_key"),
        config=_config(options["addressing_style"]),
    )


class Bucket(S3Storage):
    """Files under one prefix of a bucket. What the service does not do now is StorageAway, and passes."""

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        super().__init__(
            client_config=_config(addressing_style),
            transfer_config=TransferConfig(use_threads=False),
            file_overwrite=True,
            default_acl=None,
            **options,
        )

    @property
    def bucket(self) -> Any:
        """The bucket, to this thread: boto3's resources are not to be shared among threads, and `connection` is not."""
        return self.connection.Bucket(self.bucket_name)

    @property
    def place(self) -> str:
        """Which bucket and prefix this is, told apart from any other."""
        return f"{self.endpoint_url}/{self.bucket_name}/{self.location}"

    def names(self) -> Iterator[str]:
        """Every stored file, a thousand a request."""
        prefix = f"{self.location}/"
        with _reached():
            for found in self.bucket.objects.filter(Prefix=prefix):
                if "/" in (name := found.key.removeprefix(prefix)):
                    yield name

    def delete(self, name: str) -> None:
        """Take a file away; one that is not there is away already."""
        with _reached():
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """All of it, in one request; a large file waits on the disk."""
        with ExitStack() as failing, _reached():
            answer = self.bucket.Object(self._normalize_name(clean_name(name))).get()
            draft = failing.enter_context(SpooledTemporaryFile(_IN_MEMORY))
            shutil.copyfileobj(answer["Body"], draft, 1 << 18)
            draft.seek(0)
            failing.pop_all()  # from here on whoever asked closes it
        return File(draft, name)

    def _save(self, name: str, content: Any) -> str:
        with _reached():
            return str(super()._save(name, content))


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except ClientError as answer:
        if answer.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError(str(answer)) from answer
        raise StorageAway(f"O armazenamento recusou: {answer}") from answer
    except (BotoCoreError, Boto3Error) as failure:
        raise StorageAway(f"O armazenamento não responde: {failure}") from failure
