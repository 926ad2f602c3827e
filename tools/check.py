"""`make check`: everything that can be known without running the tests. All of it runs; one failure fails the whole."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
API = ROOT / "docs" / "api" / "openapi.yaml"


def steps() -> dict[str, list[str]]:
    """The commands, by what they look after."""
    python, manage = sys.executable, str(ROOT / "manage.py")
    commands = {
        "estilo": [str(BIN / "ruff"), "check", "."],
        "formato": [str(BIN / "ruff"), "format", "--check", "."],
        "tipos": [python, "-m", "mypy", "."],
        "importações": [str(BIN / "lint-imports")],
        "configuração": [python, manage, "check", "--fail-level", "WARNING"],
        "migrações": [python, manage, "makemigrations", "--check", "--dry-run"],
    }
    commands["atualizações"] = [python, "-m", "tools.upgrades"]
    if API.exists():
        commands["API"] = [python, "-m", "tools.check", "api"]
    commands["licenças"] = [python, "-m", "tools.packages", "conferir"]
    commands["atos"] = [python, "-m", "tools.acts", "--conferir"]
    if (ROOT / "tests" / "test_glossary.py").exists():
        commands["glossário"] = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_glossary.py"]
    return commands


def check_api() -> int:
    """Compare the API's description in docs/api with what the code describes now."""
    words = [sys.executable, str(ROOT / "manage.py"), "spectacular", "--validate", "--fail-on-warn"]
    now = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if now.returncode:
        print(now.stderr)
    elif now.stdout != API.read_text():
        print(
            f"{API.relative_to(ROOT)} não é o que o código descreve. Gere de novo: manage.py spectacular --file {API}"
        )
    else:
        return 0
    return 1


def lanes() -> list[dict[str, list[str]]]:
    """What runs side by side: the types take about as long as all the rest, and touch nothing that it touches."""
    rest = steps()
    return [{"tipos": rest.pop("tipos")}, rest]


def run_lane(lane: dict[str, list[str]]) -> list[str]:
    """Run these steps one after another, in a data folder of their own; give the names of those that failed."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="procon-check-") as data_dir:
        around = {"DATA_DIR": data_dir} | os.environ
        for name, command in lane.items():
            begun = time.monotonic()
            done = subprocess.run(
                command, cwd=ROOT, env=around, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            words = " ".join(Path(word).name for word in command[:3])
            print(f"── {name}: {words}\n{done.stdout}   {time.monotonic() - begun:.1f} s", flush=True)
            if done.returncode:
                failed.append(name)
    return failed


def main() -> int:
    """Run every step; the exit code says whether all passed."""
    if sys.argv[1:] == ["api"]:
        return check_api()
    with ThreadPoolExecutor() as side_by_side:
        failed = [name for names in side_by_side.map(run_lane, lanes()) for name in names]
    print(f"REPROVADO: {', '.join(failed)}" if failed else "Tudo em ordem.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
