"""Closing a termo: the hearing is held, agreements are made, the letter is frozen and signed, copies go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Unidade, User
from cases.models import Acordo
from cases.services import make_agreement
from documents import render
from documents.models import Documento
from documents.sealing import Certificate, CertificateRefusedError, open_certificate, seal
from documents.services import freeze, issue
from hearings import acts
from hearings.models import Audiencia, Presenca, ResultadoDoReclamado, Termo
from hearings.rules import AWAY, overall
from hearings.services.absence import lock_row
from hearings.services.booking import PRINTED, locked_case, tell_deadlock
from hearings.services.notices import parties_of, when
from hearings.services.sessions import live_hearing, take_place
from hearings.services.termo import (
    SIGNERS,
    Conteudo,
    check_content,
    fingerprint,
    present,
    termo_data,
    termo_of,
    with_absences,
)
from notifications.services import enqueue
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import advance, check_allowed

COPY = "copia_do_termo"
WITNESSES = 2

_NEXT = """
    INSERT INTO hearings_sequenciadehomologacao AS s (unidade_id, ano, ultimo) VALUES (%s, %s, 1)
    ON CONFLICT (unidade_id, ano) DO UPDATE SET ultimo = s.ultimo + 1
    RETURNING ultimo
"""


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A certificate file with its password, for this signature only; without `presenca` it is the closer's."""

    conteudo: bytes
    senha: str
    presenca: Presenca | None = None


@tell_deadlock
@transaction.atomic
def close_termo(
    *,
    audiencia: Audiencia,
    conteudo: Conteudo,
    testemunhas: Sequence[str] = (),
    certificados: Sequence[CertificateFile] = (),
    by: User,
    at: datetime,
) -> Termo:
    """Close the termo: hold the hearing, make the agreements, freeze the letter with its signatures, send copies.

    Everybody at the table signed on the screen or with a certificate, or two witnesses are named; then they and whoever
    has not signed do so on paper. A new version replaces the letter and leaves results and agreements as they are.
    """
    lock_row(audiencia)
    case = locked_case(audiencia.atendimento_id, PRINTED)
    audiencia = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    audiencia.atendimento = case
    termo = termo_of(audiencia, for_update=True)
    if termo is None:
        raise ActNotAllowed("Não há termo em redação. Talvez alguém já o tenha fechado: atualize a página.")
    check_allowed(termo, acts.FECHAR_TERMO, by=by)
    check_content(audiencia, termo, conteudo, today=timezone.localdate(at))
    if not termo.conteudo_sha256 or fingerprint(audiencia, conteudo) != termo.conteudo_sha256:
        raise ActNotAllowed("O termo mudou depois de lido: texto ou presenças. Confira de novo e colha as assinaturas.")
    opened = [_open(item, at=at) for item in certificados]
    names = _witnesses(testemunhas)
    _check_signed(termo, present(audiencia), certificados, names)
    sealing = partial(seal, certificates=opened, reason="Termo de audiência", location=settings.PROCON["CIDADE"])
    extra = _closing_data(names, opened, by=by, at=at)
    if termo.versao == 1:
        _hold(termo, conteudo, extra, sealing if opened else None, by=by, at=at)
    live, rows = termo.audiencia, present(audiencia)
    whole = with_absences(live, conteudo, rows)
    data = termo_data(live, termo, whole, rows, resultado=live.resultado) | extra
    documento = issue(
        Documento.Tipo.TERMO_DE_AUDIENCIA,
        titulo=f"Termo de audiência – {case.protocolo}",
        dados=data if termo.versao == 1 else data | {"reclamados": _before(termo)},
        unidade=case.unidade,
        historico=case.historico,
        by=by,
        at=at,
        supersedes=termo.anterior.documento if termo.anterior else None,
        seal=sealing if opened else None,
    )
    _finish(termo, documento, by=by, at=at)
    _send_copies(termo, documento, at=at)
    return termo


def preview_termo(*, audiencia: Audiencia, termo: Termo, conteudo: Conteudo, at: datetime) -> bytes:
    """The termo as it would be printed now, without check code; it says at its foot that it is no document."""
    rows = present(audiencia)
    whole = with_absences(audiencia, conteudo, rows)
    result = audiencia.resultado or overall(item.resultado for item in whole.clausulas)
    data = termo_data(audiencia, termo, whole, rows, resultado=result)
    if termo.versao > 1:
        data["reclamados"] = _before(termo)
    return render.render(Documento.Tipo.TERMO_DE_AUDIENCIA, freeze(data), at=timezone.localtime(at))


def _hold(
    termo: Termo,
    conteudo: Conteudo,
    extra: dict[str, Any],
    sealing: Callable[[bytes], bytes] | None,
    *,
    by: User,
    at: datetime,
) -> None:
    """The hearing takes place, and each agreement is made with what stands under it."""
    live = live_hearing(termo.audiencia, acts.REALIZAR, by=by)
    told = {item.reclamado: item.resultado for item in conteudo.clausulas}
    held = take_place(live, resultados=told, presencas=(), by=by, at=at, observacao=conteudo.observacao)
    termo.audiencia = live
    agreed = [item for item in conteudo.clausulas if item.is_agreement]
    if agreed:
        termo.homologacao = _next_number(live.atendimento.unidade, timezone.localdate(at).year)
    data = termo_data(live, termo, conteudo, held.presencas, resultado=live.resultado)
    for item in agreed:
        theirs = [
            row
            for row, person in zip(data["presencas"], held.presencas, strict=True)
            if person.reclamado_id in (None, item.reclamado.pk)
        ]
        made = make_agreement(
            reclamado=item.reclamado,
            origem=Acordo.Origem.AUDIENCIA,
            texto=item.texto,
            firmado_em=timezone.localdate(at),
            conferir_em=item.conferir_em,
            total=item.total,
            parcelas=item.instalments(),
            by=by,
            at=at,
            no_termo={"presencas": theirs, "audiencia": data["audiencia"], "homologacao": termo.homologacao, **extra},
            seal=sealing,
        )
        ResultadoDoReclamado.objects.filter(audiencia=live, reclamado=item.reclamado).update(acordo=made)


