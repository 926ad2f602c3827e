"""The drill: an office is copied, and restored into nothing; disks that are full, and kills."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cases.models import Anexo, Atendimento
from documents.models import Documento
from procon.backup.archive import Archive
from procon.backup.bars import silent
from procon.backup.envelope import FORMAT, Head, sealing_with
from procon.backup.errors import CopyRefused
from procon.backup.examining import MARK, check_database_empty, examine, unfinished_restore
from procon.backup.making import make_copy
from procon.backup.manifest import Manifest, mark_of
from procon.backup.restoring import restore
from procon.backup.schedule import keep_copies, trouble
from procon.backup.streams import writing
from procon.environment import BASE_DIR
from procon.models import Copia
from tests.conftest import NOW
from tests.databases import address
from tests.procon.conftest import IDENTITY, KEY, Copied
from tests.procon.scratch import office_in, restored
from tests.procon.test_start import run

pytestmark = [pytest.mark.xdist_group("start"), pytest.mark.django_db]


def hashes(folder: Path) -> dict[str, str]:
    """Every file under the folder, by its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("**/*"))
        if path.is_file()
    }


# The drill ----------------------------------------------------------------------------------------------------------


def test_an_encrypted_office_comes_back_whole(copied: Copied, empty: str, tmp_path: Path, settings: Any) -> None:
    data_dir = tmp_path / "novo"

    said = restored(copied.locked, empty, data_dir, BACKUP_KEY=KEY)

    assert "Tudo em ordem.\n" in said
    assert f"{len(copied.counts)} tabelas, {sum(copied.counts.values())} linhas; 4 documentos, 1 anexos." in said
    assert hashes(data_dir / "documentos") == hashes(copied.data_dir / "documentos")
    assert hashes(data_dir / "anexos") == hashes(copied.data_dir / "anexos")
    assert (data_dir / "chave-secreta").read_text() == settings.SECRET_KEY
    assert (data_dir / "chave-secreta").stat().st_mode & 0o777 == 0o600
    with office_in(empty, data_dir):
        assert sorted(Atendimento.objects.values_list("status", flat=True)) == [
            "aberto",
            "aguarda_consumidor",
            "aguarda_fornecedor",
            "em_reclamacao",
            "encerrado",
        ]
        entered = Client().post("/entrar/", {"username": "bruno", "password": "senha-de-teste-1"})
        assert entered.status_code == 302
        (data_dir / MARK).write_text('{"pronta": true}')  # as a kill right before the end leaves it
        assert unfinished_restore(data_dir) == ""
        assert not (data_dir / MARK).exists()
        with pytest.raises(CommandError, match="já tem arquivos de um escritório"):
            call_command("restaurar", str(copied.plain), stderr=io.StringIO())


