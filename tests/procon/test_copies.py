"""The daily copy: due once a day, kept by number, and its failure shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Atribuicao, Papel, User
from procon.backup.schedule import due, keep_copies, name_of, superfluous, trouble
from procon.models import Copia
from tests.conftest import NOW, SAO_PAULO, Cast


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A folder for copies, due from 02:30."""
    settings.PROCON = settings.PROCON | {"COPIAS": str(tmp_path / "copias"), "COPIAS_HORA": "02:30"}
    (tmp_path / "copias").mkdir()
    return tmp_path / "copias"


@pytest.mark.parametrize(("clock", "expected"), [("02:29", False), ("02:30", True), ("23:59", True)])
def test_due_from_its_hour_on(folder: Path, clock: str, expected: bool) -> None:
    at = datetime.fromisoformat(f"2026-03-04T{clock}").replace(tzinfo=SAO_PAULO)

    assert due(at=at) == (folder / "procon-2026-03-04.copia" if expected else None)


def test_due_no_more_once_it_is_there_or_where_no_folder_is_set(folder: Path, settings: Any) -> None:
    (folder / name_of(NOW.date())).touch()
    assert due(at=NOW) is None

    settings.PROCON = settings.PROCON | {"COPIAS": ""}
    assert due(at=NOW + timedelta(days=1)) is None


def test_the_newest_days_and_the_first_of_each_month_stay() -> None:
    days = [datetime(2026, 1, 30, tzinfo=SAO_PAULO) + timedelta(days=n) for n in range(35)]  # 30 January to 5 March
    names = [name_of(day.date()) for day in days] + ["outra.copia", ".procon-2026-01-30.copia.parcial"]

    gone = superfluous(names, daily=3, monthly=2)

    kept = sorted(set(names) - set(gone))
    assert kept == [
        ".procon-2026-01-30.copia.parcial",
        "outra.copia",
        "procon-2026-02-01.copia",
        "procon-2026-03-01.copia",
        "procon-2026-03-03.copia",
        "procon-2026-03-04.copia",
        "procon-2026-03-05.copia",
    ]


@pytest.mark.django_db
def test_a_failure_is_shown_and_tried_again_an_hour_later(cast: Cast, folder: Path, client: Client) -> None:
    folder.rmdir()
    rui = User.objects.create_user("rui", nome="Rui Administrador")
    Atribuicao.objects.create(user=rui, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    client.force_login(rui, backend="django.contrib.auth.backends.ModelBackend")

    assert not keep_copies(at=NOW)
    assert not keep_copies(at=NOW + timedelta(minutes=59))
    assert Copia.objects.count() == 1
    assert not keep_copies(at=NOW + timedelta(minutes=61))

    assert Copia.objects.count() == 2
    words = f"A cópia de segurança de 04/03/2026 11:01 falhou. A pasta «{folder}» não existe. Crie-a, ou escolha outra."
    assert trouble(at=NOW) == words
    assert words in client.get("/").content.decode()
    page = client.get("/copias/").content.decode()
    assert words in page
    assert "BACKUP_KEY não está definida" in page


@pytest.mark.django_db
def test_a_copy_that_nobody_made_is_missed_three_hours_after_its_time(folder: Path) -> None:
    day = datetime(2026, 3, 4, tzinfo=SAO_PAULO)

    assert trouble(at=day.replace(hour=5, minute=29)) == ""
    assert trouble(at=day.replace(hour=5, minute=30)).startswith("A cópia de segurança de hoje já devia ter sido feita")


def test_the_page_is_the_administrators(cast: Cast, client: Client) -> None:
    client.force_login(cast.bruno, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/copias/").status_code == 404
