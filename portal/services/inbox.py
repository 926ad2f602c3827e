"""The suppliers' inbox: the link that opens it, which CIPs are in it, and one answer for several of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Unidade
from cases.models import CIP
from cases.services import answer_in_public, open_letter
from notifications.services import enqueue
from parties.models import AdesaoCipEletronica, Fornecedor
from portal.models import LinkDaCaixa
from workflow.errors import Refusal

#: For how long a link opens the inbox, once.
LINK_LASTS = timedelta(minutes=30)
#: At most so many links of one term wait to be used at each address: nobody fills a supplier's mailbox from here.
LINKS_AT_ONCE = 3
#: At most so many addresses of one term are written to at once.
ADDRESSES_AT_ONCE = 5
#: At most so many terms of one company are written to at once.
TERMS_AT_ONCE = 5


@dataclass(frozen=True)
class Outcome:
    """What came of one CIP of several: its receipt, or why it was refused."""

    protocolo: str
    recibo: str = ""
    motivo: str = ""


def terms_of(cnpj: str, *, at: datetime) -> list[AdesaoCipEletronica]:
    """The terms of electronic CIP in force for the company of this CNPJ, whichever establishment signed.

    The same two reads for any CNPJ. What was merged counts as the supplier that stands for it.
    """
    row = Fornecedor.objects.filter(cnpj=cnpj).select_related("fundido_em").first()
    stands = (row.fundido_em or row) if row else None
    radical, key = (stands.radical or "", stands.pk) if stands else (cnpj[:8], 0)
    here = Q(fornecedor__fundido_em=key) | Q(fornecedor=key) | Q(fornecedor__fundido_em__radical=radical)
    same = here | Q(fornecedor__fundido_em__isnull=True, fornecedor__radical=radical)
    found = _in_force(at).filter(same).select_related("fornecedor__fundido_em").order_by("pk")
    return list(found[:TERMS_AT_ONCE])


def term_in_force(key: int, *, at: datetime) -> AdesaoCipEletronica | None:
    """This term, while it is in force."""
    return _in_force(at).filter(pk=key).select_related("fornecedor__fundido_em").first()


def covered_by(term: AdesaoCipEletronica) -> list[int]:
    """The keys of every registration whose CIPs the term opens: all establishments of the company that signed, by the
    radical of its CNPJ, and what was merged into them. A registration merged into another company is that company's.
    """
    stands = term.fornecedor.fundido_em or term.fornecedor
    same = Q(pk=stands.pk) | Q(radical=stands.radical) if stands.radical else Q(pk=stands.pk)
    return Fornecedor.objects.filter(same, fundido_em__isnull=True).family_keys()


@transaction.atomic
def ask_for_link(*, cnpj: str, at: datetime) -> int:
    """Write to everybody who receives the CIPs of this CNPJ's company, if it is enrolled, each with a link of its own.

    Returns how many messages; whoever asked is told the same in any case.
    """
    told: set[str] = set()
    for term in terms_of(cnpj, at=at):
        known = (term.fornecedor.fundido_em or term.fornecedor).notice_emails("cip")
        addresses = list(known.values())[:ADDRESSES_AT_ONCE]
        waiting = LinkDaCaixa.objects.filter(adesao=term, vale_ate__gt=at, usado_em__isnull=True).count()
        if waiting >= LINKS_AT_ONCE * len(addresses):
            continue
        for address in addresses:
            if address.lower() not in told:
                told.add(address.lower())
                _write(term, address, at=at)
    return len(told)


def _write(term: AdesaoCipEletronica, address: str, *, at: datetime) -> None:
    token, office = secrets.token_urlsafe(32), settings.PROCON
    until = at + LINK_LASTS
    link = LinkDaCaixa.objects.create(adesao=term, token_hash=_hash(token), criado_em=at, vale_ate=until)
    enqueue(
        chave=f"caixa:{link.pk}",
        tipo="cip_caixa",
        unidade=Unidade.objects.filter(ativa=True).order_by("codigo")[0],
        referencia=f"caixa:{link.pk}",
        destinatario=(term.fornecedor.fundido_em or term.fornecedor).razao_social,
        endereco=address,
        assunto=f"Entrada na caixa de CIPs – {office['NOME']}",
        corpo="Alguém pediu para entrar na caixa de CIPs da sua empresa. Se foi um dos seus prepostos, abra este "
        f"endereço e confirme:\n\n{office['SITE']}/publico/fornecedor/caixa/entrar/{token}/\n\n"
        f"Vale uma só vez, até as {timezone.localtime(until):%H:%M}. Não o repasse: quem o abrir lê e responde as "
        "CIPs da empresa.\nSe ninguém pediu, não faça nada.\n\n"
        f"{office['NOME']}\n{office['ENDERECO']}\nTelefone {office['TELEFONE']}\n",
        devida_em=at,
        vale_ate=until,
    )


@transaction.atomic
def use_link(*, token: str, at: datetime) -> AdesaoCipEletronica | None:
    """Use a link up: the term whose inbox it opens, to one caller only. Wrong, used and expired are told apart by
    nobody, and each costs one look.
    """
    fresh = LinkDaCaixa.objects.filter(token_hash=_hash(token), usado_em__isnull=True, vale_ate__gt=at)
    if not fresh.update(usado_em=at):
        return None
    return term_in_force(LinkDaCaixa.objects.get(token_hash=_hash(token)).adesao_id, at=at)


def forget_links(*, at: datetime) -> int:
    """Delete the links that ended a day ago or earlier; returns how many."""
    deleted, _ = LinkDaCaixa.objects.filter(vale_ate__lte=at - timedelta(days=1)).delete()
    return deleted


def answer_several(*, cips: Iterable[CIP], at: datetime, **answer: Any) -> list[tuple[CIP, Outcome]]:
    """The same answer to several CIPs, each in its own transaction, with what came of each."""
    done = []
    for cip in cips:
        protocol = cip.reclamado.atendimento.protocolo
        try:
            with transaction.atomic():
                open_letter(cip=cip, at=at)
                answer_in_public(cip=cip, at=at, **answer)
        except Refusal as refusal:
            why = " ".join([refusal.message, *refusal.errors.values()])
            done.append((cip, Outcome(protocol, motivo=why)))
        else:
            done.append((cip, Outcome(protocol, recibo=cip.recibo)))
    return done


def _in_force(at: datetime) -> QuerySet[AdesaoCipEletronica]:
    valid = Q(vale_ate__isnull=True) | Q(vale_ate__gte=timezone.localdate(at))
    return AdesaoCipEletronica.objects.filter(valid, encerrada_em__isnull=True)


def _hash(token: str) -> str:
    """What is stored of a token; a plain SHA-256 suffices for 256 random bits."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
