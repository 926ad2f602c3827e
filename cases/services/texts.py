"""Ready texts: written by a coordenador or an administrador, filled with what is known of the case."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from accounts.models import Papel, User
from cases.models import TextoPadrao
from cases.rules.texts import AFTER_REGISTRATION, PLACEHOLDERS, fill, unknown, used
from parties.identifiers import normalise_name
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole

DATA = Path(__file__).parent.parent / "data" / "textos.toml"
KEEPERS = frozenset({Papel.COORDENADOR, Papel.ADMINISTRADOR})
#: Inserted before there is a protocol.
_BEFORE = frozenset({TextoPadrao.Uso.RELATO, TextoPadrao.Uso.PEDIDO, TextoPadrao.Uso.ORIENTACAO})


@whole
def write_text(
    *, uso: str, titulo: str, texto: str, by: User, at: datetime, of: TextoPadrao | None = None
) -> TextoPadrao:
    """Write a ready text, or rewrite one (`of`).

    Raises ActNotAllowed (papel, or a title that is taken) and ContentRefused with one sentence per field.
    """
    require_keeper(by)
    title, body = " ".join(titulo.split()), texto.strip()
    errors = _errors(uso, title, body)
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    written = of or TextoPadrao()
    written.uso, written.titulo, written.texto = uso, title, body
    written.alterado_em, written.alterado_por = at, by
    with refusals_from(TextoPadrao):
        written.save()
    return written


@whole
def retire_text(*, texto: TextoPadrao, by: User, at: datetime) -> TextoPadrao:
    """Take a text out of use, or back into it where it was out."""
    require_keeper(by)
    texto.aposentado_em = None if texto.aposentado_em else at
    texto.alterado_em, texto.alterado_por = at, by
    texto.save(update_fields=["aposentado_em", "alterado_em", "alterado_por"])
    return texto


def require_keeper(by: User) -> None:
    """Refuse unless `by` keeps the office's texts."""
    if not by.has_papel(*KEEPERS):
        raise ActNotAllowed("Os textos-padrão cabem a Coordenador ou Administrador. Peça a quem tenha esse papel.")


def text_called(title: str, *, use: str) -> TextoPadrao | None:
    """The one text in use that this title, or the beginning of one, or some of its words name."""
    wanted = normalise_name(title)
    if not wanted:
        return None
    offered = [(normalise_name(item.titulo), item) for item in TextoPadrao.objects.in_use(use)]
    for fits in (
        [item for name, item in offered if name == wanted],
        [item for name, item in offered if name.startswith(wanted)],
        [item for name, item in offered if all(f" {word}" in f" {name}" for word in wanted.split())],
    ):
        if len(fits) == 1:
            return fits[0]
    return None


def filled(texto: TextoPadrao, values: Mapping[str, str]) -> str:
    """The text with what is known; a line to write on where something is not."""
    return fill(texto.texto, values)


@whole
def load_texts(path: Path = DATA) -> int:
    """Bring the starter texts in; one that is there already, changed or retired by the office, stays as it is."""
    with path.open("rb") as source:
        rows = tomllib.load(source)["texto"]
    known = set(TextoPadrao.objects.filter(chave__isnull=False).values_list("chave", flat=True))
    fresh = [TextoPadrao(**{**row, "texto": row["texto"].strip()}) for row in rows if row["chave"] not in known]
    return len(TextoPadrao.objects.bulk_create(fresh, ignore_conflicts=True))


def _errors(uso: str, titulo: str, texto: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if uso not in TextoPadrao.Uso.values:
        errors["uso"] = "Escolha da lista onde o texto é usado."
    if not titulo:
        errors["titulo"] = "Escreva o título pelo qual o texto é chamado."
    if not texto:
        errors["texto"] = "Escreva o texto."
    strange, early = unknown(texto), used(texto) & AFTER_REGISTRATION
    if strange:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        errors["texto"] = f"Não se sabe o que é {{{strange[0]}}}. Os campos que o sistema preenche são: {known}."
    elif early and uso in _BEFORE:
        errors["texto"] = "{protocolo} ainda não existe quando este texto é inserido. Retire-o, ou mude o uso."
    return errors
