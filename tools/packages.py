"""What the lock files bring: whether its licences allow it (`conferir`), and the list of parts as CycloneDX (`sbom`).

python -m tools.packages conferir        0 when every locked package has a licence that we may use
python -m tools.packages sbom [ARQUIVO]  the list of parts, CycloneDX 1.6, of what an installation gets
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
#: Licences of programs that we use beside ours, unchanged. LGPL and MPL bind changes to their own files alone.
ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "Apache Software License", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "BSD 3-Clause",
        "GNU Lesser General Public License v2 or later (LGPLv2+)", "ISC License (ISCL)", "LGPL-3.0-only",
        "LGPL-3.0-or-later", "MIT", "MIT License", "MIT-0", "MIT-CMU", "MPL-2.0",
        "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0", "Python Software Foundation License",
    }
)  # fmt: skip
#: What the metadata of a package do not say well, and what its own files say.
SAID_ELSEWHERE = {
    "pyrage": "MIT",
    "text-unidecode": "Artistic License; only for tests, and not given on",
}
_LINE = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """One line of a lock file."""

    name: str
    version: str
    hashes: tuple[str, ...]


def locked(lock: str) -> list[Package]:
    """The packages of a lock file."""
    found = []
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text()):
        line = _LINE.match(block)
        if line:
            found.append(Package(line[1], line[2], tuple(_HASH.findall(block))))
    return found


def licence(name: str) -> str | None:
    """The licence as the installed package says it; None where it is not installed here (another platform's)."""
    if name in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[name]
    try:
        told = distribution(name).metadata.json
    except PackageNotFoundError:
        return None
    classified = [line.split(" :: ")[-1] for line in told.get("classifier", []) if line.startswith("License ::")]
    words = told.get("license_expression") or "; ".join(classified) or told.get("license", "")
    return " ".join(str(words).split())[:200]


def is_allowed(text: str) -> bool:
    """Whether each licence that holds at once is allowed; of alternatives one is enough. A list is taken strictly."""
    parts = re.split(r" AND |; ", text)
    return all(any(one.strip() in ALLOWED for one in (part, *part.split(" OR "))) for part in parts)


def refused() -> list[str]:
    """The locked packages whose licence is unknown or not allowed, in words."""
    names = {package.name for lock in LOCKS for package in locked(lock)}
    told = {name: licence(name) for name in sorted(names - set(SAID_ELSEWHERE))}
    bad = {name: text for name, text in told.items() if text is not None and not is_allowed(text)}
    return [f"{name}: {text or 'sem licença declarada'}" for name, text in bad.items()]


def parts_list() -> dict[str, object]:
    """What an installation gets, as CycloneDX 1.6; the same lock gives the same list."""
    packages = locked("requirements.txt")
    serial = uuid5(NAMESPACE_URL, "\n".join(f"{one.name}=={one.version}" for one in packages))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "procon", "name": "procon"}},
        "components": [_component(one) for one in packages],
        "dependencies": [{"ref": "procon", "dependsOn": [_purl(one) for one in packages]}],
    }


def _component(package: Package) -> dict[str, object]:
    told = licence(package.name)
    return {
        "type": "library",
        "bom-ref": _purl(package),
        "name": package.name,
        "version": package.version,
        "purl": _purl(package),
        "licenses": [{"license": {"name": told}}] if told else [],
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
    }


def _purl(package: Package) -> str:
    return f"pkg:pypi/{package.name.lower().replace('_', '-')}@{package.version}"


def main(arguments: list[str]) -> int:
    """Do what was asked; 0 when nothing is wrong."""
    match arguments:
        case ["conferir"]:
            for line in (found := refused()):
                print(f"licença não permitida: {line}")
            return int(bool(found))
        case ["sbom", *target] if len(target) < 2:
            text = json.dumps(parts_list(), indent=1) + "\n"
            Path(target[0]).write_text(text) if target else print(text, end="")
            return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
