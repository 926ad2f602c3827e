"""How the states of a case look: always a word, and a colour beside it."""

from __future__ import annotations

import re
from typing import Any

from django import template

from cases import acts
from cases.services.correction import field_called
from parties.models import Consumidor
from parties.priority import RANK_80_PLUS, RANK_BLOOD_DONOR, RANK_BY_LAW
from workflow.acts import ActTable
from workflow.models import Evento

register = template.Library()
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_COLOURS = {
    "aberto": "azul",
    "aguarda_fornecedor": "amarela",
    "aguarda_consumidor": "amarela",
    "em_reclamacao": "vermelha",
    "encerrado": "verde",
    "emitida": "azul",
    "enviada": "azul",
    "cientificada": "amarela",
    "respondida": "verde",
    "prazo_decorrido": "vermelha",
    "em_analise": "azul",
    "resolvido": "verde",
    "nao_resolvido": "vermelha",
    "instaurada": "azul",
    "notificada": "amarela",
    "defesa_recebida": "verde",
    "revelia": "vermelha",
    "decidida": "verde",
    "firmado": "azul",
    "cumprido": "verde",
    "descumprido": "vermelha",
    "nao_informado": "amarela",
    "pendente": "azul",
    "falhou": "vermelha",
    "quarentena": "amarela",
    "limpo": "verde",
    "infectado": "vermelha",
    "sem_verificacao": "amarela",
}
_OF_WHOM = {True: " de quem representa", False: ""}
_PRIORITY = {RANK_80_PLUS: "80 anos ou mais", RANK_BY_LAW: "Prioridade", RANK_BLOOD_DONOR: "Doador de sangue"}
#: What is written down without moving anything, or is moved outside the table of acts.
_OTHER = {
    "REENVIAR_MENSAGEM": "Reenviou uma mensagem que não chegou",
    "MENSAGEM_DEVOLVIDA": "Uma mensagem foi devolvida pelo correio",
    "REGISTRAR": "Registrou o atendimento",
    "ACEITAR_DOMICILIO": "Aceitou atender quem mora fora do município",
    "CONFIRMAR_DUPLICIDADE": "Registrou sabendo de caso aberto igual",
    "REGISTRAR_CONTATO": "Registrou contato com o fornecedor",
    "EMITIR_CIP": "Emitiu a CIP",
    "RECEBER_NOTIFICACAO": "Registrou o recebimento da notificação",
    "RECEBER_DEFESA": "Registrou a defesa",
    "CERTIFICAR_REVELIA": "Certificou a revelia",
    "CLASSIFICAR": "Decidiu sobre um fornecedor",
    "INTIMAR_DA_DECISAO": "Registrou a intimação da decisão",
    "TRANSITAR": "Decisão definitiva",
    "FIRMAR_ACORDO": "Registrou um acordo",
    "PAGAR_PARCELA": "Registrou o pagamento de uma parcela",
    "PERGUNTAR_DO_ACORDO": "Perguntou ao consumidor pelo acordo",
    "RETIFICAR": "Retificou a situação",
    "PASSAR_A_OUTRO": "Passou a outro atendente",
    "ANOTAR": "Anotou",
    "INSTAURAR_RECLAMACAO": "Abriu reclamação",
    "PEDIR_PRORROGACAO": "O fornecedor pediu prorrogação",
    "DEFERIR_PRORROGACAO": "Deferiu a prorrogação",
    "INDEFERIR_PRORROGACAO": "Indeferiu a prorrogação",
    "MANIFESTAR": "Registrou o que o consumidor disse",
    "AVISAR_CONSUMIDOR": "Avisou o consumidor",
    "ENTREGAR_CHAVE": "Entregou a chave de acompanhamento",
    "AVISAR_INERCIA": "Último aviso antes de arquivar por inércia",
    "ANOTAR_NUMERO": "Anotou o número do caso em outro sistema",
    "DIGITAR_FORMULARIO": "Digitou o formulário de contingência",
    "RETIRAR_NUMERO": "Retirou um número de outro sistema",
    "ANONIMIZAR": "Anonimizou os dados ao fim da guarda",
    "ANEXAR": "Anexou um arquivo",
    "CORRIGIR_ATENDIMENTO": "Corrigiu o atendimento",
    "CORRIGIR_CONSUMIDOR": "Corrigiu os dados do consumidor",
    "INCLUIR_RECLAMADO": "Incluiu um fornecedor reclamado",
    "RETIRAR_RECLAMADO": "Retirou um fornecedor reclamado",
    "REMOVER_ANEXO": "Removeu um anexo",
    "BLOQUEAR_ANEXO": "Antivírus bloqueou um anexo",
    "CALCULAR": "Fez um cálculo",
    "PRORROGAR_PRAZO": "Prorrogou o prazo",
    "RECALCULAR_PRAZO": "Prazo contado de novo",
}


@register.filter
def cor(status: str) -> str:
    """The colour of a state's label."""
    return f"etiqueta--{_COLOURS[status]}" if status in _COLOURS else ""


@register.filter
def prioridade(rank: int) -> str:
    """Why this case goes first, without naming anybody's health; empty where it does not."""
    return _PRIORITY.get(rank, "")


@register.filter
def ato(event: Evento) -> str:
    """What happened, in words."""
    if event.ato in _OTHER:
        return _OTHER[event.ato]
    for table in ActTable.registry.values():
        for act in table:
            if act.name == event.ato:
                return act.label
    return event.ato.replace("_", " ").capitalize()


@register.filter
def campos(event: Evento) -> str:
    """Which fields a correction changed, in words; empty for any other event."""
    names = event.dados.get("campos", [])
    if event.ato == "CORRIGIR_CONSUMIDOR":
        return ", ".join(str(Consumidor._meta.get_field(name).verbose_name) for name in names)
    if event.ato != "CORRIGIR_ATENDIMENTO":
        return ""
    return ", ".join(f"{field_called(name).verbose_name}{_OF_WHOM[name.startswith('rep_')]}" for name in names)


@register.filter
def tipo_de_arquivo(tipo: str) -> str:
    """A media type as people name it: PDF, JPEG."""
    return {"image/webp": "WebP"}.get(tipo, tipo.rpartition("/")[2].upper())


@register.filter
def de_historico(protocolos: dict[int, str], numero: int) -> str:
    """The protocol of the case with this history."""
    return protocolos.get(numero, "")


@register.filter
def em_palavras(status: str) -> str:
    """A state as it is read: «aguarda fornecedor»; a day, which is how a term moves, as it is written here."""
    if _ISO_DAY.fullmatch(status):
        return "/".join(reversed(status.split("-")))
    return status.replace("_", " ")


#: What a page of the reading log is called, where its name is not already the word for it.
_READ = {
    "api": "Portal (API)",
    "corrigir": "Correção do atendimento",
    "duplicados": "Pessoas duplicadas",
    "exportacao_lgpd": "Exportação dos dados da pessoa",
    "historico": "Histórico",
    "novo_consumidor": "Balcão, pessoa encontrada",
    "privacidade": "Ficha de privacidade",
    "publico_acompanhamento": "Página pública, com a chave do caso",
}


@register.filter
def leitura_de(pagina: str) -> str:
    """What somebody had before them, as the reading log tells it."""
    return _READ.get(pagina) or pagina.replace("_", " ").capitalize()


@register.filter
def pode_registrar(user: Any) -> bool:
    """Whether this person may register an atendimento."""
    return bool(user.papeis & set(acts.COUNTER))
