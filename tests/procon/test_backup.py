"""The drill: an office is copied, and restored into nothing; and every copy or target that is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings

from cases.models import Anexo, Assunto, Atendimento, Reclamado
from cases.services import (
    acknowledge_cip,
    attach,
    issue_cip,
    issue_espelho,
    lapse_cip,
    open_reclamacao,
    register,
    send_cip,
)
from documents.models import Documento
from procon.backup.archive import Archive
from procon.backup.bars import silent
from procon.backup.envelope import FORMAT, Head, sealing_with
from procon.backup.errors import CopyRefused
from procon.backup.examining import MARK, examine, unfinished_restore
from procon.backup.making import make_copy
from procon.backup.manifest import Manifest, mark_of
from procon.backup.restoring import restore
from procon.backup.schedule import keep_copies, trouble
from procon.backup.streams import writing
from procon.environment import BASE_DIR
from procon.models import Copia
from tests.cases.files import PDF
from tests.conftest import NOW, Cast, make_cast
from tests.procon.scratch import database, office_in
from tests.procon.test_start import run

pytestmark = [pytest.mark.xdist_group("start"), pytest.mark.django_db]

IDENTITY = pyrage.x25519.Identity.generate()
KEY = str(IDENTITY)


@dataclass
class Copied:
    """An office, and two copies of it: one plain, one encrypted with KEY."""

    name: str
    data_dir: Path
    counts: dict[str, int]
    plain: Path
    locked: Path


def _cases(cast: Cast) -> None:
    """One case in each status, with letters, and an attachment."""

    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")

    def ap() -> Atendimento:
        return register(
            by=cast.bruno,
            at=NOW,
            unidade=cast.unidade,
            tipo="atendimento_preliminar",
            canal="pessoal",
            consumidor=cast.ana,
            fornecedores=(cast.loja,),
            assunto=subject,
            relato="Cobraram duas vezes.",
            pedido="Devolução.",
        )

    def cip(case: Atendimento) -> Any:
        return issue_cip(reclamado=Reclamado.objects.get(atendimento=case), by=cast.bruno, at=NOW)

    opened = ap()
    issue_espelho(atendimento=opened, by=cast.bruno, at=NOW)
    attach(
        atendimento=opened,
        arquivo=SimpleUploadedFile("nota.pdf", PDF),
        nome="nota.pdf",
        origem="balcao",
        by=cast.bruno,
        at=NOW,
    )
    cip(ap())
    lapsed = cip(ap())
    send_cip(cip=lapsed, meio="em_maos", by=cast.bruno, at=NOW)
    lapsed = acknowledge_cip(cip=lapsed, on=date(2026, 3, 4), by=cast.bruno, at=NOW)
    lapse_cip(cip=lapsed, by=cast.sistema, at=NOW + timedelta(days=20))
    open_reclamacao(atendimento=ap(), by=cast.bruno, at=NOW, motivo="Sem solução.")
    register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal")


@pytest.fixture(scope="module")
def copied(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copied]:
    folder = tmp_path_factory.mktemp("copias")
    data_dir = folder / "escritorio"
    with django_db_blocker.unblock():
        connection.close()
    with django_db_blocker.unblock(), database("escritorio", like=str(connection.settings_dict["NAME"])) as name:
        with office_in(name, data_dir):
            call_command("carregar_calendario", verbosity=0)
            with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
                _cases(make_cast())
            plain = make_copy(folder / "aberta.copia", key="", at=NOW, bar=silent)
            locked = make_copy(folder / "cifrada.copia", key=KEY, at=NOW, bar=silent)
        yield Copied(name, data_dir, plain.manifest.tabelas, plain.path, locked.path)


@pytest.fixture
def empty() -> Iterator[str]:
    """An empty database."""
    with database("vazio") as name:
        yield name


def restored(copy: Path, name: str, data_dir: Path, **given: str) -> str:
    """What `restaurar` says. Raises CommandError."""
    out = io.StringIO()
    with office_in(name, data_dir, **given):
        call_command("restaurar", str(copy), stdout=out, stderr=io.StringIO())
    return out.getvalue()


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
        assert unfinished_restore(data_dir) == ""
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
        (gzip.compress(b"pg_dump"), "não é uma cópia feita por este sistema"),
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


# Disks, and kills ---------------------------------------------------------------------------------------------------


def run_with(prelude: str, name: str, data_dir: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own, in which this is done first; it has no DATABASE_URL without a name."""
    code = f"import os, sys, runpy; {prelude}; sys.argv = ['manage.py', *{list(words)!r}]; "
    code += "runpy.run_path('manage.py', run_name='__main__')"
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    if name:
        kept |= {"DATABASE_URL": _address(name), "REDIS_URL": os.environ["REDIS_URL"]}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env=kept | {"DATA_DIR": str(data_dir), "DEMO": "0"} | given,
        capture_output=True,
        text=True,
        check=False,
    )


def _address(name: str) -> str:
    own = str(connection.settings_dict["NAME"])
    params = connection.get_connection_params()
    assert own
    return f"postgres://{params['user']}@/{name}?host={params['host'].replace('/', '%2F')}"


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


def test_a_bare_machine_and_a_kill_right_before_the_commit(copied: Copied, empty: str, tmp_path: Path) -> None:
    data_dir = tmp_path / "dados"

    killed = run_with(DIES.format(call="sync"), "", data_dir, "restaurar", str(copied.locked), BACKUP_KEY=KEY)
    with office_in(empty, data_dir), pytest.raises(CommandError, match="Uma restauração começou aqui e não terminou"):
        call_command("preparar")
    again = run(data_dir, "manage.py", "restaurar", str(copied.locked), BACKUP_KEY=KEY)

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
    said = restored(copied.plain, empty, tmp_path / "dados")

    assert "Tudo em ordem." in said


def test_the_head_is_the_format_of_this_version() -> None:
    assert Head("nenhuma").lines() == f'PROCON-COPIA {FORMAT}\n{{"cifra": "nenhuma"}}\n'.encode()
