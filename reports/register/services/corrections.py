"""Correction requests (Decreto 2.181/1997, art. 61): who asks, within which term; who answers, within which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from deadlines.models import Prazo
from reports.models import Cadastro, ItemDoCadastro, LinhaDoCadastro, PedidoDeCorrecao, RespostaAoPedido
from reports.register.queries.draft import deciders
from reports.register.queries.terms import ANSWERING, Terms
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.models import GONE

#: Who writes down what comes in at the counter.
COUNTER = frozenset({Papel.ATENDENTE, Papel.COORDENADOR, Papel.AUDITOR})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in."""

    especie: str
    de_quem: str
    requerente: str
    recebido_em: date
    texto: str
    linha: LinhaDoCadastro | None = None


def places_of(cadastro: Cadastro) -> list[int]:
    """The unidades whose decisions are in this version."""
    items = "atendimentos__reclamados__classificacoes__publicacoes__linha__cadastro"
    return list(Unidade.objects.filter(**{items: cadastro}).distinct().values_list("pk", flat=True))


def holds_here(user: User, cadastro: Cadastro, papeis: frozenset[Papel]) -> bool:
    """Whether this person holds one of these papéis where a decision of this version was made."""
    return bool(set(user.unidades_com(papeis)) & set(places_of(cadastro)))


@whole
def ask_correction(*, cadastro: Cadastro, pedido: Asked, by: User, at: datetime) -> PedidoDeCorrecao:
    """Write down a request that came in within the term from the publication; the term of its answer starts.

    By the counter or an auditor. Raises ActNotAllowed (papel, an older version, a late request) and ContentRefused.
    """
    if not holds_here(by, cadastro, COUNTER):
        raise ActNotAllowed("Pedido de correção é registrado por atendente, coordenador ou auditor do cadastro.")
    if Cadastro.objects.filter(substitui=cadastro).exists():
        raise ActNotAllowed("Esta versão já foi substituída. Registre o pedido na versão que vale.")
    _check(cadastro, pedido, timezone.localdate(at))
    rule, term = Terms().term(ANSWERING, pedido.recebido_em)
    clock = Prazo.objects.create(
        historico_id=cadastro.historico_id,
        regra=rule,
        inicio=pedido.recebido_em,
        vence_em=term.ends,
        explicacao=term.explanation,
    )
    return PedidoDeCorrecao.objects.create(
        cadastro=cadastro,
        linha=pedido.linha,
        especie=pedido.especie,
        de_quem=pedido.de_quem,
        requerente=pedido.requerente.strip(),
        recebido_em=pedido.recebido_em,
        texto=pedido.texto.strip(),
        registrado_em=at,
        registrado_por=by,
        prazo=clock,
    )


def _check(cadastro: Cadastro, pedido: Asked, today: date) -> None:
    errors = _missing(cadastro, pedido)
    if not cadastro.diario_data <= pedido.recebido_em <= today:
        since = f"{cadastro.diario_data:%d/%m/%Y}"
        errors["recebido_em"] = f"O pedido chega entre a publicação ({since}) e hoje ({today:%d/%m/%Y})."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    if pedido.recebido_em > cadastro.prazo.vence_em:
        raise ActNotAllowed(
            f"O prazo do pedido terminou em {cadastro.prazo.vence_em:%d/%m/%Y} ({cadastro.prazo.explicacao}; "
            f"{cadastro.prazo.regra.fonte}). Se há erro, o auditor o corrige de ofício e republica o cadastro."
        )


def _missing(cadastro: Cadastro, pedido: Asked) -> dict[str, str]:
    wrong_line = pedido.linha is not None and pedido.linha.cadastro_id != cadastro.pk
    needs_line = pedido.especie == PedidoDeCorrecao.Especie.RETIFICACAO and pedido.linha is None
    found = (
        ("especie", pedido.especie not in PedidoDeCorrecao.Especie.values, "Diga se pedem retificação ou inclusão."),
        ("de_quem", pedido.de_quem not in PedidoDeCorrecao.Parte.values, "Diga quem pede."),
        ("requerente", not pedido.requerente.strip(), "Escreva o nome de quem pede."),
        ("texto", not pedido.texto.strip(), "O pedido é fundamentado (art. 61): escreva o que se pede e por quê."),
        ("linha", needs_line, "Escolha o fornecedor cuja informação é inexata."),
        ("linha", wrong_line, "Este fornecedor é de outra versão do cadastro. Escolha-o na lista."),
    )
    return {name: sentence for name, wrong, sentence in found if wrong}


@whole
def answer_correction(
    *, pedido: PedidoDeCorrecao, deferido: bool, motivo: str, by: User, at: datetime
) -> RespostaAoPedido:
    """Grant or refuse a request, with the reason; what is granted is corrected in the cases and published again.

    By an auditor who decided none of the complaints that it is about. Late answers are taken, and shown as late.
    """
    row = PedidoDeCorrecao.objects.select_for_update(of=("self",)).select_related("cadastro", "prazo").get(pk=pedido.pk)
    if not holds_here(by, row.cadastro, frozenset({Papel.AUDITOR})):
        raise ActNotAllowed("Só um auditor do cadastro responde ao pedido. Peça a ele.")
    if RespostaAoPedido.objects.filter(pedido=row).exists():
        raise ActNotAllowed("Este pedido já foi respondido. Atualize a página e veja a resposta.")
    if row.linha and by.pk in deciders(row.linha.decisions()):
        raise ActNotAllowed(
            "Você decidiu reclamações deste fornecedor, e quem decidiu não responde. Outro auditor o faz."
        )
    if not motivo.strip():
        raise ContentRefused("A resposta precisa de motivo.", errors={"motivo": "Escreva o motivo."})
    Prazo.objects.running().holding([row.prazo.historico_id]).filter(pk=row.prazo_id).update(cumprido_em=at)
    return RespostaAoPedido.objects.create(
        pedido=row, deferido=deferido, motivo=motivo.strip(), respondida_em=at, respondida_por=by
    )


@whole
def forget_requesters(*, today: date) -> int:
    """Take out what names a consumer who asked, once nothing of that year's register is public any more: how many.

    Until then the request is part of what the register is proved by. Kind, days and outcome stay; what waits for its
    answer keeps its name. Source: LGPD, arts. 15, I, and 16.
    """
    shown = ItemDoCadastro.objects.filter(linha__cadastro__ano=OuterRef("cadastro__ano"), publico_ate__gte=today)
    named = PedidoDeCorrecao.objects.filter(
        ~Exists(shown), de_quem=PedidoDeCorrecao.Parte.CONSUMIDOR, resposta__isnull=False
    ).exclude(requerente=GONE)
    gone = list(named.values_list("pk", flat=True))
    RespostaAoPedido.objects.filter(pedido__in=gone).update(motivo=GONE)
    return PedidoDeCorrecao.objects.filter(pk__in=gone).update(requerente=GONE, texto=GONE)
