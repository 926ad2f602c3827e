"""`make shots`: takes the pictures of docs/img, at a desk's width and at a telephone's.

The office, the browser and the steps are those of the browser tests (tests/browser/gallery.py, gallery_register.py,
gallery_house.py).
usage: python -m tools.shots [--escala 0.1] [--pasta docs/img] [--so house]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GALLERIES = tuple(f"tests/browser/gallery{part}.py" for part in ("", "_register", "_house"))
LONGEST = 900


def main() -> int:
    """Take the pictures; the exit code says whether all were taken."""
    parser = argparse.ArgumentParser(prog="python -m tools.shots", description="Imagens das telas principais.")
    parser.add_argument("--escala", default="0.1", help="o tamanho do ano de demonstração; 1 é o da cidade")
    parser.add_argument("--pasta", default=str(ROOT / "docs" / "img"), help="onde as imagens são gravadas")
    parser.add_argument("--so", default="", help="só as galerias cujo nome tem isto, como «house»")
    asked = parser.parse_args()
    target = Path(asked.pasta).resolve()
    environment = os.environ | {"SHOTS_DIR": str(target), "SHOTS_ESCALA": asked.escala}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *GALLERIES]
    command += ["-k", asked.so] if asked.so else []
    outcome = subprocess.run(command, cwd=ROOT, env=environment, timeout=LONGEST, check=False).returncode
    if outcome == 0:
        print(f"{len(list(target.glob('*.png')))} imagens em {target}.")
    return outcome


if __name__ == "__main__":
    sys.exit(main())
