"""Every act by which a case, a CIP or a reclamação moves (domain: the life of a case)."""

from __future__ import annotations

from accounts.models import Papel
from workflow.acts import ActTable

COUNTER = [Papel.ATENDENTE, Papel.COORDENADOR]
COUNTER_AND_CLOCK = [*COUNTER, Papel.SISTEMA]
COUNTER_AND_TABLE = [*COUNTER, Papel.CONCILIADOR]

ATENDIMENTO = ActTable("cases.Atendimento")
EMITIR_CIP = ATENDIMENTO.act(
    "EMITIR_CIP", "Emitir CIP", ["aberto", "aguarda_fornecedor", "aguarda_consumidor"], "aguarda_fornecedor", COUNTER
)
RESOLVER_NO_ATENDIMENTO = ATENDIMENTO.act(
    "RESOLVER_NO_ATENDIMENTO", "Encerrar como resolvido no atendimento", "aberto", "encerrado", COUNTER
)
AGUARDAR_CONSUMIDOR = ATENDIMENTO.act(
    "AGUARDAR_CONSUMIDOR", "Aguardar o consumidor", "aguarda_fornecedor", "aguarda_consumidor", COUNTER_AND_CLOCK
)
INSTAURAR_RECLAMACAO = ATENDIMENTO.act(
    "INSTAURAR_RECLAMACAO", "Abrir reclamação", ["aberto", "aguarda_consumidor"], "em_reclamacao", COUNTER
)
ENCERRAR = ATENDIMENTO.act(
    "ENCERRAR",
    "Encerrar",
    ["aberto", "aguarda_fornecedor", "aguarda_consumidor", "em_reclamacao"],
    "encerrado",
    COUNTER_AND_TABLE,
)
REABRIR = ATENDIMENTO.act("REABRIR", "Reabrir", "encerrado", "aberto", [Papel.COORDENADOR])
REABRIR_EM_RECLAMACAO = ATENDIMENTO.act(
    "REABRIR_EM_RECLAMACAO", "Reabrir como reclamação", "encerrado", "em_reclamacao", [Papel.COORDENADOR]
)

CIP = ActTable("cases.CIP")
ENVIAR_CIP = CIP.act("ENVIAR_CIP", "Registrar envio", "emitida", "enviada", COUNTER_AND_CLOCK)
DAR_CIENCIA = CIP.act("DAR_CIENCIA", "Registrar ciência", "enviada", "cientificada", COUNTER_AND_CLOCK)
RESPONDER_CIP = CIP.act(
    "RESPONDER_CIP",
    "Registrar resposta",
    ["enviada", "cientificada", "prazo_decorrido"],
    "respondida",
    COUNTER_AND_CLOCK,
)
DECORRER_PRAZO = CIP.act(
    "DECORRER_PRAZO", "Certificar decurso de prazo", "cientificada", "prazo_decorrido", [Papel.SISTEMA]
)
ANALISAR_CIP = CIP.act("ANALISAR_CIP", "Analisar", ["respondida", "prazo_decorrido"], "em_analise", COUNTER)
BAIXAR_CIP = CIP.act(
    "BAIXAR_CIP", "Dar baixa na CIP", ["respondida", "prazo_decorrido", "em_analise"], "baixada", COUNTER_AND_TABLE
)
CANCELAR_CIP = CIP.act(
    "CANCELAR_CIP", "Cancelar a CIP", ["emitida", "enviada", "cientificada"], "baixada", COUNTER_AND_TABLE
)

RECLAMACAO = ActTable("cases.Reclamacao")
ARQUIVAR_RECLAMACAO = RECLAMACAO.act("ARQUIVAR_RECLAMACAO", "Arquivar", "instaurada", "arquivada", COUNTER_AND_TABLE)
REABRIR_RECLAMACAO = RECLAMACAO.act("REABRIR_RECLAMACAO", "Reabrir", "arquivada", "instaurada", [Papel.COORDENADOR])
