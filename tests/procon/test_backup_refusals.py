"""Every copy and every target that is refused, before anything is written."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command

from cases.models import Anexo
from documents.models import Documento
from procon.backup.archive import Archive
from procon.backup.bars import silent
from procon.backup.envelope import sealing_with
from procon.backup.errors import CopyRefused
from procon.backup.examining import examine
from procon.backup.making import make_copy
from procon.backup.manifest import Manifest
from procon.backup.streams import writing
from tests.conftest import NOW
from tests.procon.conftest import KEY, Copied
from tests.procon.scratch import office_in, restored

pytestmark = [pytest.mark.xdist_group("start"), pytest.mark.django_db]


# Copies that are refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locked", [False, True])
def test_a_torn_copy_is_refused_at_every_length(copied: Copied, tmp_path: Path, locked: bool) -> None:
    whole = (copied.locked if locked else copied.plain).read_bytes()
    lines = whole.index(b"\n", whole.index(b"\n") + 1) + 1
    torn = tmp_path / "rasgada.copia"
    for length in (5, 15, 16, lines, lines + 100, len(whole) // 2, len(whole) - 66, len(whole) - 65, len(whole) - 1):
        torn.write_bytes(whole[:length])
        with pytest.raises(CopyRefused, match=r"rasgada.copia"):
            examine(torn, key=KEY if locked else "", bar=silent)


@pytest.mark.parametrize("locked", [False, True])
def test_one_flipped_bit_anywhere_is_refused(copied: Copied, tmp_path: Path, locked: bool) -> None:
    whole = bytearray((copied.locked if locked else copied.plain).read_bytes())
    changed = tmp_path / "alterada.copia"
    size = len(whole)
    for place in (
        0,
        13,
        14,
        20,
        40,
        600,
        1100,
        size // 3,
        size // 2,
        size - 5000,
        size - 600,
        size - 66,
        size - 2,
        size - 1,
    ):
        whole[place] ^= 4
        changed.write_bytes(whole)
        whole[place] ^= 4
        with pytest.raises(CopyRefused, match=r"alterada.copia"):
            examine(changed, key=KEY if locked else "", bar=silent)


def test_something_after_the_end_is_refused(copied: Copied, tmp_path: Path) -> None:
    (tmp_path / "maior.copia").write_bytes(copied.plain.read_bytes() + b"\n")

    with pytest.raises(CopyRefused, match=r"«maior.copia» está incompleta ou foi alterada"):
        examine(tmp_path / "maior.copia", key="", bar=silent)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "não é uma cópia feita por este sistema .está vazio"),
        (gzip.compress(b"pg_dump", mtime=0), "não é uma cópia feita por este sistema"),
        (b"PROCON-COPIA 2\n{}\n", "está no formato 2 de cópia, e esta versão do sistema só lê o 1"),
    ],
)
def test_another_programs_file_and_another_format_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x").write_bytes(content)

    with pytest.raises(CopyRefused, match=words):
        examine(tmp_path / "x", key="", bar=silent)


@pytest.mark.parametrize(
    ("locked", "key", "words"),
    [
        (True, "", "está cifrada, e BACKUP_KEY não está definida"),
        (True, "uma senha qualquer", "BACKUP_KEY não abre"),
        (True, str(pyrage.x25519.Identity.generate()), "BACKUP_KEY não abre"),
        (True, KEY[:-1] + ("Q" if KEY[-1] != "Q" else "P"), "começa como uma chave do age, mas"),
        (False, KEY, "BACKUP_KEY está definida, mas «aberta.copia» não está cifrada"),
    ],
    ids=["missing", "another password", "another key", "a key mistyped", "needless"],  # keys are made anew each time
)
def test_a_wrong_missing_or_needless_key_is_refused(copied: Copied, locked: bool, key: str, words: str) -> None:
    with pytest.raises(CopyRefused, match=words):
        examine(copied.locked if locked else copied.plain, key=key, bar=silent)


def _forged(path: Path, *names: str, migrations: list[list[str]] | None = None) -> Path:
    """A well-formed copy with these files in it."""
    manifest = Manifest("x", "2026-03-04", "Procon", 150000, migrations or [], {}, {}, "", False)
    with path.open("wb") as file, writing(file, sealing_with("")) as target:
        archive = Archive(target)
        archive.add("manifesto.json", manifest.to_json())
        for name in names:
            archive.add(name, b"x")
        archive.finish()
    return path


def test_a_copy_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    newer = _forged(tmp_path / "nova.copia", migrations=[["cases", "0001_base"], ["cases", "0999_futuro"]])

    with pytest.raises(CopyRefused, match=r"mais nova do sistema: esta não conhece a migração cases\.0999_futuro"):
        examine(newer, key="", bar=silent)


@pytest.mark.parametrize("name", ["../fora", "/etc/x", "documentos/../../x", "anexos/ab/../x.pdf", "outra"])
def test_a_file_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CopyRefused, match="há nela um arquivo que nenhuma cópia contém"):
        examine(_forged(tmp_path / "x.copia", name), key="", bar=silent)


def test_a_copy_without_a_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CopyRefused, match="não há nela um banco"):
        examine(_forged(tmp_path / "x.copia"), key="", bar=silent)


# Targets that are refused -------------------------------------------------------------------------------------------


def test_a_database_with_anything_in_it_is_refused_and_left_as_it_is(copied: Copied, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="O banco não está vazio"):
        restored(copied.plain, copied.name, tmp_path / "novo")

    assert not (tmp_path / "novo").exists()
    with office_in(copied.name, copied.data_dir):
        assert (Documento.objects.count(), Anexo.objects.count()) == (4, 1)


def test_a_folder_of_somebody_else_is_refused(copied: Copied, empty: str, tmp_path: Path) -> None:
    (tmp_path / "planilha.xlsx").touch()

    with pytest.raises(CommandError, match=r"não está vazia: há nela «planilha.xlsx»"):
        restored(copied.plain, empty, tmp_path)

    assert os.listdir(tmp_path) == ["planilha.xlsx"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "é uma pasta"), ("sem/pasta.copia", "não existe. Crie-a"), ("ja.copia", "uma cópia boa não se apaga")],
)
def test_where_a_copy_may_not_be_written(copied: Copied, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "ja.copia").write_bytes(b"boa")

    with office_in(copied.name, copied.data_dir), pytest.raises(CommandError, match=words):
        call_command("backup", str(tmp_path / name), stderr=io.StringIO())

    assert (tmp_path / "ja.copia").read_bytes() == b"boa"
    assert os.listdir(tmp_path) == ["ja.copia"]


def test_an_older_copy_is_replaced_when_asked(copied: Copied, tmp_path: Path) -> None:
    (tmp_path / "ja.copia").write_bytes(b"velha")

    with office_in(copied.name, copied.data_dir):
        made = make_copy(tmp_path / "ja.copia", key="", at=NOW, bar=silent, overwrite=True)

    assert examine(tmp_path / "ja.copia", key="", bar=silent).seal == made.seal


def test_an_empty_database_has_nothing_to_copy(empty: str, tmp_path: Path) -> None:
    with office_in(empty, tmp_path), pytest.raises(CopyRefused, match="Não há escritório neste banco"):
        make_copy(tmp_path / "x.copia", key="", at=NOW, bar=silent)

    assert os.listdir(tmp_path) == []
