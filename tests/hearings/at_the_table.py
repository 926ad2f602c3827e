"""What happens to a termo at the table: written, read out, signed, closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from pypdf import PdfReader

from documents.models import Documento
from documents.services import read_pdf
from hearings.models import AssinaturaDoTermo, Audiencia, Presenca, Termo
from hearings.services import (
    Clausula,
    Conteudo,
    close_termo,
    settle_termo,
    sign_on_screen,
    write_termo,
)
from tests.hearings.conftest import Stage, moment

PAGE, OTHER_PAGE = UUID(int=1), UUID(int=2)
DRAWN = [[[10, 100], [200, 40], [400, 160]], [[420, 100], [560, 100]]]
SAID = "A loja propôs devolver em duas vezes; o banco nada propôs."


def content(stage: Stage, **changes: Any) -> Conteudo:
    """The shop pays in two instalments, the bank does not agree."""
    plan = ((date(2026, 4, 15), Decimal("100.00")), (date(2026, 5, 15), Decimal("100.00")))
    shop = Clausula(stage.loja, "acordo", "Devolve R$ 200,00 por Pix.", Decimal(200), None, plan)
    return replace(Conteudo(SAID, "", (shop, Clausula(stage.banco, "sem_acordo"))), **changes)


def write(stage: Stage, audiencia: Audiencia, text: str = SAID, **changes: Any) -> Termo:
    values: dict[str, Any] = {"edicao": 0, "pagina": PAGE, "by": stage.cast.carla, "at": moment("10:10"), **changes}
    return write_termo(audiencia=audiencia, dados={"relato": [text]}, **values)


def settled(stage: Stage, audiencia: Audiencia, conteudo: Conteudo | None = None) -> Termo:
    write(stage, audiencia)
    return settle_termo(
        audiencia=audiencia, conteudo=conteudo or content(stage), by=stage.cast.carla, at=moment("10:20")
    )


def sign(stage: Stage, termo: Termo, person: Presenca, **how: Any) -> AssinaturaDoTermo:
    values: dict[str, Any] = how or {"tracos": DRAWN}
    values = {"conteudo_sha256": termo.conteudo_sha256, "by": stage.cast.carla, "at": moment("10:25"), **values}
    return sign_on_screen(presenca=person, **values)


def close(stage: Stage, audiencia: Audiencia, conteudo: Conteudo | None = None, **changes: Any) -> Termo:
    values: dict[str, Any] = {"by": stage.cast.carla, "at": moment("10:30"), **changes}
    return close_termo(audiencia=audiencia, conteudo=conteudo or content(stage), **values)


def all_sign(stage: Stage, audiencia: Audiencia, termo: Termo) -> None:
    one, two, three = audiencia.presencas.all()
    sign(stage, termo, one)
    sign(stage, termo, two)
    sign(stage, termo, three, nome="bia  banco", consente=True)


def words(documento: Documento) -> str:
    pages = PdfReader(BytesIO(read_pdf(documento))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
