"""The trail for an archive outside: whole, without what people wrote, and proven without the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from access.models import RegistroDeAcesso
from access.services.journal import Fato, note
from cases.models import Atendimento
from procon import trail
from tests.cases.conftest import ap
from tests.conftest import NOW, Cast
from workflow.models import Evento, Leitura
from workflow.services import log_reading, record

__all__ = ["ap"]


@pytest.fixture
def archive(cast: Cast, ap: Callable[..., Atendimento], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the trail of two cases, a reading and an entrance, in two runs."""
    # The test's own transaction is still running, so for the horizon nothing in it is there yet.
    monkeypatch.setattr("procon.management.commands.exportar_trilha.horizon", timezone.now)  # noqa: TID251  as the command does
    case = ap()
    log_reading(by=cast.bruno, pagina="caso", objeto=case, historico_id=case.historico_id)
    export(tmp_path)
    record(case, "ANOTAR", by=cast.bruno, at=NOW, motivo="Ana ligou.", texto="XILOFONE")
    ap()
    note(usuario=cast.dora, fato=Fato.ENTRADA, by=cast.dora, at=NOW, detalhe="XILOFONE")
    export(tmp_path)
    return tmp_path


def export(folder: Path) -> None:
    call_command("exportar_trilha", saida=folder / "trilha.jsonl", marca=folder / "marca")


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "trilha.jsonl").read_text().splitlines()]


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What checking says, line by line, without the file's name."""
    with suppress(CommandError):
        call_command("exportar_trilha", conferir=[folder / "trilha.jsonl"])
    return [line.removeprefix(f"{folder}/trilha.jsonl: ") for line in capsys.readouterr().out.splitlines()]


def test_every_event_reading_and_entrance_is_there_once_and_no_text_is(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = rows(archive)

    assert [row["id"] for row in told if row["tipo"] == "evento"] == list(
        Evento.objects.order_by("registrado_em").values_list("pk", flat=True)
    )
    assert [row["id"] for row in told if row["tipo"] == "leitura"] == [Leitura.objects.get().pk]
    entrance = next(row for row in told if row["tipo"] == "acesso")
    assert (entrance["id"], entrance["fato"]) == (RegistroDeAcesso.objects.get().pk, "entrada")
    assert [row["tipo"] for row in told if row["tipo"] in ("inicio", "fim")] == [
        "inicio", "fim", "inicio", "fim",
    ]  # fmt: skip
    text = (archive / "trilha.jsonl").read_text()
    assert [word for word in ("XILOFONE", "Ana", "Souza", "11144477735", "dobro") if word in text] == []
    assert checked(archive, capsys) == [
        f"Em ordem: {len(told)} linhas, 2 históricos, até {told[-1]['ate']}. Último elo: {told[-1]['elo']}"
    ]
    assert json.loads((archive / "marca").read_text()) == {"ate": told[-1]["ate"], "elo": told[-1]["elo"]}


def changed(lines: list[str], number: int, **values: Any) -> list[str]:
    row = json.loads(lines[number]) | values
    return [*lines[:number], json.dumps(row), *lines[number + 1 :]]


def relinked(lines: list[str]) -> list[str]:
    """As a forger would write them who knows how the elos are made."""
    link, made = "", []
    for line in lines:
        row = json.loads(line)
        row.pop("elo")
        if row["tipo"] == "inicio":
            row["elo_anterior"] = link
        link, text = trail._linked(link, row)
        made.append(text)
    return made


@pytest.mark.parametrize(
    ("forge", "faults"),
    [
        (lambda lines: changed(lines, 1, autor_id=1), 2),
        (lambda lines: relinked(changed(lines, 1, autor_id=1)), 1),
        (lambda lines: [*lines[:1], *lines[2:]], 2),
        (lambda lines: relinked([*lines[:1], *lines[2:]]), 1),
        (lambda lines: lines[[json.loads(line)["tipo"] for line in lines].index("fim") + 1 :], 0),
        (lambda lines: lines[:-1], 1),
        (lambda lines: [*lines, "{"], 1),
        (lambda lines: [*lines[:2], "qualquer coisa", *lines[2:]], 1),
    ],
)
def test_what_was_changed_or_taken_out_is_named(
    archive: Path, capsys: pytest.CaptureFixture[str], forge: Callable[[list[str]], list[str]], faults: int
) -> None:
    path = archive / "trilha.jsonl"
    lines = forge(path.read_text().splitlines())
    path.write_text("\n".join(lines) + "\n")

    found = [line for line in checked(archive, capsys) if not line.startswith("Em ordem")]
    assert len(found) == faults, found


def test_the_first_broken_link_is_named_first(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = archive / "trilha.jsonl"
    lines = path.read_text().splitlines()
    case = json.loads(lines[1])["historico_id"]
    path.write_text("\n".join(relinked(changed(lines, 1, ato="OUTRO"))) + "\n")

    assert checked(archive, capsys)[0] == f"linha 2: histórico {case}: o evento 1 não confere com o seu hash"


def test_a_killed_run_is_repeated_by_the_next(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, mark = archive / "trilha.jsonl", archive / "marca"
    runs = path.read_text().splitlines(keepends=True)
    second = next(number for number, line in enumerate(runs) if number and '"inicio"' in line)
    told = rows(archive)
    path.write_text("".join(runs[: second + 2]) + runs[second + 2][:40])  # in the middle of a line
    mark.write_text(json.dumps({"ate": told[second - 1]["ate"], "elo": told[second - 1]["elo"]}))
    assert checked(archive, capsys) == ["o fim do último trecho falta: foi interrompido; o próximo o repete"]

    export(archive)

    assert checked(archive, capsys)[0].startswith("Em ordem: ")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"desde": "ontem"}, "não é um dia"),
        ({"ate": "2026-13-45"}, "não é um dia"),
        ({"desde": "2026-01-31", "marca": Path("m")}, "sem --desde"),
    ],
)
def test_what_the_command_refuses(db: Any, options: dict[str, Any], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("exportar_trilha", **options)


def test_a_mark_that_cannot_be_read_is_refused(db: Any, tmp_path: Path) -> None:
    (tmp_path / "marca").write_text("{")
    with pytest.raises(CommandError, match="não pode ser lida"):
        call_command("exportar_trilha", marca=tmp_path / "marca")


def test_what_somebody_is_still_writing_waits_for_the_next_run(db: Any) -> None:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        (begun,) = other.execute("SELECT now()").fetchone() or (None,)
        assert trail.horizon() <= begun
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
    assert trail.horizon() > begun
