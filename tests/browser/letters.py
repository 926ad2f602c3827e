"""CIPs in every state, batches that run and that have ended, an inbox with something in it: for looks and pictures."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from cases.models import CIP, Assunto, Atendimento, Lote, Reclamado
from cases.services import acknowledge_cip, answer_cip, issue_cip, register, send_cip
from cases.services.cip_lots import ask_closing, ask_issue, run_lots
from deadlines.models import RegraDePrazo
from notifications.models import Mensagem
from parties.models import Fornecedor
from parties.services import enroll_supplier
from portal.services import ask_for_link
from tests.conftest import Cast

STREETS = {"loja": ("Avenida Brasil", "1200", "01310100"), "banco": ("Rua da Quitanda", "85", "01012010")}


def on_the_desk(cast: Cast, now: datetime) -> Lote:
    """CIPs issued, on their way, received, answered and lapsed; the batch of issuing that ended, with one refusal."""
    call_command("carregar_calendario", verbosity=0)
    cache.clear()
    RegraDePrazo.objects.filter(nome="cip_presuncao").update(vigente_de="2020-01-01")
    for name, (street, number, cep) in STREETS.items():
        supplier: Fornecedor = getattr(cast, name)
        supplier.logradouro, supplier.numero, supplier.cep = street, number, cep
        supplier.municipio, supplier.uf, supplier.bairro = "3550308", "SP", "Centro"
        supplier.save()
    today = timezone.localdate(now)
    enroll_supplier(
        supplier=cast.loja, termo="12/2026", assinado_por="Rui Diretor", assinado_em=today, by=cast.dora, at=now
    )
    for days, meio in ((30, "ar"), (13, "em_maos"), (6, "ar"), (5, "ar"), (4, "portal"), (2, "portal")):
        _letter(cast, now - timedelta(days=days), meio)
    taken = _case(cast, now - timedelta(days=1), cast.banco)
    issue_cip(reclamado=taken.reclamados.get(), by=cast.bruno, at=now - timedelta(days=1))
    fresh = [_case(cast, now, cast.loja, cast.banco) for _ in range(2)]
    parties = Reclamado.objects.filter(atendimento__in=[taken, *fresh]).order_by("pk")
    lote = ask_issue(reclamados=list(parties), by=cast.bruno, at=now)
    run_lots(at_clock=lambda: now)
    return lote


def running(cast: Cast, now: datetime) -> Lote:
    """A batch of closings of which two had their turn and the rest waits."""
    lote = ask_closing(cips=list(CIP.objects.order_by("pk")), resultado="acordo", by=cast.bruno, at=now)
    first, second = lote.itens.order_by("ordem")[:2]
    lote.itens.filter(pk=first.pk).update(feito_em=now)
    lote.itens.filter(pk=second.pk).update(
        feito_em=now, recusa="Não é possível «Dar baixa na CIP»: o registro está em «Enviada»."
    )
    return lote


def inbox_link(cast: Cast, now: datetime) -> str:
    """The address that opens the shop's inbox, as mailed."""
    ask_for_link(cnpj=cast.loja.cnpj or "", at=now)
    found = re.search(r"/publico/fornecedor/caixa/entrar/[\w-]+/", Mensagem.objects.latest("pk").corpo)
    assert found
    return found[0]


def _case(cast: Cast, at: datetime, *suppliers: Fornecedor) -> Atendimento:
    return register(
        by=cast.bruno,
        at=at,
        unidade=cast.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=suppliers,
        assunto=Assunto.objects.get(codigo=187),
        relato="Cobraram duas vezes.",
        pedido="Devolução em dobro.",
    )


def _letter(cast: Cast, at: datetime, meio: str) -> CIP:
    """A CIP to the shop; the older ones received, and the one given by hand answered."""
    cip = issue_cip(reclamado=_case(cast, at, cast.loja).reclamados.get(), by=cast.bruno, at=at)
    number = f"BR{cip.pk:09d}BR" if meio == "ar" else ""
    send_cip(cip=cip, meio=meio, rastreio=number, by=cast.bruno, at=at)
    old = at < timezone.now() - timedelta(days=10)  # noqa: TID251  the pages show the real day
    if old or meio == "em_maos":
        later = at + timedelta(days=2)
        acknowledge_cip(cip=cip, on=timezone.localdate(later), by=cast.bruno, at=later)
    if meio == "em_maos":
        answer_cip(cip=cip, resposta="Devolveremos em dez dias.", by=cast.bruno, at=at + timedelta(days=5))
    return cip
