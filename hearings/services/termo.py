"""The termo: written and kept every few seconds, settled for signing, signed on the screen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.models import Acordo, Parcela, Reclamado
from cases.services.agreements import check_agreement
from documents.services import freeze
from hearings import acts
from hearings.models import AssinaturaDoTermo, Audiencia, Presenca, Termo
from hearings.queries import PENDING
from hearings.rules import AWAY, picture_of, strokes_of
from hearings.services.absence import suppliers_away
from hearings.services.attendance import sides
from hearings.services.booking import locked_case, tell_deadlock
from hearings.services.sessions import AGREED, HELD, paper_data
from hearings.services.stale import refuse_stale
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import record, require_papel

#: How many characters the page's drafts may hold: more than any hearing needs.
LONGEST = 120_000
#: Who must sign: everybody at the table but the witnesses of fact.
SIGNERS = tuple(value for value in Presenca.Qualidade.values if value != Presenca.Qualidade.TESTEMUNHA)


@dataclass(frozen=True, slots=True)
class Clausula:
    """What came of it with one supplier: `parcelas` are due days and amounts in reais."""

    reclamado: Reclamado
    resultado: str
    texto: str = ""
    total: Decimal | None = None
    conferir_em: date | None = None
    parcelas: tuple[tuple[date, Decimal], ...] = ()

    @property
    def is_agreement(self) -> bool:
        """Whether an Acordo follows from it."""
        return self.resultado in AGREED

    def instalments(self) -> list[Parcela]:
        """The instalments as rows of an agreement, not saved."""
        return [Parcela(vencimento=day, valor=amount) for day, amount in self.parcelas]


@dataclass(frozen=True, slots=True)
class Conteudo:
    """What is signed: what was said, and what came of it with each supplier who came."""

    relato: str
    observacao: str = ""
    clausulas: tuple[Clausula, ...] = ()


@tell_deadlock
@transaction.atomic
def write_termo(
    *,
    audiencia: Audiencia,
    dados: Mapping[str, Sequence[str]],
    edicao: int,
    pagina: UUID | None,
    vez: int = 0,
    by: User,
    at: datetime,
) -> Termo:
    """Keep the page as typed so far; what was signed on other words falls.

    `edicao` is the one that the page began from: where another page kept a newer one, this is refused and says whose.
    `vez` counts what one page sends, drafts and buttons: what arrives after something sent later changes nothing.
    """
    live = _writable(audiencia, by=by)
    told = {name: [value.replace("\x00", "") for value in values] for name, values in dados.items() if any(values)}
    if len(json.dumps(told)) > LONGEST:
        raise ContentRefused("O termo ficou longo demais. Encurte o relato, ou anexe um arquivo ao caso.")
    termo = termo_of(live, for_update=True)
    if termo is None:
        return Termo.objects.create(
            audiencia=live, dados=told, edicao=1, pagina=pagina, alterado_em=at, alterado_por=by, vez=vez
        )
    if edicao != termo.edicao and (pagina is None or pagina != termo.pagina):
        raise ActNotAllowed(
            f"{termo.alterado_por} guardou este termo em {timezone.localtime(termo.alterado_em):%d/%m/%Y às %H:%M}, "
            "depois que esta página foi aberta. Recarregue a página e continue do que está guardado."
        )
    if pagina is not None and pagina == termo.pagina and vez < termo.vez:
        return termo
    if told != termo.dados:
        _unsettle(termo)
    termo.dados, termo.edicao, termo.pagina, termo.vez = told, termo.edicao + 1, pagina, vez
    termo.alterado_em, termo.alterado_por = at, by
    termo.save(update_fields=["dados", "edicao", "pagina", "vez", "alterado_em", "alterado_por", "conteudo_sha256"])
    return termo


@tell_deadlock
@transaction.atomic
def settle_termo(*, audiencia: Audiencia, conteudo: Conteudo, by: User, at: datetime) -> Termo:
    """Check what was written, and fix it for signing. Raises ContentRefused with one sentence per field of the page."""
    live = _writable(audiencia, by=by)
    termo = _current(live)
    check_content(live, termo, conteudo, today=timezone.localdate(at))
    print_of = fingerprint(live, conteudo)
    if print_of != termo.conteudo_sha256:
        _unsettle(termo)
        termo.conteudo_sha256 = print_of
        termo.save(update_fields=["conteudo_sha256"])
    return termo


@tell_deadlock
@transaction.atomic
def sign_on_screen(
    *,
    presenca: Presenca,
    conteudo_sha256: str,
    tracos: object = None,
    nome: str = "",
    consente: bool = False,
    by: User,
    at: datetime,
) -> AssinaturaDoTermo:
    """Keep one person's signature of the termo as it reads now: strokes drawn, or the name typed with consent.

    `conteudo_sha256` is what the page showed; other words mean another reading. Signing again replaces.
    """
    live = _writable(presenca.audiencia, by=by)
    termo = _current(live)
    if not termo.conteudo_sha256 or termo.conteudo_sha256 != conteudo_sha256:
        raise ActNotAllowed(
            "O termo mudou depois que esta página foi aberta. Recarregue a página, leia de novo e assine."
        )
    strokes: list[Any] = []
    if tracos:
        try:
            strokes = [[list(point) for point in stroke] for stroke in strokes_of(tracos)]
        except ValueError as wrong:
            raise ContentRefused(str(wrong), errors={"tracos": str(wrong)}) from wrong
    else:
        _check_typed(presenca, nome, consente)
    forma = AssinaturaDoTermo.Forma.DESENHADA if strokes else AssinaturaDoTermo.Forma.DIGITADA
    values = {
        "forma": forma,
        "nome": presenca.nome,
        "tracos": strokes,
        "conteudo_sha256": termo.conteudo_sha256,
        "assinada_em": at,
        "registrada_por": by,
    }
    signed, _ = AssinaturaDoTermo.objects.update_or_create(termo=termo, presenca=presenca, defaults=values)
    record(termo, "ASSINAR_TERMO", by=by, at=at, forma=forma, qualidade=presenca.qualidade, sha256=conteudo_sha256)
    return signed


@tell_deadlock
@transaction.atomic
def begin_version(*, audiencia: Audiencia, motivo: str, by: User, at: datetime) -> Termo:
    """Begin a new version of a closed termo, with its reason: only what was said is written anew and signed again.

    The agreements stand as they were made; the closed version holds until the new one is closed.
    """
    case = locked_case(audiencia.atendimento_id)
    require_papel(by, case.unidade_id, acts.SUBSTITUIR_TERMO.roles, acts.SUBSTITUIR_TERMO.label)
    if not motivo.strip():
        raise ContentRefused("Escreva por que há nova versão.", errors={"motivo": "Escreva por que há nova versão."})
    if Termo.objects.filter(audiencia=audiencia, status=Termo.Status.EM_REDACAO).exists():
        raise ActNotAllowed("Já há uma versão deste termo em redação. Continue aquela, ou descarte-a.")
    old = Termo.objects.filter(audiencia=audiencia, status=Termo.Status.FECHADO).select_related("documento").first()
    if old is None or old.documento is None:
        raise ActNotAllowed("Esta audiência não tem termo fechado a substituir. Escreva o termo.")
    printed = old.documento.dados.get("dados", {})
    new = Termo.objects.create(
        audiencia=audiencia,
        versao=old.versao + 1,
        anterior=old,
        motivo=motivo.strip(),
        homologacao=old.homologacao,
        dados={name: [printed.get(name, "")] for name in ("relato", "observacao") if printed.get(name)},
        alterado_em=at,
        alterado_por=by,
    )
    record(new, "ABRIR_NOVA_VERSAO_DO_TERMO", by=by, at=at, motivo=motivo.strip(), versao=new.versao)
    return new


@tell_deadlock
@transaction.atomic
def discard_version(*, audiencia: Audiencia, by: User, at: datetime) -> None:
    """Throw away a new version that was not closed; the closed one stands."""
    case = locked_case(audiencia.atendimento_id)
    require_papel(by, case.unidade_id, acts.FECHAR_TERMO.roles, "descartar a nova versão do termo")
    termo = termo_of(audiencia, for_update=True)
    if termo is None or termo.anterior_id is None:
        raise ActNotAllowed("Não há nova versão a descartar. Atualize a página.")
    record(termo, "DESCARTAR_VERSAO_DO_TERMO", by=by, at=at, versao=termo.versao)
    termo.assinaturas.all().delete()
    termo.delete()


def termo_of(audiencia: Audiencia, *, for_update: bool = False) -> Termo | None:
    """The termo of this hearing that is being written, if there is one."""
    found = Termo.objects.filter(audiencia=audiencia, status=Termo.Status.EM_REDACAO).select_related("alterado_por")
    termo = (found.select_for_update(of=("self",)) if for_update else found).first()
    if termo:
        termo.audiencia = audiencia
    return termo


def present(audiencia: Audiencia) -> list[Presenca]:
    """Everybody who came, with their papers, in the order of arrival."""
    return list(audiencia.presencas.select_related("reclamado__fornecedor").prefetch_related("vistos"))


def with_absences(audiencia: Audiencia, conteudo: Conteudo, rows: Sequence[Presenca]) -> Conteudo:
    """The content with a line for each supplier called who did not come, as the letter prints it."""
    _, came = sides(audiencia, rows)
    away = suppliers_away(audiencia, came)
    clauses = [item for item in conteudo.clausulas if item.reclamado in came] + [Clausula(one, AWAY) for one in away]
    return replace(conteudo, clausulas=tuple(sorted(clauses, key=lambda item: item.reclamado.pk)))


def check_content(audiencia: Audiencia, termo: Termo, conteudo: Conteudo, *, today: date) -> None:
    """Refuse, by field of the page, what cannot be signed. A new version brings no clauses."""
    errors = {} if conteudo.relato.strip() else {"relato": "Escreva o que foi dito na audiência."}
    if termo.versao == 1:
        consumer, came = sides(audiencia, present(audiencia))
        if not (consumer and came):
            raise ActNotAllowed(
                "O termo é de uma audiência em que os dois lados estão. Registre as chegadas, ou a ausência."
            )
        told = {item.reclamado: item for item in conteudo.clausulas}
        for reclamado in came:
            errors |= _check_clause(told.get(reclamado) or Clausula(reclamado, ""), today=today)
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)


def fingerprint(audiencia: Audiencia, conteudo: Conteudo) -> str:
    """The SHA-256 of what is signed: the words, the clauses, and who sat at the table."""
    people = sorted((row.nome, row.qualidade, row.reclamado_id or 0) for row in audiencia.presencas.all())
    told = {
        "audiencia": audiencia.pk,
        "relato": conteudo.relato,
        "observacao": conteudo.observacao,
        "clausulas": [_clause_data(item) for item in conteudo.clausulas],
        "presentes": people,
    }
    return sha256(json.dumps(freeze(told), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def termo_data(
    audiencia: Audiencia, termo: Termo, conteudo: Conteudo, rows: Sequence[Presenca], *, resultado: str
) -> dict[str, Any]:
    """What the letter prints of the termo and of the signatures that stand under it."""
    signed = {item.presenca_id: item for item in termo.assinaturas.filter(conteudo_sha256=termo.conteudo_sha256)}
    data = paper_data(audiencia, rows)
    for person, row in zip(data["presencas"], rows, strict=True):
        if row.pk in signed:
            person["assinatura"] = _signature_data(signed[row.pk])
    return data | {
        "resultado": resultado,
        "relato": conteudo.relato,
        "observacao": conteudo.observacao,
        "reclamados": [_clause_data(item) for item in conteudo.clausulas],
        "homologacao": termo.homologacao,
        "versao": termo.versao,
        "motivo": termo.motivo,
        "conteudo_sha256": termo.conteudo_sha256,
    }


def _clause_data(item: Clausula) -> dict[str, Any]:
    return {
        "fornecedor": item.reclamado.fornecedor.razao_social,
        "resultado": item.resultado,
        "texto": item.texto,
        "total": item.total,
        "conferir_em": item.conferir_em,
        "parcelas": [
            {"numero": number, "vencimento": day, "valor": amount}
            for number, (day, amount) in enumerate(sorted(item.parcelas), start=1)
        ],
    }


def _signature_data(signed: AssinaturaDoTermo) -> dict[str, str]:
    drawn = [[(x, y) for x, y in stroke] for stroke in signed.tracos]
    return {
        "forma": signed.forma,
        "em": timezone.localtime(signed.assinada_em).isoformat(),
        "figura": picture_of(drawn) if drawn else "",
    }


def _writable(audiencia: Audiencia, *, by: User) -> Audiencia:
    """The hearing as it stands, its case locked; refused where there is nothing to write any more."""
    case = locked_case(audiencia.atendimento_id)
    require_papel(by, case.unidade_id, acts.FECHAR_TERMO.roles, "escrever o termo")
    live = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    live.atendimento = case
    if live.status not in PENDING and termo_of(live) is None:
        refuse_stale(live, "Não é possível escrever o termo", by=by)
    return live


def _current(audiencia: Audiencia) -> Termo:
    termo = termo_of(audiencia, for_update=True)
    if termo is None:
        raise ActNotAllowed("Ainda não há termo escrito desta audiência. Escreva-o e guarde.")
    return termo


def _unsettle(termo: Termo) -> None:
    """Other words: what was signed no longer holds."""
    termo.conteudo_sha256 = ""
    termo.assinaturas.all().delete()


def _check_typed(presenca: Presenca, nome: str, consente: bool) -> None:
    errors = {}
    if " ".join(nome.split()).casefold() != presenca.nome.casefold():
        errors["nome"] = f"Para assinar, digite o nome como consta: {presenca.nome}."
    if not consente:
        errors["consente"] = "Marque que leu o termo e concorda."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)


def _check_clause(item: Clausula, *, today: date) -> dict[str, str]:
    """What is wrong with one supplier's part, by field of the page, as texto_12."""
    name = str(item.reclamado.fornecedor)
    if item.resultado not in HELD:
        return {f"resultado_{item.reclamado.pk}": f"Diga o que resultou com {name}."}
    if not item.is_agreement:
        if item.parcelas or item.total:
            return {f"parcelas_{item.reclamado.pk}": f"Sem acordo com {name}, não há valor nem parcelas. Apague-os."}
        return {}
    try:
        check_agreement(
            origem=Acordo.Origem.AUDIENCIA,
            texto=item.texto,
            firmado_em=today,
            conferir_em=item.conferir_em,
            total=item.total,
            parcelas=item.instalments(),
            today=today,
        )
    except ContentRefused as refusal:
        return {f"{field}_{item.reclamado.pk}": f"{name}: {message}" for field, message in refusal.errors.items()}
    if item.conferir_em and item.conferir_em < today:
        return {f"conferir_em_{item.reclamado.pk}": f"{name}: o dia de conferir é hoje ou depois."}
    return {}
