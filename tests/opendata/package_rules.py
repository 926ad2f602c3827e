"""The rules of Frictionless Data's data package (version 1) that ours must keep, and each value's type."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from typing import Any

_NAME = re.compile(r"[-a-z0-9._/]+")
_TYPES = {"string", "integer", "boolean", "date", "datetime"}
_RESOURCE = {"name", "path", "profile", "schema"}


def check_descriptor(package: dict[str, Any]) -> None:
    """Required keys, names, relative paths, licences, sources, the moment of making."""
    assert package["profile"] == "data-package"
    assert _NAME.fullmatch(package["name"])
    assert package["title"]
    assert datetime.fromisoformat(package["created"]).tzinfo is not None
    assert all(row.get("name") or row.get("path") for row in package["licenses"])
    assert all(row["title"] for row in package["sources"])
    names = [row["name"] for row in package["resources"]]
    assert names
    assert len(set(names)) == len(names)
    for row in package["resources"]:
        assert set(row) >= _RESOURCE
        assert row["profile"] == ("tabular-data-resource" if row["format"] == "csv" else "data-resource")
        assert _NAME.fullmatch(row["name"])
        assert not row["path"].startswith("/")
        assert ".." not in row["path"]
        fields = row["schema"]["fields"]
        assert len({field["name"] for field in fields}) == len(fields)
        assert {field["type"] for field in fields} <= _TYPES


def check_rows(resource: dict[str, Any], content: bytes) -> int:
    """The header names the schema's fields, and each value is of its field's type; returns how many rows there are."""
    schema, dialect = resource["schema"], resource["dialect"]
    text = content.decode("utf-8-sig")
    assert text.endswith(dialect["lineTerminator"])
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=dialect["delimiter"], strict=True)
    assert head == [field["name"] for field in schema["fields"]]
    for row in rows:
        assert len(row) == len(head)
        for field, value in zip(schema["fields"], row, strict=True):
            if value not in schema["missingValues"]:
                _check_value(field, value)
    return len(rows)


def _check_value(field: dict[str, Any], value: str) -> None:
    kind, limits = field["type"], field.get("constraints", {})
    if kind == "integer":
        int(value)
    elif kind == "date":
        date.fromisoformat(value)
    elif kind == "datetime":
        datetime.strptime(value, field["format"])  # noqa: DTZ007  the register writes no zone
    elif kind == "boolean":
        assert value in ("true", "false")
    assert value in limits.get("enum", [value])
    assert re.fullmatch(limits.get("pattern", ".*"), value)
