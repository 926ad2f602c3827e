"""What happened to a case, in words for the consumer: no staff names, no internal reasons. Pure.

An event that is not listed here is not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_CASE, _SUPPLIER, _CIP, _HEARING = "cases.atendimento", "cases.reclamado", "cases.cip", "hearings.audiencia"
_COMPLAINT, _DEFENCE, _DECISION = "cases.reclamacao", "cases.defesa", "cases.classificacao"
_AGREEMENT = "cases.acordo"

#: By object and act. {fornecedor}, {ciencia}, {vence_em}, {inicio} and the like come from what the act recorded.
SENTENCES: dict[tuple[str, str], str] = {
    (_CASE, "REGISTRAR"): "Seu atendimento foi registrado no Procon.",
    (_SUPPLIER, "REGISTRAR_CONTATO"): "O Procon procurou {fornecedor} para tentar resolver na hora.",
    (_CIP, "EMITIR_CIP"): "O Procon preparou uma carta (CIP) que pede a {fornecedor} uma solução.",
    (_CIP, "ENVIAR_CIP"): "A carta foi enviada ao fornecedor.",
    (_CIP, "DAR_CIENCIA"): "O fornecedor recebeu a carta em {ciencia} e tem até {vence_em} para responder.",
    (_CIP, "DAR_CIENCIA_PRESUMIDA"): (
        "O fornecedor não abriu a carta eletrônica; considera-se que a recebeu em {ciencia}, e tem até {vence_em} para "
        "responder."
    ),
    (_CIP, "RESPONDER_CIP"): "O fornecedor respondeu.",
    (_CIP, "DECORRER_PRAZO"): "O prazo terminou e o fornecedor não respondeu.",
    (_CIP, "CANCELAR_CIP"): "A carta a um fornecedor foi cancelada.",
    (_CASE, "AGUARDAR_CONSUMIDOR"): "O Procon aguarda você para o próximo passo.",
    (_CIP, "MANIFESTAR"): "O Procon registrou o que você disse da resposta do fornecedor.",
    (_CIP, "ACEITAR_RESPOSTA"): "Você aceitou a resposta do fornecedor.",
    (_CIP, "DEFERIR_PRORROGACAO"): "O fornecedor recebeu mais dias para responder.",
    (_CASE, "AVISAR_INERCIA"): "O Procon espera você; sem notícia sua, o caso será arquivado em {vence_em}.",
    (_CASE, "ENCERRAR_POR_ACEITACAO"): "O caso foi encerrado porque você aceitou a resposta.",
    (_CASE, "ARQUIVAR_POR_INERCIA"): "O caso foi arquivado, porque não houve notícia sua.",
    (_CASE, "ARQUIVAR_POR_AUSENCIA"): (
        "O caso foi arquivado, porque você faltou à audiência e a ausência não foi justificada no prazo."
    ),
    (_CASE, "INSTAURAR_RECLAMACAO"): "O Procon abriu um processo de reclamação.",
    (_CASE, "RESOLVER_NO_ATENDIMENTO"): "O problema foi resolvido no atendimento, e o caso foi encerrado.",
    (_CASE, "ENCERRAR"): "O caso foi encerrado.",
    (_CASE, "REABRIR"): "O caso foi reaberto.",
    (_CASE, "REABRIR_EM_RECLAMACAO"): "O caso foi reaberto como reclamação.",
    (_CASE, "RETIFICAR"): "O Procon corrigiu a situação do caso.",
    (_CASE, "ATUALIZAR_CONTATO"): "Seus dados de contato foram atualizados.",
    (_CASE, "INSTAURAR_POR_DESCUMPRIMENTO"): "O Procon abriu reclamação, porque o acordo não foi cumprido.",
    (_COMPLAINT, "NOTIFICAR_RECLAMACAO"): "O Procon notificou {fornecedor} da reclamação, para se defender.",
    (
        _DEFENCE,
        "RECEBER_NOTIFICACAO",
    ): "A notificação chegou em {recebida_em} a {fornecedor}, com defesa até {vence_em}.",
    (_DEFENCE, "RECEBER_DEFESA"): "O Procon recebeu a defesa de {fornecedor}.",
    (
        _DEFENCE,
        "CERTIFICAR_REVELIA",
    ): "O processo segue sem a defesa de {fornecedor}, que não falou no prazo ou faltou.",
    (_COMPLAINT, "CONCLUIR_DEFESAS"): "A fase de defesa terminou, e o Procon analisa a reclamação.",
    (_COMPLAINT, "DECLARAR_REVELIA"): "A fase de defesa terminou sem defesa, e o Procon analisa a reclamação.",
    (_COMPLAINT, "EMITIR_PARECER"): "O parecer técnico está pronto, e a reclamação aguarda a decisão.",
    (_DECISION, "CLASSIFICAR"): "Há decisão quanto a {fornecedor}; ela lhe é entregue pelo Procon.",
    (_COMPLAINT, "DECIDIR"): "A reclamação está decidida quanto a todos os fornecedores.",
    (_DECISION, "INTIMAR_DA_DECISAO"): (
        "As partes souberam da decisão quanto a {fornecedor} em {intimada_em}; cabe recurso até {vence_em}."
    ),
    (_COMPLAINT, "INTERPOR_RECURSO"): "Chegou recurso da decisão quanto a {fornecedor}.",
    (_COMPLAINT, "JULGAR_RECURSO"): "O recurso da decisão quanto a {fornecedor} foi julgado.",
    (_DECISION, "TRANSITAR"): "A decisão quanto a {fornecedor} é definitiva desde {definitiva_desde}.",
    (_COMPLAINT, "ARQUIVAR_RECLAMACAO"): "A reclamação foi arquivada.",
    (_AGREEMENT, "FIRMAR_ACORDO"): "Foi registrado um acordo com {fornecedor}.",
    (_AGREEMENT, "PAGAR_PARCELA"): "Uma parcela do acordo foi paga em {paga_em}.",
    (_AGREEMENT, "PERGUNTAR_DO_ACORDO"): "O Procon perguntou a você se o acordo foi cumprido.",
    (_AGREEMENT, "CUMPRIR_ACORDO"): "O acordo foi cumprido.",
    (_AGREEMENT, "DESCUMPRIR_ACORDO"): "Foi registrado que o acordo não foi cumprido.",
    (_AGREEMENT, "SEM_NOTICIA_DO_ACORDO"): "O Procon perguntou pelo acordo e não teve resposta.",
    (_HEARING, "AGENDAR"): "Foi marcada uma audiência de conciliação para {inicio}.",
    (_HEARING, "CONFIRMAR"): "A presença na audiência foi confirmada.",
    (_HEARING, "REALIZAR"): "A audiência foi realizada.",
    (_HEARING, "REGISTRAR_AUSENCIA"): "A audiência não aconteceu porque alguém faltou.",
    (_HEARING, "JUSTIFICAR_AUSENCIA"): "Sua justificativa foi registrada, e o caso continua.",
    (_HEARING, "REDESIGNAR"): "A audiência recebeu nova data.",
    (_HEARING, "CANCELAR"): "A audiência foi cancelada.",
}

#: What is said where an older event did not record the detail.
_UNSAID = {"fornecedor": "o fornecedor", "ciencia": "data comprovada", "vence_em": "o fim do prazo", "inicio": "breve"}
_UNSAID |= dict.fromkeys(["recebida_em", "intimada_em", "paga_em"], "data comprovada")
_UNSAID |= {"definitiva_desde": "a data que consta nela"}


def sentence(objeto: str, ato: str, dados: Mapping[str, Any], *, zone: ZoneInfo) -> str:
    """The sentence for one event; `zone` is the office's. KeyError for an event that is not told."""
    ato = f"{ato}_PRESUMIDA" if dados.get("presumida") else ato
    details = {name: _shown(dados.get(name), zone) or unsaid for name, unsaid in _UNSAID.items()}
    return SENTENCES[objeto, ato].format(**details)


