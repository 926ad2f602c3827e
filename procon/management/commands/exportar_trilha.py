"""`exportar_trilha`: who did, read and entered what, for an archive outside."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import datetime, time
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from procon.trail import Archive, horizon, lines


class Command(BaseCommand):
    """`manage.py exportar_trilha`."""

    help = (
        "Escreve em linhas JSON os eventos com a sua cadeia de hashes, as leituras de dados pessoais e o registro de "
        "acesso, sem os textos que as pessoas escreveram. Com --marca continua de onde parou."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From when until when, where to, and the other way: holding an archive against itself."""
        parser.add_argument("--desde", help="a partir deste dia (2026-01-31) ou instante; sem ele, do começo")
        parser.add_argument("--ate", help="até antes deste dia ou instante; sem ele, até agora")
        parser.add_argument("--marca", type=Path, help="arquivo que guarda até onde já se exportou")
        parser.add_argument("--saida", type=Path, help="arquivo a que se acrescenta; sem ele, a saída do comando")
        parser.add_argument("--conferir", type=Path, nargs="+", metavar="ARQUIVO", help="confere arquivos, em ordem")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one run, or check files."""
        if options["conferir"]:
            self._check(options["conferir"])
            return
        mark: Path | None = options["marca"]
        if mark and options["desde"]:
            raise CommandError("--marca já diz de onde continuar: use-a sem --desde.")
        before = _mark_of(mark) if mark and mark.exists() else {"ate": None, "elo": ""}
        since = _moment(before["ate"] or options["desde"])
        until = min(filter(None, (_moment(options["ate"]), horizon())))
        last = self._write(lines(since, until, before["elo"]), options["saida"])
        if mark:
            draft = mark.with_name(f".{mark.name}.novo")
            draft.write_text(json.dumps({"ate": until.isoformat(), "elo": json.loads(last)["elo"]}))
            draft.replace(mark)

    def _write(self, run: Any, target: Path | None) -> str:
        """All lines; the last one."""
        line = ""
        with ExitStack() as stack:
            out = stack.enter_context(_appending(target)) if target else self.stdout
            for line in run:
                out.write(f"{line}\n")
            out.flush()
        return line

    def _check(self, files: list[Path]) -> None:
        archive, faults = Archive(), 0
        for path in files:
            with path.open(encoding="utf-8", errors="replace") as text:
                for fault in archive.check(text):
                    faults += 1
                    self.stdout.write(f"{path}: {fault}")
        for fault in archive.finish():
            faults += 1
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"A trilha arquivada tem {faults} defeitos, listados acima. Guarde-a como está e avise.")
        self.stdout.write(
            f"Em ordem: {archive.read} linhas, {len(archive.heads)} históricos, até {archive.until}. Último elo: "
            f"{archive.whole}"
        )


def _appending(path: Path) -> IO[str]:
    """The file, after a whole line: a killed run may have left half of one."""
    file = path.open("a+b")
    if file.tell():
        file.seek(-1, 2)
        if file.read(1) != b"\n":
            file.write(b"\n")
    return TextIOWrapper(file, encoding="utf-8", newline="\n")


def _mark_of(path: Path) -> dict[str, str]:
    try:
        mark = json.loads(path.read_text())
        return {"ate": mark["ate"], "elo": mark["elo"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise CommandError(
            f"A marca «{path}» não pode ser lida. Restaure-a, ou apague-a para exportar tudo de novo noutro arquivo."
        ) from None


def _moment(written: str | None) -> datetime | None:
    """A day, which begins at the office's midnight, or a moment."""
    if not written:
        return None
    try:
        day = parse_date(written)
        moment = datetime.combine(day, time()) if day else parse_datetime(written)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"«{written}» não é um dia nem um instante. Escreva como 2026-01-31 ou 2026-01-31T10:00.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
