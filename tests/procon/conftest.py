"""An office with a case in each status, and two copies of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from cases.models import Assunto, Atendimento, Reclamado
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
from procon.backup.bars import silent
from procon.backup.making import make_copy
from tests.cases.files import PDF
from tests.conftest import NOW, Cast, make_cast
from tests.procon.scratch import database, office_in

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


@pytest.fixture(scope="session")
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
