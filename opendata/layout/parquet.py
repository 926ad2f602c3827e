"""The simple table as Parquet: typed columns, one row group after another, made of the CSV's own bytes.

pyarrow is imported where it is used: no other page of a web process should wait for it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: So many rows stand together in the file; twice as many are held at once.
ROWS = 10_000
MEDIA_TYPE = "application/vnd.apache.parquet"


def written(fields: Sequence[Mapping[str, object]], rows: Iterable[bytes], *, group: int = ROWS) -> Iterator[bytes]:
    """The file's bytes, a row group at a time, of rows that are lines of CSV (comma, RFC 4180, nothing for nothing).

    While one group is written, the next is taken: the database need not wait for the packing.
    """
    from pyarrow import parquet

    schema, sink = _schema(fields), _Sink()

    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer, ThreadPoolExecutor(1) as beside:

        def write(lines: list[bytes]) -> bytes:
            writer.write_table(_read(lines, schema), row_group_size=group)
            return sink.taken()

        being_written: Future[bytes] | None = None
        for lines in _grouped(rows, group):
            if being_written:
                yield being_written.result()
            being_written = beside.submit(write, lines)
        if being_written:
            yield being_written.result()
    yield sink.taken()


def _schema(fields: Sequence[Mapping[str, object]]) -> pa.Schema:
    import pyarrow as pa

    types = {"integer": pa.int32(), "date": pa.date32(), "boolean": pa.bool_(), "string": pa.string()}
    return pa.schema([pa.field(str(field["name"]), types[str(field["type"])]) for field in fields])


def _read(lines: list[bytes], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    return csv.read_csv(
        pa.py_buffer(b"".join(lines)),
        read_options=csv.ReadOptions(column_names=schema.names, use_threads=False),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            true_values=["true"],
            false_values=["false"],
        ),
    )


def _grouped(rows: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    for row in rows:
        lines.append(row)
        if len(lines) == size:
            yield lines
            lines = []
    if lines:
        yield lines


class _Sink(io.RawIOBase):
    """A file that only grows, and gives away what was written to it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How much was written."""
        return self._size

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep it until it is taken."""
        self._pieces.append(bytes(data))
        self._size += len(data)
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        given = b"".join(self._pieces)
        self._pieces = []
        return given
