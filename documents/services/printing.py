"""Paper: many frozen letters in one file for the printer, and address labels. Neither is itself a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from io import BytesIO
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO

import pikepdf

from documents import render
from documents.data.parts import Etiqueta
from documents.models import Documento
from documents.services.issuing import freeze, read_pdf
from workflow.errors import ContentRefused

LABELS_PER_SHEET = 14
#: Letters held in memory at a time while they are put together.
_TOGETHER = 100


def print_together(documentos: Iterable[Documento], *, frente_e_verso: bool = False) -> BinaryIO:
    """One PDF of many frozen letters in the given order, as an open temporary file, for the printer.

    Each letter is checked against its hash. With `frente_e_verso` a letter of an odd number of pages is followed by an
    empty one, so that no letter begins on another's back. The file is for paper; what counts are the frozen letters.
    """
    with ExitStack() as stack:
        parts = [stack.enter_context(_part(some, frente_e_verso)) for some in _some(documentos)]
        if not parts:
            raise ContentRefused("Não há carta para imprimir. Escolha ao menos uma.", errors={"cartas": "Escolha uma."})
        return _joined([stack.enter_context(pikepdf.open(part)) for part in parts])


def labels(items: Sequence[Etiqueta], start: int = 1) -> bytes:
    """Sheets of address labels (A4, 2 × 7), the first one at place `start`, so that half-used sheets can be fed."""
    if not 1 <= start <= LABELS_PER_SHEET:
        text = f"A folha tem {LABELS_PER_SHEET} etiquetas. Comece de 1 a {LABELS_PER_SHEET}."
        raise ContentRefused(text, errors={"inicio": text})
    if not items:
        raise ContentRefused(
            "Não há etiqueta para imprimir. Escolha ao menos um destinatário.",
            errors={"etiquetas": "Escolha ao menos um destinatário."},
        )
    return render.sheets_of_labels(freeze(list(items)), start=start)


def _some(documentos: Iterable[Documento]) -> Iterator[tuple[Documento, ...]]:
    rest = iter(documentos)
    while some := tuple(islice(rest, _TOGETHER)):
        yield some


def _part(documentos: Sequence[Documento], frente_e_verso: bool) -> BinaryIO:
    """Some letters in one file: what bounds the memory."""
    with ExitStack() as stack:
        sources = [stack.enter_context(pikepdf.open(BytesIO(read_pdf(documento)))) for documento in documentos]
        return _joined(sources, even=frente_e_verso)


def _joined(sources: Sequence[pikepdf.Pdf], *, even: bool = False) -> BinaryIO:
    """The pages of all, without the tags that belonged to each file's own tree."""
    with pikepdf.new() as whole:
        for source in sources:
            pages = len(source.pages)
            whole.pages.extend(source.pages)
            if even and pages % 2:
                whole.add_blank_page(page_size=_size(source.pages[-1]))
        for page in whole.pages:
            if "/StructParents" in page:
                del page["/StructParents"]
        file = TemporaryFile()  # noqa: SIM115  the caller sends and closes it
        whole.save(file)
    file.seek(0)
    return file


def _size(page: pikepdf.Page) -> tuple[int, int]:
    """Width and height in points."""
    left, low, right, high = (int(edge) for edge in page.mediabox)
    return right - left, high - low
