"""Rows of one person in the tables that the case's own acts do not fill, each text with her data and a marker."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.apps import apps

from accounts.models import User
from cases.models import Atendimento, ItemDoLote, Lote, Rascunho, Senha
from cases.services import calculate, correct_case, make_agreement
from cases.services.drafts import save_draft
from cases.services.privacy import answer_request, register_request
from deadlines.services import set_prazo
from hearings.models import AssinaturaDoTermo, Audiencia, Presenca, Sala, Termo
from notifications.models import Mensagem
from parties.models import (
    AutorizacaoDeCanal,
    BuscaDeDuplicados,
    Consumidor,
    ConsumidorFundido,
    FusaoDeConsumidores,
    GrupoDeConsumidores,
    ItemDeConsumidores,
    PessoasDiferentes,
)
from tests.conftest import NOW, Cast
from workflow.services import log_reading

POISON = "Ana Souza 11144477735 ana@example.org 11999990000 XILOFONE"
REP = {"rep_qualidade": "procurador", "rep_nome": "Rui Procurador", "rep_documentos": ["identidade", "procuracao"]}


def rows_of_writing(cast: Cast, case: Atendimento) -> None:
    """A calculation, a purchase, a representative."""
    told = {
        "principal": Decimal(100), "taxa": Decimal(1), "periodo": "mes", "tipo_taxa": "efetiva", "prazo": Decimal(3),
        "unidade_prazo": "mes",
    }  # fmt: skip
    calculate(atendimento=case, especie="juros_simples", entrada=told, by=cast.bruno, at=NOW)
    correct_case(atendimento=case, told={"contrato": "C-1", **REP}, by=cast.bruno, at=NOW)


def rows_of_a_hearing(cast: Cast, case: Atendimento) -> None:
    """A hearing that Ana missed, justified, and asked to move; Rui came for the shop."""
    hearing = Audiencia.objects.create(
        atendimento=case,
        sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 1"),
        conciliador=cast.carla,
        inicio=NOW,
        fim=NOW.replace(hour=11),
        agendada_em=NOW,
        status="nao_realizada",
        resultado="ausente_consumidor",
    )
    hearing.reclamados.set(case.reclamados.all())
    ours = [("reservas", {"recurso": f"consumidor:{cast.ana.pk}", "durante": (NOW, NOW.replace(hour=11))})]
    ours += [("presencas", {"qualidade": "preposto", "nome": POISON, "chegou_em": NOW})]
    ours += [("confirmacoes", {"parte": f"consumidor:{cast.ana.pk}", "quando": NOW})]
    ours += [("pedidos", {"parte": f"consumidor:{cast.ana.pk}", "quem": POISON, "motivo": POISON, "pedido_em": NOW})]
    for name, values in ours:
        getattr(hearing, name).create(**values)
    term = set_prazo("justificativa_ausencia", historico=case.historico, start=NOW.date())
    model = apps.get_model("hearings", "Justificativa")
    model.objects.create(
        audiencia=hearing,
        prazo=term,
        texto=POISON,
        apresentada_em=NOW.date(),
        registrada_em=NOW,
        registrada_por=cast.carla,
    )


def rows_of_a_termo(cast: Cast, case: Atendimento) -> None:
    """What the hearing's day leaves: who was told and how, papers seen, a termo closed and its new version, signed."""
    hearing, party = Audiencia.objects.get(), case.reclamados.get()
    seen = Presenca.objects.get()
    seen.vistos.create(tipo="procuracao", visto_em=NOW, visto_por=cast.carla)
    hearing.resultados.create(reclamado=party, resultado="compareceu")
    hearing.notificacoes.create(
        parte=f"consumidor:{cast.ana.pk}", meio="ar", enviada_em=NOW.date(), devolvida_em=NOW.date(),
        registrada_por=cast.carla,
    )  # fmt: skip
    case.impedimentos.create(de=NOW.date(), motivo=POISON, registrado_por=cast.carla, registrado_em=NOW)
    common: dict[str, Any] = {"audiencia": hearing, "alterado_em": NOW, "alterado_por": cast.carla}
    common |= {"dados": {"relato": [POISON]}, "conteudo_sha256": "0" * 64}
    closed = {"status": "substituido", "fechado_em": NOW, "fechado_por": cast.carla, "homologacao": "1/2026"}
    first = Termo.objects.create(**common, **closed, documento=case.historico.documentos.first())
    second = Termo.objects.create(**common, versao=2, anterior=first, motivo=POISON)
    for termo, forma in ((first, "digitada"), (second, "desenhada")):
        AssinaturaDoTermo.objects.create(
            termo=termo, presenca=seen, forma=forma, nome=POISON, conteudo_sha256="0" * 64, assinada_em=NOW,
            registrada_por=cast.carla, tracos=[[[10, 20], [30, 40]]] if forma == "desenhada" else [],
        )  # fmt: skip