def _before(termo: Termo) -> list[dict[str, Any]]:
    """What a new version prints of results and agreements: what the closed one said."""
    old = termo.anterior.documento if termo.anterior else None
    found: list[dict[str, Any]] = old.dados.get("dados", {}).get("reclamados", []) if old else []
    return found


def _open(file: CertificateFile, *, at: datetime) -> Certificate:
    try:
        return open_certificate(file.conteudo, file.senha, at=at)
    except CertificateRefusedError as refused:
        raise ContentRefused(str(refused), errors={"certificado": str(refused)}) from refused


def _witnesses(names: Sequence[str]) -> list[str]:
    told = [" ".join(name.split()) for name in names if name.strip()]
    if len(told) not in (0, WITNESSES) or len({name.casefold() for name in told}) != len(told):
        text = "As testemunhas são duas pessoas diferentes. Escreva os dois nomes, ou nenhum."
        raise ContentRefused(text, errors={"testemunha_2": text})
    return told


def _check_signed(
    termo: Termo, rows: Sequence[Presenca], certificados: Sequence[CertificateFile], names: Sequence[str]
) -> None:
    signed = set(termo.assinaturas.filter(conteudo_sha256=termo.conteudo_sha256).values_list("presenca", flat=True))
    signed |= {file.presenca.pk for file in certificados if file.presenca}
    missing = [row.nome for row in rows if row.qualidade in SIGNERS and row.pk not in signed]
    if missing and not names:
        text = (
            f"Falta a assinatura de {', '.join(missing)}. Colha-a na tela ou com certificado; ou escreva o nome de "
            "duas testemunhas, que assinam no papel com quem falta."
        )
        raise ContentRefused(text, errors={"testemunha_1": text})
    taken = {row.nome.casefold() for row in rows if row.qualidade in SIGNERS} & {name.casefold() for name in names}
    if taken:
        text = "Quem é parte não é testemunha. Escreva o nome de outra pessoa."
        raise ContentRefused(text, errors={"testemunha_1": text})


def _closing_data(names: list[str], opened: Sequence[Certificate], *, by: User, at: datetime) -> dict[str, Any]:
    shown = [
        {"nome": item.nome, "emissor": item.emissor, "serie": item.serie, "valido_ate": item.valido_ate.date()}
        for item in opened
    ]
    return {
        "testemunhas": names,
        "certificados": shown,
        "fechamento": {"nome": by.nome, "em": timezone.localtime(at)},
    }


def _next_number(unidade: Unidade, ano: int) -> str:
    """The next homologation number of this unidade and local year, as 0012/2026: gapless, given back by a roll-back."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [unidade.pk, ano])
        (number,) = cursor.fetchone()
    return f"{number:04d}/{ano}"


def _finish(termo: Termo, documento: Documento, *, by: User, at: datetime) -> None:
    """What was written and signed stands in the letter alone from now on."""
    changes = {
        "documento": documento,
        "homologacao": termo.homologacao,
        "fechado_em": at,
        "fechado_por": by,
        "dados": {},
        "pagina": None,
    }
    told = {"versao": termo.versao, "documento": documento.codigo, "sha256": termo.conteudo_sha256}
    advance(termo, acts.FECHAR_TERMO, by=by, at=at, motivo=termo.motivo, changes=changes, **told)
    termo.assinaturas.update(tracos=[])
    if termo.anterior:
        termo.anterior.audiencia = termo.audiencia
        advance(termo.anterior, acts.SUBSTITUIR_TERMO, by=by, at=at, motivo=termo.motivo, por=documento.codigo)


def _send_copies(termo: Termo, documento: Documento, *, at: datetime) -> None:
    """A copy to each party; who has no address is shown among the messages as not told."""
    audiencia, office = termo.audiencia, settings.PROCON
    case = audiencia.atendimento
    for party in parties_of(audiencia):
        if party.reclamado and _was_away(audiencia, party.reclamado.pk):
            continue
        for ending, address in (party.emails or {"": ""}).items():
            enqueue(
                chave=f"{audiencia.referencia}:termo:{termo.versao}:{party.key}:email{ending}",
                tipo=COPY,
                unidade=case.unidade,
                historico=case.historico,
                referencia=audiencia.referencia,
                destinatario=party.nome,
                endereco=address,
                assunto=f"Termo da audiência de {when(audiencia)} – {office['NOME']}",
                corpo=(
                    f"{party.nome},\n\nVai anexo o termo da audiência de {when(audiencia)}, "
                    f"do atendimento {case.protocolo}"
                    f"{f', em nova versão: {termo.motivo}' if termo.versao > 1 else ''}.\n"
                    f"Código de conferência: {documento.codigo}\n"
                    f"Confira em {office['SITE']}/publico/documentos/\n\n"
                    f"{office['NOME']}\n{office['ENDERECO']}\n"
                ),
                devida_em=at,
                documento=documento.arquivo,
            )


def _was_away(audiencia: Audiencia, reclamado: int) -> bool:
    return audiencia.resultados.filter(reclamado=reclamado, resultado=AWAY).exists()
