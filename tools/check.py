"""`make check`: everything that can be known without running the tests. All of it runs; one failure fails the whole."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
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


def main() -> int:
    """Run every step; the exit code says whether all passed."""
    if sys.argv[1:] == ["api"]:
        return check_api()
    failed = []
    with tempfile.TemporaryDirectory(prefix="procon-check-") as data_dir:
        os.environ.setdefault("DATA_DIR", data_dir)
        for name, command in steps().items():
            begun = time.monotonic()
            print(f"── {name}: {' '.join(Path(word).name for word in command[:3])}", flush=True)
            if subprocess.run(command, cwd=ROOT, check=False).returncode:
                failed.append(name)
            print(f"   {time.monotonic() - begun:.1f} s", flush=True)
    print(f"REPROVADO: {', '.join(failed)}" if failed else "Tudo em ordem.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
