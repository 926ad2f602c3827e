"""The sandbox: a client of the API that every demonstration has, and no real office.

Its secret is drawn here and kept in the data folder, so that it is the same after a restart; the database holds its
hash. With DEMO=0 it is revoked and forgotten.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import check_password

from accounts.models import Unidade, User
from portal.models import Integracao
from portal.scopes import SCOPES
from portal.services import create_integration, restore_integration, revoke_integration, rotate_secret
from procon.demo.cast import CODE
from procon.run import SANDBOX_FILE

NAME, CLIENT_ID = "Sandbox da demonstração", "sandbox"


def open_sandbox(folder: Path, *, at: datetime) -> None:
    """Have the sandbox ready, its credentials in the folder for the start to print; a second call changes nothing."""
    by, found = User.objects.system(), Integracao.objects.filter(client_id=CLIENT_ID).first()
    if found is None:
        where = [Unidade.objects.get(codigo=CODE)]
        made = create_integration(nome=NAME, escopos=list(SCOPES), unidades=where, client_id=CLIENT_ID, by=by, at=at)
    elif found.revogada_em:
        made = restore_integration(integracao=found, by=by, at=at)
    elif check_password(_kept(folder), found.client_secret):
        return
    else:
        made = rotate_secret(integracao=found, overlap=timedelta(0), by=by, at=at)
    path = folder / SANDBOX_FILE
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump({"client_id": CLIENT_ID, "client_secret": made.client_secret}, out)


def close_sandbox(folder: Path, *, at: datetime) -> None:
    """End the sandbox where there is one: this office is not, or no more, a demonstration."""
    (folder / SANDBOX_FILE).unlink(missing_ok=True)
    found = Integracao.objects.filter(client_id=CLIENT_ID, revogada_em=None).first()
    if found:
        revoke_integration(
            integracao=found, motivo="O sistema foi iniciado com DEMO=0.", by=User.objects.system(), at=at
        )


def _kept(folder: Path) -> str:
    try:
        return str(json.loads((folder / SANDBOX_FILE).read_text())["client_secret"])
    except (OSError, ValueError, KeyError):
        return ""
