"""How many keys an intake takes: a complaint against two suppliers, typed in a browser with the keyboard alone.

usage: python -m tools.keys
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TYPED = "tests/browser/test_intake.py::test_a_complaint_against_two_suppliers_takes_few_keys_beyond_the_data"
LONGEST = 300


def main() -> int:
    """Run the typed intake and say the figure; the exit code says whether it was registered."""
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", TYPED]
    run = subprocess.run(command, cwd=ROOT, timeout=LONGEST, check=False, capture_output=True, text=True)
    figure = re.search(r"\d+ teclas para .*", run.stdout)
    print(figure[0] if figure else run.stdout[-2000:])
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