def rows_of_likeness(cast: Cast, gil: User) -> None:
    """Ana's second registration, found and merged into hers; and hers once merged into another's, wrongly."""
    twin = Consumidor.objects.create(nome="Ana Souza", fundido_em=cast.ana)
    other = Consumidor.objects.create(nome="Outra Pessoa")
    merged: dict[str, Any] = {"motivo": POISON, "feita_por": gil, "feita_em": NOW}
    stands = FusaoDeConsumidores.objects.create(sobrevivente=cast.ana, **merged)
    undone = FusaoDeConsumidores.objects.create(
        sobrevivente=other, motivo_de_desfazer=POISON, desfeita_por=gil, desfeita_em=NOW, **merged
    )
    AutorizacaoDeCanal.objects.create(consumidor=cast.ana, canal="sms", autorizada_em=NOW, registrada_por=cast.bruno)
    ConsumidorFundido.objects.create(fusao=stands, consumidor=twin)
    ConsumidorFundido.objects.create(fusao=undone, consumidor=cast.ana)
    PessoasDiferentes.objects.create(um=cast.ana, outro=other, declarado_por=gil, declarado_em=NOW)
    search = BuscaDeDuplicados.objects.create(alvo="consumidores", pedida_por=gil, pedida_em=NOW)
    group = GrupoDeConsumidores.objects.create(busca=search, pontos=90, decidido_por=gil, decidido_em=NOW, fusao=stands)
    for person in (cast.ana, twin):
        ItemDeConsumidores.objects.create(grupo=group, consumidor=person, pontos=90, motivo="mesmo nome")


def rows_of_the_counter(cast: Cast, case: Atendimento, gil: User) -> None:
    """A ticket, a draft, a request about her data, an agreement, a batch, a reading, a failed message."""
    party = case.reclamados.get()
    make_agreement(
        reclamado=party, origem="atendimento", texto=POISON, firmado_em=NOW.date(), conferir_em=NOW.date(),
        by=cast.bruno, at=NOW,
    )  # fmt: skip
    party.acordos.get().parcelas.create(numero=1, vencimento=date(2026, 4, 1), valor=1)
    Senha.objects.create(
        unidade=cast.unidade, dia=NOW.date(), numero=1, ordem=2, primeiro_nome="XILOFONE", emitida_em=NOW, guiche="1",
        chamada_em=NOW, ultima_chamada_em=NOW, chamadas=1, por=cast.bruno, atendida_em=NOW, concluida_em=NOW,
        atendimento=case,
    )  # fmt: skip
    save_draft(envio=uuid4(), dados={"nome": ["Ana Souza"], "relato": [POISON]}, by=cast.bruno, at=NOW)
    Rascunho.objects.create(
        usuario=cast.bruno, envio=uuid4(), dados={}, criado_em=NOW, alterado_em=NOW, atendimento=case
    )  # fmt: skip
    asked = register_request(
        consumidor=cast.ana, solicitante=POISON, pedido="acesso", texto=POISON, recebida_em=NOW.date(), by=gil, at=NOW
    )
    answer_request(solicitacao=asked, resposta=POISON, by=gil, at=NOW)
    lot = Lote.objects.create(ato="emitir", por=cast.bruno, criado_em=NOW)
    ItemDoLote.objects.create(lote=lot, ordem=1, reclamado=party, feito_em=NOW, recusa=POISON)
    log_reading(by=cast.bruno, pagina="atendimento", objeto=case, historico_id=case.historico_id)
    Mensagem.objects.filter(historico__atendimento__consumidor=cast.ana).first().tentativas.create(
        quando=NOW, enviada=False, resposta=POISON
    )
