"""The one module that knows Typst: turns a letter's data into a PDF that is PDF/A-2a and PDF/UA-1 at once.

Data reaches the template as JSON through `sys.inputs`, never as Typst source, so that what people wrote comes out
literally. Only the fonts inside the wheel are used: the same data and template give the same bytes on any machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

LETTERS = Path(__file__).parent / "letters"
LABELS = LETTERS / "folhas" / "etiquetas.typ"
DAY_LIST = LETTERS / "folhas" / "pauta.typ"
FORMS = LETTERS / "folhas" / "formularios.typ"
REGISTER = LETTERS / "folhas" / "cadastro.typ"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
#: Printed for a character that the letters' font cannot show; the frozen data keep the character itself.
UNPRINTABLE = "□"
#: The blocks that the letters' font covers, as first and last code points.
_COVERED = ((0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3C9), (0x410, 0x44F))
_COVERED_SINGLY = frozenset("\n–—‘’‚“”„†‡•…‰‹›€™−□º№ȘșȚț⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉≤≥≠≈√∑")
#: Finds what is outside both, so that most texts need no look at each character.
_UNCOVERED = re.compile(
    f"[^{''.join(f'{chr(first)}-{chr(last)}' for first, last in _COVERED)}{''.join(sorted(_COVERED_SINGLY))}]"
)
_LONG_WORD = 60
#: Threads that print a batch, and how many finished letters may wait in memory to be stored.
_THREADS = min(4, os.cpu_count() or 1)
_AHEAD = 100
#: So few are printed where they are asked for: a new thread would read fonts and templates first.
_FEW = 4

_local = threading.local()
_printing: dict[str, int] = {}


def template_name(tipo: str) -> str:
    """The file of a letter's template, or KeyError when there is none."""
    name = f"{tipo}.typ"
    if name.startswith("_") or name not in {path.name for path in LETTERS.glob("*.typ")}:
        raise KeyError(tipo)
    return name


