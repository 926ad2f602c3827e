"""Every act by which a case, a CIP or a reclamação moves (domain: the life of a case)."""

from __future__ import annotations

from accounts.models import Papel
from workflow.acts import ActTable

COUNTER = [Papel.ATENDENTE, Papel.COORDENADOR]
COUNTER_AND_CLOCK = [*COUNTER, Papel.SISTEMA]
COUNTER_AND_TABLE = [*COUNTER, Papel.CONCILIADOR]
COUNTER_TABLE_AND_CLOCK = [*COUNTER_AND_TABLE, Papel.SISTEMA]
#: Who does what moves no status: certifying by the clock, granting more days.
ONLY_CLOCK = frozenset({Papel.SISTEMA})
EXTENDERS = frozenset({Papel.COORDENADOR, Papel.AUTORIDADE})

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
ENCERRAR_POR_ACEITACAO = ATENDIMENTO.act(
    "ENCERRAR_POR_ACEITACAO",
    "Encerrar: o consumidor aceitou",
    "aguarda_consumidor",
    "encerrado",
    [*COUNTER_TABLE_AND_CLOCK, Papel.INTEGRACAO],
)
ARQUIVAR_POR_INERCIA = ATENDIMENTO.act(
    "ARQUIVAR_POR_INERCIA",
    "Arquivar por inércia do consumidor",
    "aguarda_consumidor",
    "encerrado",
    [Papel.COORDENADOR, Papel.SISTEMA],
)
ARQUIVAR_POR_AUSENCIA = ATENDIMENTO.act(
    "ARQUIVAR_POR_AUSENCIA",
    "Arquivar por ausência do consumidor à audiência",
    ["aguarda_consumidor", "em_reclamacao"],
    "encerrado",
    [Papel.COORDENADOR, Papel.SISTEMA],
)
REABRIR = ATENDIMENTO.act("REABRIR", "Reabrir", "encerrado", "aberto", [Papel.COORDENADOR])
REABRIR_EM_RECLAMACAO = ATENDIMENTO.act(
    "REABRIR_EM_RECLAMACAO", "Reabrir como reclamação", "encerrado", "em_reclamacao", [Papel.COORDENADOR]
)
INSTAURAR_POR_DESCUMPRIMENTO = ATENDIMENTO.act(
    "INSTAURAR_POR_DESCUMPRIMENTO",
    "Abrir reclamação por acordo descumprido",
    ["aberto", "aguarda_consumidor", "encerrado"],
    "em_reclamacao",
    COUNTER,
)

CIP = ActTable("cases.CIP")
ENVIAR_CIP = CIP.act("ENVIAR_CIP", "Registrar envio", "emitida", "enviada", COUNTER_AND_CLOCK)
DAR_CIENCIA = CIP.act("DAR_CIENCIA", "Registrar ciência", "enviada", "cientificada", COUNTER_AND_CLOCK)
RESPONDER_CIP = CIP.act(
    "RESPONDER_CIP",
    "Registrar resposta",
    ["emitida", "enviada", "cientificada", "prazo_decorrido"],
    "respondida",
    COUNTER_AND_CLOCK,
)
DECORRER_PRAZO = CIP.act(
    "DECORRER_PRAZO", "Certificar decurso de prazo", "cientificada", "prazo_decorrido", [Papel.SISTEMA]
)
ANALISAR_CIP = CIP.act("ANALISAR_CIP", "Analisar", ["respondida", "prazo_decorrido"], "em_analise", COUNTER)
BAIXAR_CIP = CIP.act(
    "BAIXAR_CIP",
    "Dar baixa na CIP",
    ["respondida", "prazo_decorrido", "em_analise"],
    "baixada",
    COUNTER_TABLE_AND_CLOCK,
)
ACEITAR_RESPOSTA = CIP.act(
    "ACEITAR_RESPOSTA",
    "Registrar a aceitação do consumidor",
    ["respondida", "em_analise"],
    "baixada",
    [*COUNTER_TABLE_AND_CLOCK, Papel.INTEGRACAO],
)
CANCELAR_CIP = CIP.act(
    "CANCELAR_CIP", "Cancelar a CIP", ["emitida", "enviada", "cientificada"], "baixada", COUNTER_AND_TABLE
)

RECLAMACAO = ActTable("cases.Reclamacao")
NOTIFICAR_RECLAMACAO = RECLAMACAO.act(
    "NOTIFICAR_RECLAMACAO", "Registrar envio da notificação", ["instaurada", "notificada"], "notificada", COUNTER
)
CONCLUIR_DEFESAS = RECLAMACAO.act(
    "CONCLUIR_DEFESAS", "Concluir a fase de defesa", "notificada", "defesa_recebida", COUNTER_TABLE_AND_CLOCK
)
DECLARAR_REVELIA = RECLAMACAO.act(
    "DECLARAR_REVELIA", "Concluir a fase de defesa à revelia", "notificada", "revelia", COUNTER_TABLE_AND_CLOCK
)
EMITIR_PARECER = RECLAMACAO.act(
    "EMITIR_PARECER",
    "Emitir manifestação técnica",
    ["defesa_recebida", "revelia", "em_analise"],
    "em_analise",
    COUNTER,
)
DEVOLVER_PARECER = RECLAMACAO.act(
    "DEVOLVER_PARECER", "Devolver o parecer para completar", "em_analise", "em_analise", [Papel.AUTORIDADE]
)
DECIDIR = RECLAMACAO.act("DECIDIR", "Decidir", "em_analise", "decidida", [Papel.AUTORIDADE])
INTERPOR_RECURSO = RECLAMACAO.act("INTERPOR_RECURSO", "Registrar recurso", "decidida", "decidida", COUNTER)
JULGAR_RECURSO = RECLAMACAO.act("JULGAR_RECURSO", "Julgar o recurso", "decidida", "decidida", [Papel.AUTORIDADE])
ARQUIVAR_RECLAMACAO = RECLAMACAO.act(
    "ARQUIVAR_RECLAMACAO",
    "Arquivar a reclamação",
    ["instaurada", "notificada", "defesa_recebida", "revelia", "em_analise", "decidida"],
    "arquivada",
    COUNTER_TABLE_AND_CLOCK,
)
REABRIR_RECLAMACAO = RECLAMACAO.act("REABRIR_RECLAMACAO", "Reabrir", "arquivada", "instaurada", [Papel.COORDENADOR])
REABRIR_EM_ANALISE = RECLAMACAO.act(
    "REABRIR_EM_ANALISE", "Reabrir para nova decisão", "arquivada", "em_analise", [Papel.COORDENADOR]
)
RETOMAR_POR_DESCUMPRIMENTO = RECLAMACAO.act(
    "RETOMAR_POR_DESCUMPRIMENTO", "Retomar por acordo descumprido", "arquivada", "instaurada", COUNTER
)

ACORDO = ActTable("cases.Acordo")
CUMPRIR_ACORDO = ACORDO.act(
    "CUMPRIR_ACORDO", "Registrar que foi cumprido", ["firmado", "nao_informado"], "cumprido", COUNTER_AND_TABLE
)
DESCUMPRIR_ACORDO = ACORDO.act(
    "DESCUMPRIR_ACORDO",
    "Registrar que não foi cumprido",
    ["firmado", "nao_informado"],
    "descumprido",
    COUNTER_AND_TABLE,
)
SEM_NOTICIA_DO_ACORDO = ACORDO.act(
    "SEM_NOTICIA_DO_ACORDO", "Registrar que não se soube", "firmado", "nao_informado", COUNTER
)
