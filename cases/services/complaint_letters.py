"""What the letters and messages of the reclamação and of agreements say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from cases.models import (
    Acordo,
    Atendimento,
    Classificacao,
    Defesa,
    Parcela,
    Parecer,
    Reclamacao,
    Reclamado,
    Recurso,
)
from cases.services.letters import case_data, supplier_data, term_data
from documents.models import Documento
from documents.services import issue
from notifications.services import enqueue

#: What of a supplier's contacts receives the notices of a reclamação: those who receive the office's letters.
NOTICES = "cip"


def issue_opening_letter(complaint: Reclamacao, party: Reclamado, *, by: User, at: datetime) -> Documento:
    """Freeze the carta de abertura to one reclamado, with the term of defence."""
    return _issue(
        Documento.Tipo.CARTA_DE_ABERTURA,
        "Carta de abertura de reclamação",
        complaint.atendimento,
        {
            "fornecedor": supplier_data(party.fornecedor),
            "fornecedores": [],
            "instaurada_em": timezone.localdate(complaint.instaurada_em),
            "prazo": term_data("defesa", at=at),
        },
        by=by,
        at=at,
    )


def issue_opinion(opinion: Parecer, *, by: User, at: datetime) -> Documento:
    """Freeze the manifestação técnica; it replaces the one that was returned."""
    case = opinion.reclamacao.atendimento
    turns = Defesa.objects.current().filter(reclamacao=opinion.reclamacao).select_related("reclamado__fornecedor")
    proposals = opinion.propostas.select_related("reclamado__fornecedor")
    issued = Documento.objects.filter(historico=case.historico, tipo=Documento.Tipo.MANIFESTACAO_TECNICA)
    return _issue(
        Documento.Tipo.MANIFESTACAO_TECNICA,
        "Manifestação técnica",
        case,
        {
            "fornecedores": [supplier_data(row.reclamado.fornecedor) for row in proposals],
            "relatorio": case.relato,
            "defesa": "\n\n".join(map(_defence_in_words, turns)),
            "analise": opinion.analise,
            "fundamentos": [opinion.base_legal],
            "conclusao": opinion.conclusao,
            "reclamados": [
                {
                    "fornecedor": supplier_data(row.reclamado.fornecedor),
                    "classificacao": row.valor,
                    "motivo": row.motivo,
                }
                for row in proposals
            ],
            "signatario": {"nome": by.nome, "cargo": "Análise técnica"},
        },
        by=by,
        at=at,
        supersedes=issued.filter(substituido_por__isnull=True).first(),
    )


def issue_decision(
    decision: Classificacao, *, relatorio: str, motivo: str, by: User, at: datetime, cabe_recurso: bool = True
) -> Documento:
    """Freeze the decision about one reclamado, with the term of appeal, or the judgement of an appeal, without one."""
    case, supplier = decision.reclamado.atendimento, supplier_data(decision.reclamado.fornecedor)
    told = ["Comunique-se à fiscalização."] if decision.a_fiscalizacao else []
    return _issue(
        Documento.Tipo.DECISAO,
        "Decisão" if cabe_recurso else "Decisão do recurso",
        case,
        {
            "fornecedores": [supplier],
            "relatorio": relatorio,
            "fundamentacao": motivo,
            "decidida_em": timezone.localdate(at),
            "reclamados": [
                {"fornecedor": supplier, "classificacao": decision.valor, "fundamento": decision.base_legal}
            ],
            "providencias": told,
            **({"recurso": term_data("recurso", at=at)} if cabe_recurso else {"irrecorrivel": True}),
            "autoridade": {"nome": by.nome, "cargo": "Autoridade julgadora"},
        },
        by=by,
        at=at,
    )


def issue_memorandum(decision: Classificacao, *, by: User, at: datetime) -> Documento:
    """Freeze the memorando by which the decision tells the inspectors of what was found."""
    return _issue(
        Documento.Tipo.MEMORANDO,
        "Memorando à fiscalização",
        decision.reclamado.atendimento,
        {
            "fornecedores": [supplier_data(decision.reclamado.fornecedor)],
            "fatos": decision.motivo,
            "artigos": [decision.base_legal],
            "signatario": {"nome": by.nome, "cargo": "Autoridade julgadora"},
        },
        by=by,
        at=at,
    )


def issue_agreement(
    agreement: Acordo,
    instalments: Iterable[Parcela],
    case: Atendimento,
    *,
    by: User,
    at: datetime,
    besides: Mapping[str, Any] | None = None,
    seal: Callable[[bytes], bytes] | None = None,
) -> Documento:
    """Freeze the termo de acordo. It never says that it is a título executivo."""
    rows = [{"numero": row.numero, "vencimento": row.vencimento, "valor": row.valor} for row in instalments]
    agreed: dict[str, Any] = {"texto": agreement.texto, "parcelas": rows, "conferir_em": agreement.conferir_em}
    if agreement.total is not None:
        agreed["total"] = agreement.total
    return _issue(
        Documento.Tipo.TERMO_DE_ACORDO,
        "Termo de acordo",
        case,
        {
            "fornecedores": [supplier_data(agreement.reclamado.fornecedor)],
            "firmado_em": agreement.firmado_em,
            "acordo": agreed,
            "signatario": {"nome": by.nome, "cargo": ""},
            **(besides or {}),
        },
        by=by,
        at=at,
        seal=seal,
    )


def tell_supplier_of_opening(defence: Defesa, case: Atendimento, *, at: datetime) -> None:
    """Put into the outbox the message that carries the carta de abertura: its check code, no personal data."""
    supplier = defence.reclamado.fornecedor
    code = defence.documento.codigo if defence.documento else ""
    _tell(
        case,
        key=f"defesa:{defence.pk}:envio",
        to=(supplier.razao_social, supplier.notice_emails(NOTICES)),
        subject=f"Abertura de reclamação {case.protocolo}",
        text=f"Foi aberta reclamação no atendimento {case.protocolo}. O prazo de defesa está na carta e conta do "
        f"recebimento.\nCódigo de conferência da carta: {code}",
        at=at,
    )


def tell_decision(decision: Classificacao, *, at: datetime) -> None:
    """Tell both sides that there is a decision; what it says stands in the document."""
    protocol = decision.reclamado.atendimento.protocolo
    _tell_sides(
        decision,
        decision.documento,
        key=f"decisao:{decision.pk}",
        subject=f"Decisão na reclamação {protocol}",
        text=f"Há decisão na reclamação {protocol}. Dela cabe recurso, no prazo que a decisão diz.",
        at=at,
    )


def tell_judgement(decision: Classificacao, letter: Documento, appeal: Recurso, *, at: datetime) -> None:
    """Tell both sides that an appeal was judged; from the judgement there is no appeal."""
    protocol = decision.reclamado.atendimento.protocolo
    _tell_sides(
        decision,
        letter,
        key=f"recurso:{appeal.pk}",
        subject=f"Recurso julgado na reclamação {protocol}",
        text=f"O recurso do {appeal.get_de_quem_display().lower()} na reclamação {protocol} foi julgado. "
        "Deste julgamento não cabe outro recurso.",
        at=at,
    )


def _tell_sides(
    decision: Classificacao, letter: Documento | None, *, key: str, subject: str, text: str, at: datetime
) -> None:
    case, supplier = decision.reclamado.atendimento, decision.reclamado.fornecedor
    sides = {"fornecedor": (supplier.razao_social, supplier.notice_emails(NOTICES))}
    if case.consumidor:
        sides["consumidor"] = (str(case.consumidor), {"": case.consumidor.aviso_email})
    for side, to in sides.items():
        _tell(
            case,
            key=f"{key}:{side}",
            to=to,
            subject=subject,
            text=f"{text}\nCódigo de conferência da decisão: {letter.codigo if letter else ''}",
            at=at,
        )


def ask_consumer(agreement: Acordo, *, at: datetime) -> None:
    """Ask the consumer whether the agreement was kept."""
    case = agreement.reclamado.atendimento
    if case.consumidor is None:
        return
    _tell(
        case,
        key=f"acordo:{agreement.pk}:conferir:{agreement.conferir_em.isoformat()}",
        to=(str(case.consumidor), {"": case.consumidor.aviso_email}),
        subject=f"O acordo do atendimento {case.protocolo} foi cumprido?",
        text=f"O acordo firmado no atendimento {case.protocolo} tinha algo a cumprir até "
        f"{agreement.conferir_em:%d/%m/%Y}.\nFoi cumprido? Responda a este Procon, por este e-mail, por telefone ou "
        "pessoalmente. Se não foi, podemos abrir reclamação.",
        at=at,
    )


def _tell(
    case: Atendimento, *, key: str, to: tuple[str, Mapping[str, str]], subject: str, text: str, at: datetime
) -> None:
    """One message for each address of one name (`Fornecedor.notice_emails`); without any, one that says so."""
    office, (name, addresses) = settings.PROCON, to
    for ending, address in (addresses or {"": ""}).items():
        enqueue(
            chave=f"{key}{ending}",
            tipo=key.partition(":")[0],
            unidade=case.unidade,
            historico=case.historico,
            referencia=key.rpartition(":")[0],
            destinatario=name,
            endereco=address,
            assunto=f"{subject} – {office['NOME']}",
            corpo=f"Prezados,\n\n{text}\nDocumentos se conferem em {office['SITE']}/publico/documentos/\n\n"
            f"{office['NOME']}\n{office['ENDERECO']}\n",
            devida_em=at,
        )


def _issue(
    tipo: str,
    name: str,
    case: Atendimento,
    extra: dict[str, Any],
    *,
    by: User,
    at: datetime,
    supersedes: Documento | None = None,
    seal: Callable[[bytes], bytes] | None = None,
) -> Documento:
    return issue(
        tipo,
        titulo=f"{name} – atendimento {case.protocolo}",
        dados={**case_data(case), **extra},
        unidade=case.unidade,
        historico=case.historico,
        by=by,
        at=at,
        supersedes=supersedes,
        seal=seal,
    )


def _defence_in_words(turn: Defesa) -> str:
    name = turn.reclamado.fornecedor.razao_social
    if turn.apresentada_em:
        return f"{name}{' (fora do prazo)' if turn.fora_do_prazo else ''}: {turn.texto}"
    return f"{name}: revel ({turn.get_revelia_por_display().lower()})." if turn.revelia_em else f"{name}: sem defesa."