@cache
def template_hash(tipo: str) -> str:
    """SHA-256 over the template and the parts that letters share, in hexadecimal: the template's version."""
    digest = hashlib.sha256()
    for path in [*sorted(LETTERS.glob("_*.typ")), LETTERS / template_name(tipo)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def office() -> dict[str, str]:
    """The office's own data, as the letterhead prints them."""
    return {key: str(value) for key, value in settings.PROCON.items()}


def typeset(tipo: str, carta: dict[str, Any], *, at: datetime | None) -> bytes:
    """The PDF of a letter. `carta` is all that the template sees (see documents/data.py); `at` dates the file.

    The same arguments give the same bytes. Without `at` the file is dated by the compiler: only for drafts.
    """
    dated: dict[str, Any] = {} if at is None else {"timestamp": int(at.timestamp())}
    pdf = _compiler().compile(
        LETTERS / template_name(tipo), format="pdf", pdf_standards=STANDARDS, sys_inputs=_inputs(carta), **dated
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave no PDF")
    return pdf


def pictures(tipo: str, carta: dict[str, Any], *, at: datetime, ppi: float) -> list[bytes]:
    """The pages of a letter as PNG, for the manual; nothing that is looked at here is issued."""
    pages = _compiler().compile(
        LETTERS / template_name(tipo),
        format="png",
        ppi=ppi,
        sys_inputs=_inputs(carta),
        timestamp=int(at.timestamp()),
    )
    return [page for page in (pages if isinstance(pages, list) else [pages]) if page is not None]


def typeset_many(letters: Sequence[tuple[str, dict[str, Any]]], *, at: datetime) -> Iterator[bytes]:
    """The PDFs of many letters (kind and carta), in order: the compiler lets several threads work at the same time."""
    threads = min(_THREADS, len(letters))
    if threads < 2 or len(letters) <= _FEW:
        yield from (typeset(tipo, carta, at=at) for tipo, carta in letters)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="letters") as pool:
        for first in range(0, len(letters), _AHEAD):
            yield from pool.map(lambda letter: typeset(*letter, at=at), letters[first : first + _AHEAD])


def render(tipo: str, dados: dict[str, Any], *, at: datetime | None = None) -> bytes:
    """A draft: printed for reading, not issued, so without check code; it says so at its foot.

    `dados` as the template takes them, JSON-ready; `at` puts the day under the text.
    """
    carta = {
        "titulo": tipo,
        "codigo": "",
        "emitido_em": at.isoformat() if at else "",
        "emitido_por": "",
        "conferencia": "",
        "endereco_conferencia": "",
        "procon": office(),
        "dados": dados,
    }
    return typeset(tipo, carta, at=at)


def day_list(dados: dict[str, Any], *, at: datetime) -> bytes:
    """The list of a day's hearings, to be printed and used; nothing that is issued."""
    return _sheet(DAY_LIST, "Pauta de audiências", dados, at=at)


def register(dados: dict[str, Any], *, at: datetime) -> bytes:
    """The year's register of founded complaints, published or in draft; what makes it true is the gazette."""
    return _sheet(REGISTER, "Cadastro de Reclamações Fundamentadas", dados, at=at)


def blank_forms(dados: dict[str, Any], *, at: datetime) -> bytes:
    """Numbered blank forms for the counter, to be filled in by hand while the system is away."""
    return _sheet(FORMS, "Formulários de contingência", dados, at=at)


def _sheet(template: Path, titulo: str, dados: dict[str, Any], *, at: datetime) -> bytes:
    carta = {
        "titulo": titulo,
        "codigo": "",
        "emitido_em": at.isoformat(),
        "emitido_por": "",
        "conferencia": "",
        "endereco_conferencia": "",
        "procon": office(),
        "dados": dados,
    }
    pdf = _compiler().compile(
        template, format="pdf", pdf_standards=STANDARDS, sys_inputs=_inputs(carta), timestamp=int(at.timestamp())
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave no PDF")
    return pdf


def sheets_of_labels(etiquetas: list[dict[str, Any]], *, start: int) -> bytes:
    """A4 sheets of 2 × 7 labels; the first `start` − 1 places of the first sheet are left empty."""
    pdf = _compiler().compile(LABELS, format="pdf", pdf_standards=STANDARDS, sys_inputs=_label_inputs(etiquetas, start))
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave no PDF")
    return pdf


def picture_of_labels(etiquetas: list[dict[str, Any]], *, start: int, ppi: float) -> bytes:
    """The first sheet of labels as PNG, for the manual."""
    pages = _compiler().compile(LABELS, format="png", ppi=ppi, sys_inputs=_label_inputs(etiquetas, start))
    first = pages[0] if isinstance(pages, list) else pages
    if not isinstance(first, bytes):
        raise TypeError("the compiler gave no picture")
    return first


def _inputs(carta: dict[str, Any]) -> dict[str, str]:
    shown = printable(carta) | {"qr": _qr(carta["conferencia"]) if carta["conferencia"] else ""}
    return {"carta": json.dumps(shown, ensure_ascii=False)}


def _label_inputs(etiquetas: list[dict[str, Any]], start: int) -> dict[str, str]:
    shown = printable({"etiquetas": etiquetas, "inicio": start, "procon": office()})
    return {"folha": json.dumps(shown, ensure_ascii=False)}


def printable(value: Any) -> Any:
    """The value with only what the font can show, and very long words made breakable."""
    if isinstance(value, dict):
        return {key: printable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [printable(inner) for inner in value]
    return _printable_text(value) if isinstance(value, str) else value


def _printable_text(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    shown = composed
    if _UNCOVERED.search(composed):
        shown = "".join(_shown(character) for character in composed)
    if len(shown) <= _LONG_WORD:
        return shown
    return "\n".join(" ".join(_breakable(word) for word in line.split(" ")) for line in shown.split("\n"))


def _shown(character: str) -> str:
    point = ord(character)
    if any(first <= point <= last for first, last in _COVERED) or character in _COVERED_SINGLY:
        return character
    return "" if unicodedata.category(character) in {"Cc", "Cf"} else UNPRINTABLE


def _breakable(word: str) -> str:
    if len(word) <= _LONG_WORD:
        return word
    return "\u200b".join(word[start : start + 20] for start in range(0, len(word), 20))


def _qr(address: str) -> str:
    """The address as an SVG picture."""
    picture = BytesIO()
    # A fixed mask: choosing the prettiest of eight costs more than the rest of the letter's data, and all can be read.
    segno.make_qr(address, error="m", mask=3, boost_error=False).save(picture, kind="svg", border=0, xmldecl=False)
    return picture.getvalue().decode()


def _compiler() -> typst.Compiler:
    """This thread's compiler: it keeps parsed templates and fonts between letters.

    Typst works with threads that a forked child does not have, and would wait for them for ever; so a process whose
    parent printed before the fork is refused. Print in the workers, never in the process that forks them.
    """
    if _printing.setdefault("pid", os.getpid()) != os.getpid():
        raise RuntimeError("letters were printed before this process was forked; print only after the fork")
    if not hasattr(_local, "compiler"):
        _local.compiler = typst.Compiler(root=LETTERS, ignore_system_fonts=True)
    compiler: typst.Compiler = _local.compiler
    return compiler
