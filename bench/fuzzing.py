"""schemathesis over the whole API, longer than the tests give it: how many requests, and how many broke a rule."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
WALKS = "tests/portal/test_fuzzing.py"
#: Examples of each operation, and seconds of each of the four walks at most; the environment may say otherwise.
LONGER = {"FUZZ_EXAMPLES": "200", "FUZZ_SECONDS": "180"}


def measure(size: int) -> list[Figure]:
    """The same walks as in the tests, on servers of their own; the size of the office does not matter to them."""
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "DATA_DIR")}
    words = [sys.executable, "-m", "pytest", WALKS, "-q", "-s", "-p", "no:cacheprovider"]
    done = subprocess.run(  # noqa: S603  our own tests
        words, cwd=ROOT, env=LONGER | env, capture_output=True, text=True, check=False
    )
    sent = sum(int(number) for number in re.findall(r"^  (\d+) generated", done.stdout, re.M))
    broken = sum(int(number) for number in re.findall(r"generated, (\d+) found", done.stdout))
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:])
    return [
        Figure("schemathesis, pedidos", sent, "pedidos"),
        Figure("schemathesis, pedidos que quebraram uma regra", broken, "pedidos", goal="0"),
    ]