def _shown(value: Any, zone: ZoneInfo) -> str:
    """A recorded detail as people write it: 12/03/2026, or 12/03/2026 às 10:00."""
    text = str(value or "")
    try:
        if len(text) == len("2026-03-12"):
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        return f"{datetime.fromisoformat(text).astimezone(zone):%d/%m/%Y às %H:%M}"
    except ValueError:
        return text


#: What is said of each kind of answer of a supplier.
ANSWERED = {
    "aceita": "{fornecedor} respondeu em {dia} que atende ao seu pedido.",
    "proposta": "{fornecedor} respondeu em {dia} com uma proposta.",
    "recusa": "{fornecedor} respondeu em {dia} que não atende ao seu pedido.",
    "informacao": "{fornecedor} respondeu em {dia} à carta do Procon.",
}


def answered(
    especie: str, *, fornecedor: str, dia: date, awaited: bool, until: date | None, aceita: bool | None
) -> str:
    """A supplier's answer, and what the consumer may do about it or did.

    `awaited`: whether the office waits for the consumer's word; `until`: the last day for it, where one is set;
    `aceita`: the word that was given, None where none was.
    """
    told = ANSWERED.get(especie, ANSWERED["informacao"]).format(fornecedor=fornecedor, dia=f"{dia:%d/%m/%Y}")
    if aceita is not None:
        return f"{told} Você {'aceitou' if aceita else 'não aceitou'} a resposta."
    if not awaited:
        return f"{told} O Procon já deu andamento ao caso."
    limit = f" até {until:%d/%m/%Y}" if until else ""
    if especie == "recusa":
        return f"{told} Diga{limit} por que não concorda, ou procure o Procon se quiser desistir."
    return f"{told} Diga{limit} se aceita a resposta; se não aceita, por quê."
