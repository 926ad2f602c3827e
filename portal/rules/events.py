"""The kinds of event that a webhook may be told of. Which act gives which kind: portal/migrations/_webhooks.py."""

from __future__ import annotations

#: Asked for by the client itself, to see whether its receiver works; nobody subscribes to it.
TEST = "webhook.teste"

EVENTS: dict[str, str] = {
    "atendimento.registrado": "O atendimento foi registrado.",
    "atendimento.status_alterado": "O atendimento passou a outro status, por qualquer ato ou retificação.",
    "atendimento.aviso_de_inercia": "O Procon espera o consumidor; sem notícia dele, o caso será arquivado.",
    "cip.emitida": "O Procon preparou uma carta a um fornecedor.",
    "cip.enviada": "A carta saiu para o fornecedor.",
    "cip.cientificada": "O fornecedor recebeu a carta; o prazo corre.",
    "cip.prazo_prorrogado": "O fornecedor recebeu mais dias para responder.",
    "cip.respondida": "O fornecedor respondeu.",
    "cip.prazo_decorrido": "O prazo terminou sem resposta do fornecedor.",
    "cip.cancelada": "A carta foi cancelada.",
    "reclamacao.decidida": "A reclamação foi decidida quanto a todos os fornecedores.",
    "acordo.firmado": "Foi registrado um acordo.",
    "audiencia.agendada": "Uma audiência foi marcada, também como nova data de outra.",
    "audiencia.confirmada": "A presença na audiência foi confirmada.",
    "audiencia.nova_data_pedida": "O consumidor pediu outra data; o Procon decide.",
    "audiencia.nova_data_negada": "O Procon negou ao consumidor outra data; vale a marcada.",
    "audiencia.remarcada": "A audiência deixou esta data; a nova vem em «audiencia.agendada».",
    "audiencia.cancelada": "A audiência foi cancelada.",
    "audiencia.realizada": "A audiência foi realizada.",
    "audiencia.nao_realizada": "A audiência não aconteceu, porque alguém faltou.",
    "documento.emitido": "O Procon emitiu um documento do atendimento.",
}


def resource_of(tipo: str, protocolo: str, objeto_id: int | None) -> str:
    """The path of the API where what happened can be read, with the integration's token."""
    subject = tipo.partition(".")[0]
    if subject == "audiencia":
        return f"/api/v1/audiencias/{objeto_id}/"
    if subject == "webhook":
        return f"/api/v1/webhooks/{objeto_id}/"
    case = f"/api/v1/atendimentos/{protocolo}/"
    return f"{case}documentos/" if subject == "documento" else case
