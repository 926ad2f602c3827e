"""`make shots`: takes the pictures of docs/img, at a desk's width and at a telephone's.

The office, the browser and the steps are those of the browser tests (tests/browser/gallery.py, gallery_register.py).
usage: python -m tools.shots [--escala 0.1] [--pasta docs/img]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GALLERIES = ("tests/browser/gallery.py", "tests/browser/gallery_register.py")
LONGEST = 900


def main() -> int:
    """Take the pictures; the exit code says whether all were taken."""
    parser = argparse.ArgumentParser(prog="python -m tools.shots", description="Imagens das telas principais.")
    parser.add_argument("--escala", default="0.1", help="o tamanho do ano de demonstração; 1 é o da cidade")
    parser.add_argument("--pasta", default=str(ROOT / "docs" / "img"), help="onde as imagens são gravadas")
    asked = parser.parse_args()
    target = Path(asked.pasta).resolve()
    environment = os.environ | {"SHOTS_DIR": str(target), "SHOTS_ESCALA": asked.escala}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *GALLERIES]
    outcome = subprocess.run(command, cwd=ROOT, env=environment, timeout=LONGEST, check=False).returncode
    if outcome == 0:
        print(f"{len(list(target.glob('*.png')))} imagens em {target}.")
    return outcome


if __name__ == "__main__":
    sys.exit(main())
