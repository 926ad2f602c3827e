"""Issuing a letter, which freezes it, and reading it back only if it is still what was issued."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import SYSTEM_LOGIN, Unidade, User
from documents import codes, render, storage
from documents.models import Documento
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Historico


@transaction.atomic
def issue(
    tipo: str,
    *,
    titulo: str,
    dados: dict[str, Any],
    historico: Historico | None,
    unidade: Unidade | None,
    by: User,
    at: datetime,
    supersedes: Documento | None = None,
    printed_only: dict[str, Any] | None = None,
    seal: Callable[[bytes], bytes] | None = None,
) -> Documento:
    """Print a letter and freeze it: data, template and its hash, PDF, the PDF's hash, and a check code.

    `titulo` is shown to anybody who has the code, so it names no person. `dados` are those of documents/data.py;
    dates, moments and amounts may come as Python's own. A letter without `unidade` is the whole office's.
    `supersedes` names the letter that this one replaces: of the same case and kind, and not replaced before.
    `printed_only` are data that stand in the PDF and nowhere else, as a code that only its reader may know.
    `seal` signs the printed PDF (documents/sealing.py) before it is frozen.
    """
    check(tipo, historico, unidade, supersedes)
    carta = letter_data(titulo, _free_code(), freeze(dados), by=by, at=at)
    pdf = render.typeset(tipo, shown(carta, printed_only or {}), at=at)
    if seal is not None:
        pdf = seal(pdf)
    documento = frozen(tipo, carta, pdf, historico=historico, unidade=unidade, by=by, at=at)
    documento.save(force_insert=True)
    if supersedes is not None:
        supersede(supersedes, documento)
    return documento


def shown(carta: dict[str, Any], printed_only: dict[str, Any]) -> dict[str, Any]:
    """What the template sees: the data that are kept, and those that stand in the PDF alone."""
    return carta | {"dados": carta["dados"] | freeze(printed_only)} if printed_only else carta


def frozen(
    tipo: str,
    carta: dict[str, Any],
    pdf: bytes,
    *,
    historico: Historico | None,
    unidade: Unidade | None,
    by: User,
    at: datetime,
) -> Documento:
    """The row of a printed letter, its file written, not yet inserted."""
    return Documento(
        codigo=carta["codigo"],
        tipo=tipo,
        titulo=carta["titulo"],
        historico=historico,
        unidade=unidade,
        dados=carta,
        modelo=render.template_name(tipo),
        modelo_hash=render.template_hash(tipo),
        arquivo=storage.write(pdf),
        tamanho=len(pdf),
        sha256=storage.sha256(pdf),
        emitido_em=at,
        emitido_por=by,
    )


def read_pdf(documento: Documento) -> bytes:
    """The PDF as issued; refuses a file that is missing or was altered."""
    if not documento.arquivo:
        raise ActNotAllowed(
            f"O documento {documento.codigo} foi eliminado ao fim do prazo de guarda. "
            "Dele restam o tipo, a data e o hash."
        )
    try:
        content = storage.read(documento.arquivo)
    except FileNotFoundError as missing:
        raise ActNotAllowed(_unreadable(documento, "não está no armazenamento")) from missing
    if storage.sha256(content) != documento.sha256:
        raise ActNotAllowed(_unreadable(documento, "foi alterado depois da emissão"))
    return content


@transaction.atomic
def erase(numbers: Collection[int], *, by: User) -> None:
    """Take data and file out of these letters at the end of retention; kind, date, code and hash stay, so that a paper
    can still be checked. The files go when the transaction stands.
    """
    letters = Documento.objects.filter(pk__in=list(numbers)).exclude(arquivo="")
    names = set(letters.values_list("arquivo", flat=True))
    with connection.cursor() as cursor:  # nobody who works here may alter a letter otherwise; it is written down
        cursor.execute("SELECT documents_esquecer(%s, %s)", [list(numbers), by.pk])
    for name in names - set(Documento.objects.filter(arquivo__in=names).values_list("arquivo", flat=True)):
        transaction.on_commit(partial(storage.remove, name))


def find_by_code(typed: str) -> Documento | None:
    """The letter with this check code, however it was typed; for the public check."""
    code = codes.normalize(typed)
    return Documento.objects.select_related("substituido_por").filter(codigo=code).first() if code else None


def unreadable() -> Iterator[tuple[Documento, str]]:
    """Every letter whose file is missing or altered, with the sentence that says so; for the self-check."""
    for documento in Documento.objects.exclude(arquivo="").defer("dados").order_by("pk").iterator(chunk_size=500):
        try:
            read_pdf(documento)
        except ActNotAllowed as refusal:
            yield documento, refusal.message


def freeze(value: Any) -> Any:
    """The value as JSON keeps it: dates and moments (in the office's time) as ISO text, amounts as text."""
    if isinstance(value, dict):
        return {str(key): freeze(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [freeze(inner) for inner in value]
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return str(value).replace("\0", "") if isinstance(value, str) else value


def letter_data(titulo: str, codigo: str, dados: dict[str, Any], *, by: User, at: datetime) -> dict[str, Any]:
    """All that the template sees, the office's own data included: they are as frozen as the rest."""
    site = settings.PROCON["SITE"].rstrip("/")
    return {
        "titulo": titulo,
        "codigo": codigo,
        "emitido_em": timezone.localtime(at).isoformat(),
        "emitido_por": "" if by.usuario == SYSTEM_LOGIN else by.nome,
        "endereco_conferencia": site + reverse("conferencia"),
        "conferencia": f"{site}{reverse('conferencia')}?codigo={codigo}",
        "procon": render.office(),
        "dados": dados,
    }


def _free_code() -> str:
    while True:
        code = codes.new_code()
        if not Documento.objects.filter(codigo=code).exists():
            return code


def check(tipo: str, historico: Historico | None, unidade: Unidade | None, supersedes: Documento | None) -> None:
    """Refuse a letter of no known kind, of a case without unidade, or that replaces a letter of another case."""
    if tipo not in Documento.Tipo.values:
        raise ContentRefused(
            f"«{tipo}» não é um tipo de documento. Escolha um da lista.", errors={"tipo": "Escolha um da lista."}
        )
    if historico is not None and unidade is None:
        raise ContentRefused(
            "Um documento de um caso pertence à unidade do caso. Diga qual é.", errors={"unidade": "Diga a unidade."}
        )
    if supersedes is not None and (supersedes.tipo != tipo or supersedes.historico_id != (historico and historico.pk)):
        raise ContentRefused(
            f"O documento {supersedes.codigo} é de outro caso ou de outro tipo, e não pode ser substituído por este. "
            "Confira qual documento quer substituir.",
            errors={"supersedes": "Escolha um documento do mesmo caso e tipo."},
        )


def supersede(old: Documento, new: Documento) -> None:
    """Mark the old letter as replaced by the new one; refused where another has replaced it before."""
    if not Documento.objects.filter(pk=old.pk, substituido_por__isnull=True).update(substituido_por=new):
        raise ActNotAllowed(
            f"O documento {old.codigo} já foi substituído por outro. Abra o mais recente e substitua aquele."
        )
    old.substituido_por = new


def _unreadable(documento: Documento, what: str) -> str:
    return (
        f"O arquivo do documento {documento.codigo} {what}, e por isso não é mostrado. "
        "Avise o administrador: o arquivo certo está na cópia de segurança."
    )
