"""What the surroundings say: every variable that the office reads, checked, with the sentence for a wrong one.

The whole list is in variables.py. Nothing here imports the framework, so that a wrong value is told before anything
starts.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from procon.environment.files import check_bucket, stored_files
from procon.environment.variables import BASE_DIR, SECRETS, VARIABLES, Variable
from procon.environment.wrong import WrongEnvironment

__all__ = [
    "BASE_DIR", "PASSING", "SECRETS", "VARIABLES", "Environment", "WrongEnvironment", "broker_address", "check_bucket",
    "passing_secret_key", "prepare_data_dir", "read", "redis_database", "secret_key", "stored_files",
    "with_redis_database",
]  # fmt: skip

#: So begins a key that one command makes up for itself, because the installation's own is still to come.
PASSING = "so-deste-comando-"


class Environment:
    """The checked values, by name; `environment["PORT"]` is a number, and so on."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> object:
        return self._values[name]

    def text(self, name: str) -> str:
        """A value as text."""
        return str(self._values[name])

    def number(self, name: str) -> int:
        """A value as a number."""
        return int(self.text(name))

    def flag(self, name: str) -> bool:
        """A yes or no."""
        return bool(self._values[name])

    def names(self, name: str) -> list[str]:
        """A list separated by commas."""
        value = self._values[name]
        return list(value) if isinstance(value, tuple) else []

    @property
    def data_dir(self) -> Path:
        """The folder where everything that the office keeps on disk lives."""
        return Path(self.text("DATA_DIR")).expanduser().resolve()


def read(source: Mapping[str, str] | None = None) -> Environment:
    """Read and check every variable. Raises WrongEnvironment at the first wrong or unknown one."""
    given = os.environ if source is None else source
    for name in sorted(given):
        if name.startswith("PROCON_") and name not in VARIABLES:
            known = ", ".join(sorted(known for known in VARIABLES if known.startswith("PROCON_")))
            raise WrongEnvironment(
                f"A variável {name} não existe neste sistema, e um nome trocado passaria despercebido. "
                f"Corrija o nome ou retire-a; as que existem são: {known}."
            )
    values = {name: _value(name, variable, given) for name, variable in VARIABLES.items()}
    _check_together(values)
    if not values["PROCON_SEGUNDO_FATOR"]:
        values["PROCON_SEGUNDO_FATOR"] = "opcional" if values["DEMO"] else "obrigatorio"
    if not given.get("PROCON_SITE"):
        values["PROCON_SITE"] = f"http://localhost:{values['PORT']}"
    return Environment(values)


def _check_together(values: Mapping[str, object]) -> None:
    """Refuse what stands without that which it needs."""
    if values["PROCON_GATEWAY_URL"] and not values["PROCON_GATEWAY_TOKEN"]:
        raise WrongEnvironment(
            "PROCON_GATEWAY_URL diz onde está o serviço de SMS e WhatsApp, mas falta a senha dele. "
            "Escreva-a em PROCON_GATEWAY_TOKEN, ou retire PROCON_GATEWAY_URL para enviar só e-mails."
        )
    if values["DATABASE_OWNER_URL"] and not values["DATABASE_URL"]:
        raise WrongEnvironment(
            "DATABASE_OWNER_URL diz quem é o dono das tabelas, mas falta DATABASE_URL, com o usuário que trabalha "
            "nelas. Escreva as duas, ou retire DATABASE_OWNER_URL para usar o banco embutido."
        )
    for name in ("PROCON_GOVBR", "PROCON_EQUIPE"):
        rest = [f"{name}_CLIENTE", f"{name}_SEGREDO"]
        if values[name] and not all(values[part] for part in rest):
            raise WrongEnvironment(
                f"{name} diz onde está o provedor OpenID Connect, mas falta {rest[0]} ou {rest[1]}. "
                f"Escreva os dois, como o provedor os deu, ou retire {name} para não oferecer essa entrada."
            )
    if values["STORAGE_URL"] and not values["SECRET_KEY"]:
        raise WrongEnvironment(
            "STORAGE_URL põe documentos e anexos fora desta máquina, mas a chave da instalação ficaria só na pasta de "
            "dados dela. Defina SECRET_KEY, a mesma em todas as máquinas."
        )
    if values["REPLICA_URL"] and not values["DATABASE_URL"]:
        raise WrongEnvironment(
            "REPLICA_URL diz onde está a réplica, mas falta DATABASE_URL, o banco de que ela é réplica. Escreva as "
            "duas, ou retire REPLICA_URL: o banco embutido não tem réplica."
        )


def _value(name: str, variable: Variable, given: Mapping[str, str]) -> object:
    written = given.get(name) or variable.default
    try:
        return variable.read(written)
    except (ValueError, KeyError):
        shown = "(oculto)" if name in SECRETS else f"«{written}»"
        raise WrongEnvironment(
            f"A variável {name} tem um valor que não serve: {shown}. Escreva {variable.expected}."
        ) from None


def prepare_data_dir(folder: Path) -> None:
    """Make the data folder, closed to other people. Raises WrongEnvironment when it cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".escrita-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise WrongEnvironment(
            f"Não é possível gravar na pasta de dados «{folder}» ({error.strerror}). "
            "Dê a este usuário a permissão de escrita nela, ou aponte DATA_DIR para outra pasta."
        ) from error


def secret_key(environment: Environment) -> str:
    """The signing key: SECRET_KEY, or one made once and kept in the data folder for this installation only."""
    if environment["SECRET_KEY"]:
        return environment.text("SECRET_KEY")
    path = environment.data_dir / "chave-secreta"
    if not path.exists():
        prepare_data_dir(environment.data_dir)
        draft = path.with_name(f".chave-{os.getpid()}-{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # whoever links first wins; the others read that one
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        return path.read_text().strip()
    except OSError as error:
        raise WrongEnvironment(
            f"Não é possível ler «{path}» ({error.strerror}), que guarda a chave desta instalação. "
            "Rode com o mesmo usuário que a criou, ou defina SECRET_KEY."
        ) from error


def passing_secret_key(environment: Environment) -> None:
    """Let a command that fills an empty data folder run without leaving a key of its own there."""
    if not (environment["SECRET_KEY"] or (environment.data_dir / "chave-secreta").exists()):
        os.environ["SECRET_KEY"] = PASSING + secrets.token_urlsafe(48)


def with_redis_database(address: str, number: int) -> str:
    """The same Redis, another of its numbered databases."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query)) | {"db": str(number)}
        return f"unix://{parts.path}?{urlencode(query)}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def redis_database(address: str) -> int:
    """The numbered database that an address names; 0 when it names none."""
    parts = urlsplit(address)
    written = dict(parse_qsl(parts.query)).get("db", "") if parts.scheme == "unix" else parts.path.strip("/")
    return int(written) if written.isdigit() else 0


def broker_address(address: str) -> str:
    """The same Redis as Celery writes it: a socket has another scheme there."""
    parts = urlsplit(address)
    if parts.scheme != "unix":
        return address
    return f"redis+socket://{parts.path}?virtual_host={redis_database(address)}"
