"""Every act by which a hearing moves (domain: hearings)."""

from __future__ import annotations

from accounts.models import Papel
from workflow.acts import ActTable

#: Who runs the hearing table; scheduling belongs to them too.
TABLE = [Papel.ATENDENTE, Papel.CONCILIADOR, Papel.COORDENADOR]
PENDING = ["agendada", "notificada", "confirmada"]

AUDIENCIA = ActTable("hearings.Audiencia")
NOTIFICAR = AUDIENCIA.act("NOTIFICAR", "Notificar as partes", "agendada", "notificada", [*TABLE, Papel.SISTEMA])
CONFIRMAR = AUDIENCIA.act("CONFIRMAR", "Confirmar", ["agendada", "notificada"], "confirmada", [*TABLE, Papel.SISTEMA])
REALIZAR = AUDIENCIA.act("REALIZAR", "Registrar audiência realizada", PENDING, "realizada", TABLE)
REGISTRAR_AUSENCIA = AUDIENCIA.act("REGISTRAR_AUSENCIA", "Registrar ausência", PENDING, "nao_realizada", TABLE)
REDESIGNAR = AUDIENCIA.act("REDESIGNAR", "Redesignar", PENDING, "redesignada", TABLE)
CANCELAR = AUDIENCIA.act("CANCELAR", "Cancelar", PENDING, "cancelada", [*TABLE, Papel.SISTEMA])

TERMO = ActTable("hearings.Termo")
FECHAR_TERMO = TERMO.act("FECHAR_TERMO", "Fechar o termo", "em_redacao", "fechado", TABLE)
ANULAR_TERMO = TERMO.act(
    "ANULAR_TERMO", "Tornar o termo sem efeito", "em_redacao", "sem_efeito", [*TABLE, Papel.SISTEMA]
)
SUBSTITUIR_TERMO = TERMO.act("SUBSTITUIR_TERMO", "Substituir o termo por nova versão", "fechado", "substituido", TABLE)
