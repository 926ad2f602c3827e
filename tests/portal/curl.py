"""As much of curl as docs/portal.md uses, for a machine that has none: -s -i -X -H -u -d --data-binary -F."""

from __future__ import annotations

import argparse
import base64
import http.client
import sys
from pathlib import Path
from urllib.parse import urlsplit

BOUNDARY = "----------------fronteira"


def form(fields: list[str]) -> bytes:
    """multipart/form-data of fields written as name=text or name=@file;type=kind."""
    parts = []
    for field in fields:
        name, _, value = field.partition("=")
        head, content = f'Content-Disposition: form-data; name="{name}"', value.encode()
        if value.startswith("@"):
            path, _, kind = value[1:].partition(";type=")
            head += f'; filename="{Path(path).name}"\r\nContent-Type: {kind}'
            content = Path(path).read_bytes()
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def main(words: list[str]) -> None:
    """Ask, and print the answer with its headers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    for flag in ("-s", "-i"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-X")
    parser.add_argument("-u")
    parser.add_argument("-d", "--data-binary", dest="d")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("-F", action="append", default=[])
    asked = parser.parse_args(words)
    body = None if asked.d is None else Path(asked.d[1:]).read_bytes() if asked.d[0] == "@" else asked.d.encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    if asked.F:
        body, headers = form(asked.F), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    headers |= dict(line.split(": ", 1) for line in asked.H)
    if asked.u:
        headers["Authorization"] = "Basic " + base64.b64encode(asked.u.encode()).decode()
    where = urlsplit(asked.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port)
    path = f"{where.path}?{where.query}" if where.query else where.path
    connection.request(asked.X or ("POST" if body is not None else "GET"), path, body, headers)
    answer = connection.getresponse()
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in answer.getheaders())]
    sys.stdout.write("\r\n".join([*lines, "", answer.read().decode()]))


if __name__ == "__main__":
    main(sys.argv[1:])
