"""An office with an object in each state from which a service of cases starts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import Atribuicao, Papel, User
from cases import services
from cases.models import Assunto, Atendimento, Proposta, Reclamacao
from cases.services.privacy import register_request
from cases.services.queue import issue_ticket
from parties.models import Consumidor, Fornecedor
from tests.cases.files import uploaded
from tests.conftest import NOW, Cast

CDC = "CDC, art. 42"


class Office:
    """Objects in the states from which each service starts; read anew for every call."""

    def __init__(self, cast: Cast, made: dict[str, Any]) -> None:
        self.cast, self.made = cast, made

    def __getattr__(self, name: str) -> Any:
        """The object of this name as the database has it now."""
        kept = self.made[name]
        return type(kept)._base_manager.get(pk=kept.pk)


def open_office(cast: Cast) -> Office:
    """Cases of Ana and others, each as far as one service needs it."""
    people = {name: _person(cast, name, papel) for name, papel in _PEOPLE.items()}
    for papel in (Papel.ATENDENTE, Papel.CONCILIADOR):
        Atribuicao.objects.create(user=cast.dora, unidade=cast.unidade, papel=papel)
    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    made: dict[str, Any] = {**people, **_before_a_complaint(cast, subject), **_complaints(cast, subject, people)}
    made["asking"] = register_request(
        consumidor=cast.ana, solicitante="Ana", pedido="acesso", texto="?", recebida_em=NOW.date(), by=people["gil"],
        at=NOW,
    )  # fmt: skip
    issue_ticket(unidade=cast.unidade, ordem=1, by=cast.bruno, at=NOW)
    return Office(cast, {**made, "bruno": cast.bruno, "dora": cast.dora, "edu": cast.edu})


_PEOPLE = {"gil": Papel.ENCARREGADO, "frida": Papel.AUTORIDADE}


def _person(cast: Cast, name: str, papel: str) -> User:
    user = User.objects.create_user(name, nome=name.capitalize())
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=papel)
    return user


def _case(cast: Cast, subject: Assunto, *suppliers: Fornecedor) -> Atendimento:
    return services.register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="atendimento_preliminar", canal="pessoal",
        consumidor=Consumidor.objects.create(nome="Beto Lima", email="beto@example.org"),
        fornecedores=suppliers or (cast.loja,), assunto=subject, relato="Cobraram.", pedido="Devolução.",
    )  # fmt: skip


def _before_a_complaint(cast: Cast, subject: Assunto) -> dict[str, Any]:
    how = {"by": cast.bruno, "at": NOW}
    opened, settled, closed = (_case(cast, subject) for _ in range(3))
    services.record_contact(reclamado=settled.reclamados.get(), resultado="resolvido", **how)
    services.close_case(atendimento=closed, desfecho="desistencia", **how)
    issued, sent, running, asked, answered = (
        services.issue_cip(reclamado=_case(cast, subject).reclamados.get(), **how) for _ in range(5)
    )
    for cip in (sent, running, asked, answered):
        services.send_cip(cip=cip, meio="em_maos", **how)
    for cip in (running, asked, answered):
        services.acknowledge_cip(cip=cip, on=NOW.date(), **how)
    request = services.request_extension(cip=asked, dias=3, motivo="Férias.", quem="Rita", by=cast.sistema, at=NOW)
    services.answer_cip(cip=answered, resposta="Não.", **how)
    agreed, lost, broken = (_agreement(cast, _case(cast, subject)) for _ in range(3))
    services.break_agreement(acordo=broken, observacao="Não.", **how)
    return {
        "open": opened, "party": opened.reclamados.get(), "settled": settled, "closed": closed, "issued": issued,
        "sent": sent, "running": running, "request": request, "answered": answered, "agreed": agreed, "asked": lost,
        "broken": broken,
        "number": services.add_number(atendimento=opened, sistema="processo", numero="1", **how),
        "paper": services.attach(atendimento=opened, arquivo=uploaded(), nome="a.pdf", origem="balcao", **how),
    }  # fmt: skip


def _agreement(cast: Cast, case: Atendimento) -> Any:
    made = services.make_agreement(
        reclamado=case.reclamados.get(), origem="atendimento", texto="Troca.", firmado_em=NOW.date(),
        conferir_em=NOW.date(), by=cast.bruno, at=NOW,
    )  # fmt: skip
    made.parcelas.create(numero=1, vencimento=NOW.date() + timedelta(days=30), valor=100)
    return made


def _complaints(cast: Cast, subject: Assunto, people: dict[str, User]) -> dict[str, Any]:
    how = {"by": cast.bruno, "at": NOW}
    opened = [services.open_reclamacao(atendimento=_case(cast, subject), motivo="Não.", **how) for _ in range(8)]
    parties = [item.atendimento.reclamados.get() for item in opened]
    turns = [services.notify_reclamado(reclamado=party, meio="em_maos", **how) for party in parties[1:]]
    for turn in turns[1:]:
        services.receive_notice(defesa=turn, on=NOW.date(), **how)
    for turn in turns[2:]:
        services.receive_defence(defesa=turn, texto="Não devemos.", **how)
    for number in range(4, 8):
        _opinion(cast, opened[number])
    decided = [
        services.decide(reclamado=party, valor="nao_fundamentada", motivo="Não.", base_legal=CDC, by=cast.edu, at=NOW)
        for party in parties[5:]
    ]
    for item in decided[1:]:
        services.serve_decision(classificacao=item, on=NOW.date(), **how)
    appeal = services.lodge_appeal(classificacao=decided[2], de_quem="consumidor", on=NOW.date(), texto="Provo.", **how)
    return {
        "accused": parties[0], "notified": turns[0], "waited": turns[1], "defended": opened[3], "analysed": opened[4],
        "decided": decided[0], "served": decided[1], "appeal": appeal,
    }  # fmt: skip


def _opinion(cast: Cast, complaint: Reclamacao) -> None:
    party = complaint.atendimento.reclamados.get()
    complaint = Reclamacao.objects.get(pk=complaint.pk)
    services.write_opinion(
        reclamacao=complaint, analise="Provado.", base_legal=CDC,
        propostas=[Proposta(reclamado=party, valor="nao_fundamentada", motivo="Não.")], by=cast.bruno, at=NOW,
    )  # fmt: skip
