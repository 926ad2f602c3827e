"""Lets the database's own user reach its files when the office is run by root.

PostgreSQL refuses to run as root, so it runs as a user of its own, who must pass through the folders above its files.
Where a folder (such as /root) is closed, exactly that user is let through by an access-control entry with the search
bit alone: no reading, and nobody else. See docs/decisions/0010-embedded-servers.md.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from procon.environment import WrongEnvironment

SYSTEM_USER = "procon-postgres"

_ATTRIBUTE = "system.posix_acl_access"
_VERSION = 2
_NOBODY = 0xFFFFFFFF
_OWNER, _USER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_SEARCH = 1

Acl = dict[tuple[int, int], int]


def system_user() -> pwd.struct_passwd:
    """The user that PostgreSQL runs as under root; made when missing, without password, shell or home."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    options = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    done = subprocess.run([useradd, *options, SYSTEM_USER], capture_output=True, check=False) if useradd else None  # noqa: S603  fixed words
    if done is None or done.returncode:
        raise WrongEnvironment(
            f"O PostgreSQL não roda como root, e não foi possível criar o usuário «{SYSTEM_USER}» para ele. "
            f"Crie-o (useradd --system {SYSTEM_USER}), rode o sistema com um usuário comum, ou defina DATABASE_URL."
        )
    return pwd.getpwnam(SYSTEM_USER)


def open_way(path: Path, owner: pwd.struct_passwd) -> None:
    """Let `owner` pass through every folder down to `path`, changing only those that are closed to them."""
    for folder in [*reversed(path.parents), path]:
        if _can_pass(folder, owner):
            continue
        with contextlib.suppress(OSError):
            _let_through(folder, owner.pw_uid)
        if not _can_pass(folder, owner):
            raise WrongEnvironment(
                f"O PostgreSQL roda como «{owner.pw_name}», que não passa pela pasta «{folder}». "
                f"Permita a passagem (chmod o+x '{folder}'), aponte DATA_DIR e a cópia do programa para um lugar "
                "aberto, ou rode o sistema com um usuário comum."
            )


def open_program(folder: Path) -> None:
    """Make a program's own files readable by everybody, where the installing umask closed them."""
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | stat.S_IRGRP
        if mode & stat.S_IXUSR:
            wanted |= stat.S_IXOTH | stat.S_IXGRP
        if wanted != mode and not path.is_symlink():
            path.chmod(wanted)


def _can_pass(folder: Path, owner: pwd.struct_passwd) -> bool:
    done = subprocess.run(  # noqa: S603  a fixed question about a folder of ours
        ["/bin/sh", "-c", '[ -x "$0" ]', str(folder)],
        user=owner.pw_uid,
        group=owner.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return done.returncode == 0


def _let_through(folder: Path, uid: int) -> None:
    acl = _read_acl(folder)
    acl[_USER, uid] = acl.get((_USER, uid), 0) | _SEARCH
    acl[_MASK, _NOBODY] = acl.get((_MASK, _NOBODY), acl[_GROUP, _NOBODY]) | _SEARCH
    entries = b"".join(struct.pack("<HHI", tag, bits, who) for (tag, who), bits in sorted(acl.items()))
    os.setxattr(folder, _ATTRIBUTE, struct.pack("<I", _VERSION) + entries)


def _read_acl(folder: Path) -> Acl:
    try:
        raw = os.getxattr(folder, _ATTRIBUTE)
    except OSError:
        mode = folder.stat().st_mode
        return {(_OWNER, _NOBODY): mode >> 6 & 7, (_GROUP, _NOBODY): mode >> 3 & 7, (_OTHER, _NOBODY): mode & 7}
    return {(tag, who): bits for tag, bits, who in struct.iter_unpack("<HHI", raw[4:])}
