"""The outside of a copy: two lines that anybody can read, then the content, encrypted with age or not, then its seal.

    PROCON-COPIA 1
    {"cifra": "senha", "chave": "…", "destino": "age1…"}
    (a tar, or a tar in age; the last line of it is the SHA-256 of everything before, these two lines included)

By hand: `tail -n +3 COPIA | age -d -i CHAVE | tar x`.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import IO

import pyrage

from procon.backup.errors import CopyRefused

FORMAT = 1
_MAGIC = b"PROCON-COPIA "
_LONGEST_LINE = 8192
_IDENTITY = "AGE-SECRET-KEY-1"
_RECIPIENT = "age1"
_DAMAGED = (
    "«{name}» está incompleta ou foi alterada: {what}. Nada foi gravado. Use outra cópia; se veio pela rede ou por um "
    "disco externo, copie-a de novo e compare o tamanho e o SHA-256 com os do original."
)


def damaged(name: str, what: str) -> CopyRefused:
    """The refusal of a copy that is not as it was written."""
    return CopyRefused(_DAMAGED.format(name=name, what=what))


@dataclass(frozen=True)
class Head:
    """The two lines: how the content is encrypted, and for which key."""

    cifra: str
    chave: str = ""
    destino: str = ""

    def lines(self) -> bytes:
        """As they stand in the file."""
        known = {name: value for name, value in vars(self).items() if value}
        return _MAGIC + f"{FORMAT}\n".encode() + json.dumps(known).encode() + b"\n"


def read_head(source: IO[bytes], name: str) -> Head:
    """Read the two lines. Refuses another program's file and a format that this version does not know."""
    first = source.readline(len(_MAGIC) + 8)
    if not first.startswith(_MAGIC):
        raise CopyRefused(
            f"«{name}» não é uma cópia feita por este sistema{' (está vazio)' if not first else ''}. Nada foi gravado. "
            "Confira o nome: a cópia é o arquivo que «manage.py backup ARQUIVO» gravou, sem descompactar nem converter."
        )
    number = first.removeprefix(_MAGIC).strip()
    if not (first.endswith(b"\n") and number.isdigit()):
        raise damaged(name, "a primeira linha não se lê")
    if int(number) != FORMAT:
        raise CopyRefused(
            f"«{name}» está no formato {int(number)} de cópia, e esta versão do sistema só lê o {FORMAT}. Nada foi "
            "gravado. Restaure com a versão do sistema que fez a cópia, ou com uma mais nova do que ela."
        )
    try:
        return Head(**json.loads(source.readline(_LONGEST_LINE)))
    except (ValueError, TypeError):
        raise damaged(name, "a segunda linha não se lê") from None


def check_key(key: str) -> str:
    """What kind of key BACKUP_KEY holds: `senha`, `identidade` or `destino`. Refuses a broken one of age."""
    kind, make = "senha", None
    if key.startswith(_IDENTITY):
        kind, make = "identidade", pyrage.x25519.Identity.from_str
    elif key.startswith(_RECIPIENT):
        kind, make = "destino", pyrage.x25519.Recipient.from_str
    if make is not None:
        try:
            make(key)
        except (pyrage.IdentityError, pyrage.RecipientError):
            raise CopyRefused(
                "BACKUP_KEY começa como uma chave do age, mas está incompleta ou com letras trocadas. Copie-a de novo "
                "por inteiro, ou use uma senha qualquer."
            ) from None
    return kind


@dataclass(frozen=True)
class Sealing:
    """How one copy is written, and how it is read back at once."""

    head: Head
    recipients: list[pyrage.x25519.Recipient]
    identity: pyrage.x25519.Identity | None


def sealing_with(key: str) -> Sealing:
    """Choose the keys of one copy.

    A key of its own is made for each. A password locks that one up in the file's second line, so that the content can
    be streamed; where only a public key is known, that one reads the copy back after writing and is then forgotten.
    """
    if not key:
        return Sealing(Head("nenhuma"), [], None)
    kind = check_key(key)
    if kind == "identidade":
        identity = pyrage.x25519.Identity.from_str(key)
        public = identity.to_public()
        return Sealing(Head("chave", destino=str(public)), [public], identity)
    own = pyrage.x25519.Identity.generate()
    if kind == "destino":
        head = Head("chave", destino=key)
        return Sealing(head, [pyrage.x25519.Recipient.from_str(key), own.to_public()], own)
    locked = base64.b64encode(pyrage.passphrase.encrypt(str(own).encode(), key)).decode()
    return Sealing(Head("senha", chave=locked), [own.to_public()], own)


def identity_for(head: Head, key: str, name: str) -> pyrage.x25519.Identity | None:
    """The key that opens the content. Refuses a missing, a wrong or a superfluous one."""
    kind = check_key(key) if key else ""
    if head.cifra == "nenhuma":
        if key:
            raise CopyRefused(
                f"BACKUP_KEY está definida, mas «{name}» não está cifrada: pode não ser a cópia que se espera. Nada "
                "foi "
                "gravado. Se é esta mesma, retire BACKUP_KEY e restaure de novo."
            )
        return None
    if not key:
        raise CopyRefused(
            f"«{name}» está cifrada, e BACKUP_KEY não está definida. Nada foi gravado. Defina em BACKUP_KEY a "
            "senha ou a chave com que a cópia foi feita."
        )
    if kind == "destino":
        raise CopyRefused(
            "BACKUP_KEY é uma chave pública (age1…), que só cifra. Nada foi gravado. Para restaurar, defina nela a "
            "chave "
            "secreta correspondente, que começa por AGE-SECRET-KEY-1."
        )
    try:
        return _opened(head, kind, key, name)
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError, OSError):
        raise CopyRefused(
            f"BACKUP_KEY não abre «{name}»: a cópia foi feita com outra senha ou chave, ou o começo dela foi alterado. "
            "Nada foi gravado. Defina a senha ou chave daquele dia; se tem certeza dela, use outra cópia."
        ) from None


def _opened(head: Head, kind: str, key: str, name: str) -> pyrage.x25519.Identity:
    if head.cifra == "senha" and kind == "senha":
        opened = pyrage.passphrase.decrypt(base64.b64decode(head.chave, validate=True), key)
        return pyrage.x25519.Identity.from_str(opened.decode())
    if head.cifra == "chave" and kind == "identidade":
        identity = pyrage.x25519.Identity.from_str(key)
        if str(identity.to_public()) == head.destino:
            return identity
    if head.cifra not in {"senha", "chave"}:
        raise damaged(name, "a segunda linha não diz como a cópia foi cifrada")
    raise ValueError("another kind of key")
