"""Whoever writes an event, by whatever path: one delivery for each webhook that asked for it, in the same transaction."""

#: By object: act → kind of event. What is not listed is not told.
TOLD = {
    "cases.atendimento": {
        "REGISTRAR": "atendimento.registrado",
        "AVISAR_INERCIA": "atendimento.aviso_de_inercia",
    },
    "cases.cip": {
        "EMITIR_CIP": "cip.emitida",
        "ENVIAR_CIP": "cip.enviada",
        "DAR_CIENCIA": "cip.cientificada",
        "DEFERIR_PRORROGACAO": "cip.prazo_prorrogado",
        "RESPONDER_CIP": "cip.respondida",
        "DECORRER_PRAZO": "cip.prazo_decorrido",
        "CANCELAR_CIP": "cip.cancelada",
    },
    "cases.reclamacao": {"DECIDIR": "reclamacao.decidida"},
    "cases.acordo": {"FIRMAR_ACORDO": "acordo.firmado"},
    "hearings.audiencia": {
        "AGENDAR": "audiencia.agendada",
        "CONFIRMAR": "audiencia.confirmada",
        "REDESIGNAR": "audiencia.remarcada",
        "CANCELAR": "audiencia.cancelada",
        "REALIZAR": "audiencia.realizada",
        "REGISTRAR_AUSENCIA": "audiencia.nao_realizada",
        "CONFIRMAR_PRESENCA": "audiencia.confirmada",
        "PEDIR_REMARCACAO": "audiencia.nova_data_pedida",
        "NEGAR_REMARCACAO": "audiencia.nova_data_negada",
    },
}
#: What one party says of a hearing, or is answered, is told where the party is the consumer.
OF_THE_CONSUMER = ("CONFIRMAR_PRESENCA", "PEDIR_REMARCACAO", "NEGAR_REMARCACAO")
#: Any other event by which the case itself changed its status.
MOVED = "atendimento.status_alterado"
PAPER = "documento.emitido"

WHENS = "\n".join(
    f"        WHEN objeto = '{objeto}' AND ato = '{ato}' THEN '{tipo}'"
    for objeto, acts in TOLD.items()
    for ato, tipo in acts.items()
)

# A case is the integration's that wrote its first event, whoever in the office has it now; what a revoked one is owed is
# called off later (portal/queries.py). The order of the numbers of a
# case's deliveries is the order of its events: whoever writes one holds the case's history until the commit.
OWED = """
    INSERT INTO portal_entrega (codigo, webhook_id, evento_id, historico_id, tipo, protocolo, sequencia, objeto_id,
        ocorrido_em, proxima_tentativa_em, situacao, motivo, tentativas, resposta)
    SELECT gen_random_uuid(), w.id, {evento}, NEW.historico_id, {tipo}, a.protocolo, {sequencia}, {objeto},
        {quando}, least({quando}, now()), 'pendente', '', 0, ''
    FROM workflow_evento p
    JOIN portal_integracao i ON i.user_id = p.autor_id
    JOIN portal_webhook w ON w.integracao_id = i.id AND w.situacao = 'ativo' AND {tipo} = ANY(w.eventos)
    JOIN cases_atendimento a ON a.historico_id = p.historico_id
    WHERE p.historico_id = NEW.historico_id AND p.sequencia = 1
    ORDER BY w.id;"""

EVENTS = f"""
CREATE OR REPLACE FUNCTION portal_tipo_de_evento(objeto text, ato text, de text, para text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
{WHENS}
        WHEN objeto = 'cases.atendimento' AND para <> '' AND para <> de THEN '{MOVED}'
    END
$$;

CREATE OR REPLACE FUNCTION portal_avisar_evento() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    dito text;
BEGIN
    IF NOT EXISTS (SELECT FROM portal_webhook WHERE situacao = 'ativo') THEN RETURN NULL; END IF;
    IF NEW.ato IN {OF_THE_CONSUMER} AND NEW.dados->>'parte' IS DISTINCT FROM 'consumidor' THEN RETURN NULL; END IF;
    dito := portal_tipo_de_evento(NEW.objeto, NEW.ato, NEW.de, NEW.para);
    IF dito IS NULL THEN RETURN NULL; END IF;
{OWED.format(evento="NEW.id", tipo="dito", sequencia="NEW.sequencia", objeto="NEW.objeto_id", quando="NEW.quando")}
    RETURN NULL;
END $$;
"""

SQL = f"""
{EVENTS}
CREATE TRIGGER webhooks_avisam AFTER INSERT ON workflow_evento FOR EACH ROW
    WHEN (NEW.objeto IN ({", ".join(f"'{objeto}'" for objeto in TOLD)})) EXECUTE FUNCTION portal_avisar_evento();

CREATE FUNCTION portal_avisar_documento() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM portal_webhook WHERE situacao = 'ativo') THEN RETURN NULL; END IF;
{OWED.format(evento="NULL", tipo=f"'{PAPER}'", sequencia="NULL", objeto="NEW.id", quando="NEW.emitido_em")}
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_avisam AFTER INSERT ON documents_documento FOR EACH ROW WHEN (NEW.historico_id IS NOT NULL)
    EXECUTE FUNCTION portal_avisar_documento();
"""

UNDO = """
DROP TRIGGER webhooks_avisam ON documents_documento;
DROP TRIGGER webhooks_avisam ON workflow_evento;
DROP FUNCTION portal_avisar_documento();
DROP FUNCTION portal_avisar_evento();
DROP FUNCTION portal_tipo_de_evento(text, text, text, text);
"""
