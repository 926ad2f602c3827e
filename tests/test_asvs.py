"""The table of OWASP ASVS 5.0 is whole, and what it names as proof exists."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache

from procon.environment import BASE_DIR

FOLDER = BASE_DIR / "docs" / "security"
MET, NOT_OURS, OPEN = "atende", "nao_se_aplica", "aberto"
#: Requirements of level 1 and of level 2 by chapter, as the standard has them.
BY_CHAPTER = {
    "V1": (8, 19), "V2": (4, 7), "V3": (8, 11), "V4": (2, 8), "V5": (4, 5), "V6": (13, 22), "V7": (6, 12),
    "V8": (4, 3), "V9": (4, 3), "V10": (5, 24), "V11": (3, 11), "V12": (3, 6), "V13": (1, 12), "V14": (2, 7),
    "V15": (3, 10), "V16": (0, 16), "V17": (0, 7),
}  # fmt: skip


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The table."""
    with (FOLDER / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def names_in(path: str) -> frozenset[str]:
    """The functions, methods and values of a Python file; none where there is no such file."""
    file = BASE_DIR / path
    found: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body if file.is_file() else ():
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
        for target in node.targets if isinstance(node, ast.Assign) else (getattr(node, "target", None),):
            found |= {name.id for name in ast.walk(target) if isinstance(name, ast.Name)} if target else set()
    return frozenset(found)


def exists(proof: str) -> bool:
    """Whether this test, or this setting, is there."""
    path, _, name = proof.partition("::" if "::" in proof else ": ")
    return name in names_in(path) and ("test_" in name or path == "procon/settings.py")


def test_every_requirement_of_both_levels_stands_there_once() -> None:
    ids = [row["id"] for row in rows()]
    found = Counter((row["capitulo"].split()[0], row["nivel"]) for row in rows())

    assert len(set(ids)) == len(ids) == 253
    assert Counter(row["nivel"] for row in rows()) == {"1": 70, "2": 183}
    assert {chapter: (found[chapter, "1"], found[chapter, "2"]) for chapter in BY_CHAPTER} == BY_CHAPTER
    assert [
        row["id"]
        for row in rows()
        if not re.fullmatch(r"(V\d+)\.\d+\.\d+", row["id"])
        or row["id"].split(".")[0] != row["capitulo"].split()[0]
        or row["id"].rpartition(".")[0] != row["secao"].split()[0]
    ] == []


def test_what_is_met_says_how_and_by_what_it_is_proven_and_the_rest_says_why() -> None:
    assert {row["situacao"] for row in rows()} == {MET, NOT_OURS, OPEN}
    assert [row["id"] for row in rows() if not row["pedido"]] == []
    assert [row["id"] for row in rows() if row["situacao"] == MET and not (row["como"] and row["provas"])] == []
    assert [row["id"] for row in rows() if (row["situacao"] == MET) == bool(row["motivo"])] == []


def test_every_test_and_setting_that_it_names_exists() -> None:
    named = [(row["id"], proof) for row in rows() for proof in filter(None, row["provas"].split("; "))]

    assert [(number, proof) for number, proof in named if not exists(proof)] == []


def test_every_file_and_variable_that_it_names_exists() -> None:
    words = [(row["id"], f"{row['como']} {row['motivo']}") for row in rows()]
    files = {(number, path) for number, text in words for path in re.findall(r"\b(?:docs|deploy)/[\w./]*\w", text)}
    known = "".join(file.read_text(encoding="utf-8") for file in (BASE_DIR / "procon" / "environment").glob("*.py"))

    assert [(number, path) for number, path in sorted(files) if not _there(path)] == []
    assert [(n, name) for n, text in words for name in re.findall(r"PROCON_\w+", text) if name not in known] == []


def _there(path: str) -> bool:
    """A file, a folder, or a decision by its number."""
    return (BASE_DIR / path).exists() or bool(list(BASE_DIR.glob(f"{path}-*.md")))


def test_the_summary_is_that_of_the_table() -> None:
    counted = Counter((row["capitulo"], row["situacao"]) for row in rows())
    total = Counter(row["situacao"] for row in rows())
    lines = [
        f"| {chapter} | {counted[chapter, MET]} | {counted[chapter, NOT_OURS]} | {counted[chapter, OPEN]} |"
        for chapter in dict.fromkeys(row["capitulo"] for row in rows())
    ]
    lines.append(f"| **todos** | {total[MET]} | {total[NOT_OURS]} | {total[OPEN]} |")

    shown = re.findall(r"^\| (?:V\d+ |\*\*todos).*$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert shown == lines
