"""Letters a second, beside the bare compiler on a page of one line in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import typst

from bench.figures import Figure
from documents import render

AT = datetime(2023, 3, 1, 12, 0, tzinfo=UTC)
TRIVIAL = '#set document(title: "x")\n#set text(lang: "pt")\n= Carta\nTexto número '
BATCH = 500
RELATO = "Comprei uma geladeira, que deixou de gelar depois de cinco dias; a loja marcou visita e ninguém veio. " * 8


def measure(size: int, seconds: float = 5.0) -> list[Figure]:
    """Whole CIPs (letterhead, two pages, QR code, PDF/A-2a with PDF/UA-1) a second, every one different.

    The floor is the same compiler with the same standards on a heading and a line.
    """
    compiler = typst.Compiler(root=render.LETTERS, ignore_system_fonts=True)

    def trivial(number: int) -> None:
        source = f"{TRIVIAL}{number}".encode()
        compiler.compile(source, format="pdf", pdf_standards=render.STANDARDS, timestamp=int(AT.timestamp()))

    def letter(number: int) -> None:
        render.typeset("cip", _carta(number), at=AT)

    floor, real = _rate(trivial, seconds), _rate(letter, seconds)
    return [
        Figure("CIPs inteiras em PDF/A-2a e PDF/UA-1", real, "cartas/s", floor, "página de uma linha"),
        *_batch(),
    ]


def _batch() -> list[Figure]:
    """A batch frozen and in the outbox, in one transaction; and the same letters in one file for the printer."""
    from django.db import transaction

    from bench.office import empty
    from documents.services import issue_many, print_together
    from notifications.services import enqueue_many
    from tests.conftest import make_cast

    empty()
    cast = make_cast()

    letters = _letters(cast)
    issue_many(_letters(cast, 1), by=cast.bruno, at=AT)  # a server at work has read its addresses and fonts
    start = time.perf_counter()
    with transaction.atomic():
        made = issue_many(letters, by=cast.bruno, at=AT)
        enqueue_many(_told(documento, cast) for documento in made)
    stored = time.perf_counter() - start
    start = time.perf_counter()
    with print_together(made):
        together = time.perf_counter() - start
    return [
        Figure(
            f"{BATCH} cartas emitidas em lote, guardadas e na caixa de saída", round(stored, 2), "s", goal="até 8 s"
        ),
        *_whole_acts(cast),
        Figure(f"{BATCH} CIPs em um arquivo para a impressora", round(together, 2), "s"),
    ]


def _whole_acts(cast: Any) -> list[Figure]:
    """The acts themselves on as many cases: checks, letters, events and outbox; wall time beside processor time."""
    from cases.models import Assunto, Reclamado
    from cases.services import issue_cips, register, send_cips

    subject = Assunto.objects.order_by("pk").first()
    for _ in range(BATCH):
        register(
            by=cast.bruno,
            at=AT,
            unidade=cast.unidade,
            tipo="atendimento_preliminar",
            canal="pessoal",
            consumidor=cast.ana,
            fornecedores=[cast.loja],
            assunto=subject,
            relato=RELATO,
            pedido="A troca da geladeira.",
        )
    keys = list(Reclamado.objects.order_by("pk").values_list("pk", flat=True))
    start, worked = time.perf_counter(), time.process_time()
    issued = issue_cips(reclamados=keys, by=cast.bruno, at=AT)
    sent = send_cips(rastreios={made.cip.pk: "" for made in issued if made.cip}, meio="email", by=cast.bruno, at=AT)
    took, worked = time.perf_counter() - start, time.process_time() - worked
    if any(made.cip is None for made in sent) or len(sent) != BATCH:
        raise RuntimeError("not every CIP went out")
    return [
        Figure(
            f"{BATCH} CIPs emitidas e enviadas: casos movidos, cartas, caixa de saída",
            round(took, 2),
            "s",
            goal="até 8 s",
        ),
        Figure("idem, tempo de processador deste processo (sem o banco)", round(worked, 2), "s"),
    ]


def _letters(cast: Any, many: int = BATCH) -> list[Any]:
    from documents.services import Letter
    from workflow.services import open_history

    return [
        Letter(
            tipo="cip",
            titulo=f"CIP {number}",
            dados=_carta(number)["dados"],
            historico=open_history(),
            unidade=cast.unidade,
        )
        for number in range(many)
    ]


def _told(documento: Any, cast: Any) -> Any:
    from notifications.services import message

    return message(
        chave=f"bench:{documento.codigo}",
        tipo="cip",
        unidade=cast.unidade,
        destinatario="Loja Modelo Ltda",
        endereco="loja@example.org",
        assunto=documento.titulo,
        corpo="A carta está anexada.",
        devida_em=AT,
        historico=documento.historico,
    )


def _rate(work: Callable[[int], None], seconds: float) -> float:
    work(0)
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        done += 1
        work(done)
    return round(done / (time.perf_counter() - start), 1)


def _carta(number: int) -> dict[str, Any]:
    address = "https://procon.example.org/publico/documentos/"
    return {
        "titulo": "CIP",
        "codigo": f"7K2M-0PQ1-{number:04d}",
        "emitido_em": AT.isoformat(),
        "emitido_por": "Bruno Atendente",
        "endereco_conferencia": address,
        "conferencia": f"{address}?codigo=7K2M-0PQ1-{number:04d}",
        "procon": render.office(),
        "dados": {
            "protocolo": f"35.001.001.23-{number:07d}",
            "fornecedor": {"razao_social": "Loja Modelo Ltda", "cnpj": "12ABC34501DE35"},
            "consumidor": {"nome": f"Ana Souza {number}", "cpf": "11144477735"},
            "assunto": "Eletrodomésticos de linha branca",
            "relato": f"{number}: {RELATO}",
            "pedido": "A troca da geladeira.",
            "prazo": {"texto": "10 dias corridos", "inicio": "da ciência"},
        },
    }
