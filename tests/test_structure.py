"""The house's shape: what points where, how big things are, and what may not stand in the tree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
LAYERS = [
    [name.strip() for name in line.split("|")]
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
]
#: Packages that are no Django app.
PLAIN = {"listing"}
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    if name and (ROOT / name).is_file()
]
SOURCES = [path for path in TRACKED if path.suffix == ".py" and "migrations" not in path.parts]
PROGRAM = [path for path in SOURCES if path.relative_to(ROOT).parts[0] != "tests"]
LOCKS = [path for path in TRACKED if path.name.startswith("requirements") or path.name == "package-lock.json"]


def relations() -> list[tuple[str, str, str]]:
    """Every relation between models of ours: field, from, to."""
    return [
        (f"{model._meta.label}.{field.name}", model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        if model._meta.app_label in RANK
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
    ]


def test_every_package_has_its_layer() -> None:
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}

    assert ours == set(RANK) - PLAIN


def test_every_relation_points_down() -> None:
    up = [
        f"{field} → {target}"
        for field, source, target in relations()
        if target in RANK and source != target and RANK[source] >= RANK[target]
    ]

    assert relations()
    assert up == []


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, text: list[str]) -> int:
    """The lines of what a function does: a long signature or docstring, or values passed on by name, are no fault."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    lines = text[body[0].lineno - 1 : function.end_lineno] if body else []
    return sum(not re.fullmatch(r"\s*\w+=[\w.]+,", line) for line in lines)


def test_no_file_is_long() -> None:
    long = {str(path.relative_to(ROOT)): n for path in PROGRAM if (n := len(path.read_text().splitlines())) > 400}

    assert long == {}


def test_no_function_is_long() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": size
        for path in PROGRAM
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := body_lines(node, path.read_text().splitlines())) > 40
    }

    assert long == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "core", "misc"])
def test_no_module_is_a_drawer(name: str) -> None:
    assert [path for path in SOURCES if path.stem == name or name in path.relative_to(ROOT).parts] == []


def test_no_template_writes_a_key_as_people_read_numbers() -> None:
    plain = re.compile(r"{{ ?(?!form\.)(?:[\w.]+\.)?(?:pk|edicao|vez) ?}}")
    templates = [path for path in TRACKED if path.suffix == ".html"]
    found = {str(path): plain.findall(path.read_text()) for path in templates}

    assert {path: keys for path, keys in found.items() if keys} == {}


def test_migrations_have_one_leaf_each() -> None:
    loader = MigrationLoader(None)

    leaves = [app for app, _ in loader.graph.leaf_nodes() if app in RANK]

    assert len(leaves) == len(set(leaves))


def test_lock_files_name_no_address() -> None:
    address = re.compile(r"https?://[\w.-]*(?:pypi|npmjs|registry|index)[\w./-]*")
    named = {path.name: address.findall(path.read_text()) for path in LOCKS}

    assert {"requirements.txt", "requirements-dev.txt", "package-lock.json"} <= set(named)
    assert {name: found for name, found in named.items() if found} == {}
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    assert not any(line.startswith("--") for path in LOCKS for line in path.read_text().splitlines())


def test_both_locks_hold_the_same_versions() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.M))

    run, dev = versions("requirements.txt"), versions("requirements-dev.txt")

    assert {name: dev.get(name) for name in run} == run


def test_every_locked_package_has_hashes() -> None:
    for path in LOCKS:
        if path.suffix == ".txt":
            blocks = re.split(r"^(?=\S)", path.read_text(), flags=re.M)
            assert [block.split("==")[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_every_decision_is_listed_once() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^- \[(\d{4})\]\((\1-[a-z0-9-]+\.md)\) \S", (folder / "README.md").read_text(), re.MULTILINE)
    assert [name for _, name in listed] == sorted(path.name for path in folder.glob("0*.md"))


def test_the_manual_links_to_what_exists() -> None:
    folder = ROOT / "docs" / "manual"
    missing = []
    for page in [*folder.glob("*.md"), ROOT / "README.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                missing.append(f"{page.name}: {target}")
    assert missing == []


def test_the_manual_lists_the_acts_as_they_are() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tools.acts", "--conferir"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stdout) == (0, "")