def test_a_copy_tells_what_is_in_it(copied: Copied, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    with office_in(copied.name, copied.data_dir):
        call_command("backup", str(tmp_path / "procon.copia"), stdout=out, stderr=err)

    size = (tmp_path / "procon.copia").stat().st_size
    assert out.getvalue() == (
        f"Cópia gravada e conferida: {tmp_path / 'procon.copia'} ({size} bytes, sem cifra).\n"
        f"  {len(copied.counts)} tabelas, {sum(copied.counts.values())} linhas, 4 documentos, 1 anexos.\n"
        "  Chave da instalação (SECRET_KEY): vai na cópia.\n"
    )
    assert err.getvalue().startswith("Atenção: BACKUP_KEY não está definida, e a cópia NÃO será cifrada.")
    assert (tmp_path / "procon.copia").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["procon.copia"]


def test_a_password_locks_and_opens(copied: Copied, tmp_path: Path) -> None:
    with office_in(copied.name, copied.data_dir):
        made = make_copy(tmp_path / "senha.copia", key="uma senha bem comprida", at=NOW, bar=silent)

    assert examine(made.path, key="uma senha bem comprida", bar=silent).seal == made.seal
    with pytest.raises(CopyRefused, match=r"BACKUP_KEY não abre «senha.copia»"):
        examine(made.path, key="outra senha qualquer", bar=silent)


def test_a_public_key_locks_what_only_its_secret_opens(copied: Copied, tmp_path: Path) -> None:
    with office_in(copied.name, copied.data_dir):
        made = make_copy(tmp_path / "publica.copia", key=str(IDENTITY.to_public()), at=NOW, bar=silent)

    assert examine(made.path, key=KEY, bar=silent).seal == made.seal
    with pytest.raises(CopyRefused, match="só cifra"):
        examine(made.path, key=str(IDENTITY.to_public()), bar=silent)


def test_the_daily_copy_is_made_once(copied: Copied, tmp_path: Path, settings: Any) -> None:
    daily = {"COPIAS": str(tmp_path), "COPIAS_HORA": "02:30", "COPIAS_DIARIAS": 1, "COPIAS_MENSAIS": 1}
    settings.PROCON = settings.PROCON | daily
    with office_in(copied.name, copied.data_dir, BACKUP_KEY=KEY):
        assert [keep_copies(at=NOW), keep_copies(at=NOW), keep_copies(at=NOW + timedelta(days=1))] == [
            True,
            False,
            True,
        ]
        assert list(Copia.objects.values_list("arquivo", "erro", "faltam")) == [
            ("procon-2026-03-05.copia", "", 0),
            ("procon-2026-03-04.copia", "", 0),
        ]
        assert trouble(at=NOW) == ""
        Copia.objects.all().delete()

    assert sorted(os.listdir(tmp_path)) == ["procon-2026-03-04.copia", "procon-2026-03-05.copia"]
    examine(tmp_path / "procon-2026-03-05.copia", key=KEY, bar=silent)


def test_a_file_that_the_office_misses_is_told(copied: Copied, tmp_path: Path) -> None:
    err = io.StringIO()
    with office_in(copied.name, copied.data_dir):
        name = Documento.objects.order_by("pk").values_list("arquivo", flat=True)[0]
        path = copied.data_dir / "documentos" / name
        content = path.read_bytes()
        path.unlink()
        call_command("backup", str(tmp_path / "x.copia"), stdout=io.StringIO(), stderr=err)
        path.write_bytes(content)

    assert f"Atenção: falta no escritório o arquivo documentos/{name}; a cópia ficou sem ele." in err.getvalue()


def test_a_file_that_is_eliminated_meanwhile_begins_the_copy_again(copied: Copied, tmp_path: Path) -> None:
    with office_in(copied.name, copied.data_dir):
        paper = Anexo.objects.get()
        path = copied.data_dir / "anexos" / paper.arquivo
        content, begun = path.read_bytes(), []

        @contextmanager
        def eliminating(part: str, total: int | None, unit: str) -> Iterator[Any]:
            if part == "Anexos":
                begun.append(total)
                Anexo.objects.filter(pk=paper.pk).update(arquivo="")
                path.unlink(missing_ok=True)
            yield lambda size: None

        made = make_copy(tmp_path / "x.copia", key="", at=NOW, bar=eliminating)
        path.write_bytes(content)
        Anexo.objects.filter(pk=paper.pk).update(arquivo=paper.arquivo)

    assert begun == [1, 0]
    assert (made.manifest.arquivos, made.missing) == ({"documentos": 4, "anexos": 0}, [])


# Disks, and kills ---------------------------------------------------------------------------------------------------


def run_with(prelude: str, name: str, data_dir: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own, in which this is done first; it has no DATABASE_URL without a name."""
    code = f"import os, sys, runpy; {prelude}; sys.argv = ['manage.py', *{list(words)!r}]; "
    code += "runpy.run_path('manage.py', run_name='__main__')"
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    if name:
        kept |= {"DATABASE_URL": address(name), "REDIS_URL": os.environ["REDIS_URL"]}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env=kept | {"DATA_DIR": str(data_dir), "DEMO": "0"} | given,
        capture_output=True,
        text=True,
        check=False,
    )


DIES = "os.{call} = lambda *_: os.kill(os.getpid(), 9)"


def test_a_full_disk_and_a_kill_leave_no_copy_and_the_next_one_is_made(copied: Copied, tmp_path: Path) -> None:
    target = str(tmp_path / "procon.copia")
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"

    full = run_with(small, copied.name, copied.data_dir, "backup", target, BACKUP_KEY=KEY)
    left_by_full = os.listdir(tmp_path)
    killed = run_with(DIES.format(call="fsync"), copied.name, copied.data_dir, "backup", target)
    left_by_kill = os.listdir(tmp_path)
    with office_in(copied.name, copied.data_dir):
        make_copy(Path(target), key="", at=NOW, bar=silent)

    assert full.returncode == 1
    assert "Falta espaço: libere-o, ou grave em outro disco." in full.stderr
    assert left_by_full == []
    assert killed.returncode == -signal.SIGKILL
    assert left_by_kill == [".procon.copia.parcial"]
    assert os.listdir(tmp_path) == ["procon.copia"]


@pytest.fixture
def bare() -> Iterator[Path]:
    """A folder that does not exist yet, outside pytest's own: another run closes that one to PostgreSQL's user."""
    with tempfile.TemporaryDirectory(prefix="procon-restaurar-") as folder:
        yield Path(folder) / "dados"


def test_a_bare_machine_and_a_kill_right_before_the_commit(copied: Copied, empty: str, bare: Path) -> None:
    data_dir = bare

    refused = run(data_dir, "manage.py", "restaurar", str(copied.locked))
    touched = data_dir.exists()
    killed = run_with(DIES.format(call="sync"), "", data_dir, "restaurar", str(copied.locked), BACKUP_KEY=KEY)
    with office_in(empty, data_dir), pytest.raises(CommandError, match="Uma restauração começou aqui e não terminou"):
        call_command("preparar")
    again = run(data_dir, "manage.py", "restaurar", str(copied.locked), BACKUP_KEY=KEY)

    assert (refused.returncode, touched) == (1, False)
    assert refused.stderr.endswith("Defina em BACKUP_KEY a senha ou a chave com que a cópia foi feita.\n")
    assert killed.returncode == -signal.SIGKILL
    assert again.returncode == 0, again.stderr
    assert "Tudo em ordem." in again.stdout
    assert not (data_dir / MARK).exists()
    assert hashes(data_dir / "documentos") == hashes(copied.data_dir / "documentos")


def test_a_kill_after_the_commit_goes_on_with_the_same_copy_only(
    copied: Copied, empty: str, tmp_path: Path, settings: Any
) -> None:
    data_dir = tmp_path / "dados"
    with office_in(empty, data_dir):
        restore(examine(copied.plain, key="", bar=silent), key="", bar=silent, keeps_key=True)
        with pytest.raises(CopyRefused, match="Há neste banco uma restauração que não terminou"):
            make_copy(tmp_path / "x.copia", key="", at=NOW, bar=silent)

    with pytest.raises(CommandError, match="restauração inacabada de outra cópia"):
        restored(copied.locked, empty, data_dir, BACKUP_KEY=KEY)
    said = restored(copied.plain, empty, data_dir)

    assert "Tudo em ordem." in said
    assert not (data_dir / MARK).exists()


def test_what_the_database_refuses_leaves_it_empty(copied: Copied, empty: str, tmp_path: Path) -> None:
    bad = tmp_path / "ruim.copia"
    manifest = Manifest("x", "2026-03-04", "Procon", 150000, [], {}, {}, mark_of("x"), True)
    with bad.open("wb") as file, writing(file, sealing_with("")) as target:
        archive = Archive(target)
        archive.add("manifesto.json", manifest.to_json())
        archive.add("banco/000001.sql.gz", gzip.compress(b"CREATE TABLE a (b int);\nSELECT 1/0;\n"))
        archive.finish()

    with pytest.raises(CommandError, match=r"PostgreSQL recusou a cópia, e o banco continua vazio: .*division by zero"):
        restored(bad, empty, tmp_path / "dados")

    with office_in(empty, tmp_path / "dados"):
        check_database_empty(manifest)


def test_the_head_is_the_format_of_this_version() -> None:
    assert Head("nenhuma").lines() == f'PROCON-COPIA {FORMAT}\n{{"cifra": "nenhuma"}}\n'.encode()
