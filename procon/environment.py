"""What the surroundings say: every variable that the office reads, checked, with the sentence for a wrong one.

The whole list is VARIABLES. Nothing here imports the framework, so that a wrong value is told before anything starts.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

BASE_DIR = Path(__file__).resolve().parent.parent
UFS = frozenset(
    ["AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
     "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO"]
)  # fmt: skip


#: Values that no message may repeat.
SECRETS = frozenset(
    ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BACKUP_KEY", "PROCON_GATEWAY_TOKEN")
    + ("PROCON_GOVBR_SEGREDO", "PROCON_EQUIPE_SEGREDO")
)

#: So begins a key that one command makes up for itself, because the installation's own is still to come.
PASSING = "so-deste-comando-"


class WrongEnvironment(Exception):  # noqa: N818  it names what is found, as ActNotAllowed does
    """A variable or a folder is not fit; the message says what, why and how to mend it, in Portuguese."""


@dataclass(frozen=True)
class Variable:
    """One variable: how it is read, what it is when unset, and what a right value looks like."""

    read: Callable[[str], object]
    default: str
    expected: str


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError
    return value.strip()


def _matching(pattern: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError
        return value

    return read


def _port(value: str) -> int:
    number = int(value) if re.fullmatch(r"[0-9]{1,5}", value) else 0
    if not 1 <= number <= 65535:
        raise ValueError
    return number


def _count(value: str) -> int:
    number = int(value) if re.fullmatch(r"[0-9]{1,3}", value) else 0
    if not number:
        raise ValueError
    return number


def _between(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value) if re.fullmatch(r"[0-9]{1,4}", value) else -1
        if not least <= number <= most:
            raise ValueError
        return number

    return read


def _second_factor(value: str) -> str:
    if value not in ("", "obrigatorio", "opcional"):
        raise ValueError
    return value


def _antivirus(value: str) -> str:
    if not re.fullmatch(r"/\S+|(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}", value):
        raise ValueError
    if not value.startswith("/"):
        _port(value.rpartition(":")[2])
    return value


def _flag(value: str) -> bool:
    return {"0": False, "1": True}[value]


def _uf(value: str) -> str:
    if value not in UFS:
        raise ValueError
    return value


def _address(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it is no number
        if parts.scheme not in schemes or not (parts.hostname or parts.path.strip("/") or parts.query):
            raise ValueError
        return value

    return read


def _optional(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: read(value) if value else ""


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _quiet(value: str) -> str:
    clock = r"([01][0-9]|2[0-3]):[0-5][0-9]"
    begin, _, end = value.partition("-")
    if value != "nenhum" and not (re.fullmatch(f"{clock}-{clock}", value) and begin != end):
        raise ValueError
    return value


def _folder(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError
    return value


def _gateway(value: str) -> str:
    """Names and telephone numbers go there, so it is TLS, or this very machine."""
    parts = urlsplit(_address("http", "https")(value))
    if not parts.hostname or parts.username or parts.fragment:
        raise ValueError
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError
    return value


def _networks(value: str) -> tuple[str, ...]:
    return tuple(str(ip_network(name)) for name in _names(value))


def _leads(value: str) -> tuple[str, ...]:
    leads = _names(value)
    if not all(re.fullmatch(r"[1-9][0-9]{0,2}[dhm]", lead) for lead in leads):
        raise ValueError
    return leads


VARIABLES: dict[str, Variable] = {
    "PORT": Variable(_port, "8000", "um número de porta de 1 a 65535, como PORT=8000"),
    "HOST": Variable(
        _matching(r"[A-Za-z0-9._:-]+"), "127.0.0.1", "um endereço desta máquina, como HOST=127.0.0.1 ou HOST=0.0.0.0"
    ),
    "DATA_DIR": Variable(_text, str(BASE_DIR / "var"), "o caminho de uma pasta, como DATA_DIR=/srv/procon"),
    "DATABASE_URL": Variable(
        _optional(_address("postgres", "postgresql")),
        "",
        "um endereço de PostgreSQL, como DATABASE_URL=postgres://usuario:senha@servidor:5432/procon",
    ),
    "REDIS_URL": Variable(
        _optional(_address("redis", "rediss", "unix")),
        "",
        "um endereço de Redis, como REDIS_URL=redis://servidor:6379/0",
    ),
    "EMAIL_URL": Variable(
        _optional(_address("smtp", "smtp+tls", "smtp+ssl")),
        "",
        "um endereço de servidor de correio, como EMAIL_URL=smtp+tls://usuario:senha@servidor:587",
    ),
    "SECRET_KEY": Variable(
        _optional(_matching(r"\S.{30,}\S")), "", "um segredo de 32 caracteres ou mais, guardado fora do código"
    ),
    "BACKUP_KEY": Variable(
        _optional(_text),
        "",
        "a senha que cifra as cópias de segurança, ou uma chave do age (AGE-SECRET-KEY-1… ou age1…)",
    ),
    "DEMO": Variable(_flag, "1", "DEMO=1 (banco vazio recebe o escritório de demonstração) ou DEMO=0 (começa vazio)"),
    "PROCON_DEBUG": Variable(_flag, "0", "PROCON_DEBUG=0; com 1, só na máquina de quem programa"),
    "PROCON_ALLOWED_HOSTS": Variable(
        _names, "localhost,127.0.0.1,[::1]", "os nomes do sítio separados por vírgula, como procon.cidade.sp.gov.br"
    ),
    "PROCON_TRABALHADORES": Variable(_count, "2", "um número de processos de 1 a 999, como PROCON_TRABALHADORES=4"),
    "PROCON_SEGUNDO_FATOR": Variable(
        _second_factor,
        "",
        "PROCON_SEGUNDO_FATOR=obrigatorio (administrador, autoridade e encarregado só trabalham com segundo fator) ou "
        "PROCON_SEGUNDO_FATOR=opcional; sem ela é obrigatório, salvo na demonstração (DEMO=1)",
    ),
    "PROCON_SESSAO_PARADA": Variable(
        _between(5, 480),
        "30",
        "após quantos minutos sem uso a sessão termina, de 5 a 480, como PROCON_SESSAO_PARADA=30",
    ),
    "PROCON_SESSAO_TOTAL": Variable(
        _between(1, 24),
        "12",
        "após quantas horas a sessão termina de todo modo, de 1 a 24, como PROCON_SESSAO_TOTAL=12",
    ),
    "PROCON_PROXIES": Variable(
        _between(0, 5),
        "0",
        "quantos proxies ficam entre as pessoas e este sistema, de 0 a 5, como PROCON_PROXIES=1 com um nginx na frente",
    ),
    "PROCON_REMETENTE": Variable(
        _matching(r".*[^\s@<]+@[^\s@>]+\.[^\s@>]+>?"),
        "Procon <nao-responda@procon.example.org>",
        "um remetente de e-mail, como PROCON_REMETENTE='Procon <procon@cidade.sp.gov.br>'",
    ),
    "PROCON_NOME": Variable(_text, "Procon de Itaquaquecetuba", "o nome do órgão"),
    "PROCON_MUNICIPIO": Variable(_matching(r"[0-9]{7}"), "3523107", "o código IBGE do município, com 7 dígitos"),
    "PROCON_CIDADE": Variable(_text, "Itaquaquecetuba", "o nome da cidade"),
    "PROCON_UF": Variable(_uf, "SP", "a sigla de um estado, como PROCON_UF=SP"),
    "PROCON_ENDERECO": Variable(
        _text, "Praça Padre João Álvares, 123, Centro, Itaquaquecetuba/SP", "o endereço do órgão"
    ),
    "PROCON_TELEFONE": Variable(_text, "(11) 4642-0000", "o telefone do órgão"),
    "PROCON_LEMBRETES": Variable(
        _leads,
        "7d,1d,2h",
        "quanto antes da audiência lembrar as partes, em dias, horas ou minutos, como PROCON_LEMBRETES=7d,1d,2h",
    ),
    "PROCON_SILENCIO": Variable(
        _quiet,
        "20:00-08:00",
        "as horas em que ninguém é lembrado, como PROCON_SILENCIO=20:00-08:00, ou PROCON_SILENCIO=nenhum",
    ),
    "PROCON_DEVOLUCOES": Variable(
        _optional(_folder),
        "",
        "o caminho inteiro da pasta (Maildir) aonde chegam os e-mails devolvidos, como "
        "PROCON_DEVOLUCOES=/var/mail/procon-devolucoes",
    ),
    "PROCON_GATEWAY_URL": Variable(
        _optional(_gateway),
        "",
        "o endereço https do serviço de SMS e WhatsApp, como PROCON_GATEWAY_URL=https://mensagens.cidade.sp.gov.br/v1",
    ),
    "PROCON_GATEWAY_TOKEN": Variable(
        _optional(_matching(r"[!-~]{8,}")), "", "a senha do serviço de SMS e WhatsApp, com 8 caracteres ou mais"
    ),
    "PROCON_GOVBR": Variable(
        _optional(_gateway),
        "",
        "o endereço do provedor OpenID Connect com que o consumidor entra, como PROCON_GOVBR=https://sso.acesso.gov.br",
    ),
    "PROCON_GOVBR_CLIENTE": Variable(_optional(_matching(r"[!-~]{1,200}")), "", "o client_id dado pelo gov.br"),
    "PROCON_GOVBR_SEGREDO": Variable(_optional(_matching(r"[!-~]{8,}")), "", "o client_secret dado pelo gov.br"),
    "PROCON_EQUIPE": Variable(
        _optional(_gateway),
        "",
        "o endereço do provedor OpenID Connect com que a equipe entra, como PROCON_EQUIPE=https://login.cidade.sp.gov.br",
    ),
    "PROCON_EQUIPE_CLIENTE": Variable(_optional(_matching(r"[!-~]{1,200}")), "", "o client_id dado por esse provedor"),
    "PROCON_EQUIPE_SEGREDO": Variable(_optional(_matching(r"[!-~]{8,}")), "", "o client_secret dado por esse provedor"),
    "PROCON_CLAMD": Variable(
        _optional(_antivirus),
        "",
        "onde o antivírus (clamd) atende, como PROCON_CLAMD=antivirus:3310 ou PROCON_CLAMD=/run/clamav/clamd.ctl",
    ),
    "PROCON_ANEXO_MB": Variable(_count, "10", "o tamanho máximo de um anexo em megabytes, como PROCON_ANEXO_MB=10"),
    "PROCON_ANEXOS_DO_CASO_MB": Variable(
        _count, "100", "o tamanho máximo dos anexos de um caso em megabytes, como PROCON_ANEXOS_DO_CASO_MB=100"
    ),
    "PROCON_ANEXO_MEGAPIXELS": Variable(
        _count, "50", "o tamanho máximo de uma imagem em megapixels, como PROCON_ANEXO_MEGAPIXELS=50"
    ),
    "PROCON_WEBHOOKS_PRIVADOS": Variable(
        _networks,
        "",
        "redes internas a que webhooks podem ir, separadas por vírgula, como PROCON_WEBHOOKS_PRIVADOS=10.20.0.0/16",
    ),
    "PROCON_REDE_INTERNA": Variable(
        _networks,
        "127.0.0.0/8,::1/128",
        "as redes, separadas por vírgula, de onde se leem as métricas e onde está o proxy, como "
        "PROCON_REDE_INTERNA=127.0.0.0/8,10.0.5.0/24",
    ),
    "PROCON_COPIAS": Variable(
        _optional(_folder),
        "",
        "o caminho inteiro da pasta das cópias diárias, de preferência em outro disco, como PROCON_COPIAS=/srv/copias",
    ),
    "PROCON_COPIAS_HORA": Variable(
        _matching(r"([01][0-9]|2[0-3]):[0-5][0-9]"), "02:30", "a hora da cópia diária, como PROCON_COPIAS_HORA=02:30"
    ),
    "PROCON_COPIAS_DIARIAS": Variable(_count, "7", "quantas cópias diárias guardar, como PROCON_COPIAS_DIARIAS=7"),
    "PROCON_COPIAS_MENSAIS": Variable(
        _count, "12", "de quantos meses guardar a primeira cópia, como PROCON_COPIAS_MENSAIS=12"
    ),
    "PROCON_SITE": Variable(
        _address("http", "https"),
        "http://localhost",
        "o endereço público do sistema, como PROCON_SITE=https://procon.cidade.sp.gov.br",
    ),
}


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
    if values["PROCON_GATEWAY_URL"] and not values["PROCON_GATEWAY_TOKEN"]:
        raise WrongEnvironment(
            "PROCON_GATEWAY_URL diz onde está o serviço de SMS e WhatsApp, mas falta a senha dele. "
            "Escreva-a em PROCON_GATEWAY_TOKEN, ou retire PROCON_GATEWAY_URL para enviar só e-mails."
        )
    for name in ("PROCON_GOVBR", "PROCON_EQUIPE"):
        rest = [f"{name}_CLIENTE", f"{name}_SEGREDO"]
        if values[name] and not all(values[part] for part in rest):
            raise WrongEnvironment(
                f"{name} diz onde está o provedor OpenID Connect, mas falta {rest[0]} ou {rest[1]}. "
                f"Escreva os dois, como o provedor os deu, ou retire {name} para não oferecer essa entrada."
            )
    if not values["PROCON_SEGUNDO_FATOR"]:
        values["PROCON_SEGUNDO_FATOR"] = "opcional" if values["DEMO"] else "obrigatorio"
    if not given.get("PROCON_SITE"):
        values["PROCON_SITE"] = f"http://localhost:{values['PORT']}"
    return Environment(values)


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
