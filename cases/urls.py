"""Addresses of cases: the list, the registration page, the case, and one address per act."""

from django.urls import URLPattern, URLResolver, path, register_converter

from cases.views import (
    acts,
    agreements,
    attachments,
    bulk,
    calculation,
    case,
    case_texts,
    cip_lots,
    cips,
    complaint,
    contingency,
    correction,
    drafts,
    finder,
    handouts,
    history,
    intake,
    intake_parts,
    listing,
    numbers,
    privacy,
    queue,
    retention,
    saved,
    terms,
    texts,
    unidades,
)


class Protocol:
    """A protocol number, as 35.001.001.26-0000123."""

    regex = r"\d{2}\.\d{3}\.\d{3}\.\d{2}-\d{7}"

    def to_python(self, value: str) -> str:
        """As it is written."""
        return value

    def to_url(self, value: str) -> str:
        """As it is written."""
        return value


register_converter(Protocol, "protocolo")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.listing, name="atendimentos"),
    path("exportar/", listing.export, name="atendimentos_exportar"),
    path("exportar/xlsx/", listing.export_sheet, name="atendimentos_exportar_xlsx"),
    path("lote/", bulk.choose, name="lote_escolher"),
    path("lote/<str:lote>/", bulk.act, name="lote"),
    path("lote/<str:lote>/resultado/", bulk.outcome, name="lote_resultado"),
    path("filtros/", saved.save, name="filtro_salvar"),
    path("filtros/<int:pk>/excluir/", saved.delete, name="filtro_excluir"),
    path("filtros/<int:pk>/subir/", saved.up, name="filtro_subir"),
    path("filtros/<int:pk>/padrao/", saved.default, name="filtro_padrao"),
    path("calculo/", calculation.calculator, name="calculo"),
    path("triagem/", queue.reception, name="triagem"),
    path("triagem/emitir/", queue.issue, name="triagem_emitir"),
    path("triagem/chamar/", queue.call, name="triagem_chamar"),
    path("triagem/painel/", queue.panel, name="triagem_painel"),
    path("triagem/senhas/<int:pk>/", queue.ticket, name="senha"),
    path("triagem/senhas/<int:pk>/rechamar/", queue.recall, name="senha_rechamar"),
    path("triagem/senhas/<int:pk>/ausente/", queue.absent, name="senha_ausente"),
    path("triagem/senhas/<int:pk>/iniciar/", queue.begin, name="senha_iniciar"),
    path("triagem/senhas/<int:pk>/concluir/", queue.end, name="senha_concluir"),
    path("prazos/", terms.running, name="prazos_em_curso"),
    path("prazos/exportar/", terms.export, name="prazos_exportar"),
    path("acordos/", agreements.listing, name="acordos"),
    path("acordos/exportar/", agreements.export, name="acordos_exportar"),
    path("reclamacoes/", agreements.complaints, name="reclamacoes"),
    path("contingencia/", contingency.contingency, name="contingencia"),
    path("contingencia/digitar/", contingency.choose, name="contingencia_digitar"),
    path("contingencia/imprimir/", contingency.blanks, name="contingencia_imprimir"),
    path("contingencia/<int:pk>/anular/", contingency.void, name="contingencia_anular"),
    path("novo/", intake.new, name="atendimento_novo"),
    path("novo/consumidor/", intake.consumer, name="novo_consumidor"),
    path("novo/fornecedores/", intake.suppliers, name="novo_fornecedores"),
    path("novo/fornecedor/", intake.supplier, name="novo_fornecedor"),
    path("novo/casos/", finder.cases, name="novo_casos"),
    path("novo/problemas/", intake.problems, name="novo_problemas"),
    path("novo/avisos/", intake_parts.warnings, name="novo_avisos"),
    path("novo/cidades/", intake_parts.towns, name="novo_cidades"),
    path("novo/texto/", drafts.ready_text, name="novo_texto"),
    path("novo/rascunho/", drafts.save, name="novo_rascunho"),
    path("novo/rascunho/descartar/", drafts.discard, name="novo_rascunho_descartar"),
    path("textos/", texts.listing, name="textos"),
    path("textos/novo/", texts.edit, name="texto_novo"),
    path("textos/<int:pk>/", texts.edit, name="texto"),
    path("textos/<int:pk>/aposentar/", texts.retire, name="texto_aposentar"),
    path("<protocolo:protocolo>/", case.case, name="atendimento"),
    path("<protocolo:protocolo>/calculo/", calculation.of_case, name="atendimento_calculo"),
    path("<protocolo:protocolo>/acordos/novo/", agreements.new, name="acordo_novo"),
    path("<protocolo:protocolo>/resolver/", acts.settle, name="atendimento_resolver"),
    path("<protocolo:protocolo>/reclamacao/", acts.complain, name="atendimento_reclamacao"),
    path("<protocolo:protocolo>/encerrar/", acts.close, name="atendimento_encerrar"),
    path("<protocolo:protocolo>/reabrir/", acts.reopen, name="atendimento_reabrir"),
    path("<protocolo:protocolo>/retificar/", acts.rectify, name="atendimento_retificar"),
    path("<protocolo:protocolo>/corrigir/", correction.correct, name="atendimento_corrigir"),
    path("<protocolo:protocolo>/corrigir/fornecedores/", correction.add, name="reclamado_incluir"),
    path("reclamados/<int:pk>/retirar/", correction.remove, name="reclamado_retirar"),
    path("<protocolo:protocolo>/papeis/", handouts.handouts, name="atendimento_papeis"),
    path("<protocolo:protocolo>/inercia/", acts.archive, name="atendimento_inercia"),
    path("<protocolo:protocolo>/aviso/", acts.tell, name="atendimento_aviso"),
    *[
        path(f"<protocolo:protocolo>/{name}/", acts.closing_paper, {"tipo": tipo}, name=f"atendimento_{name}")
        for name, tipo in (("ficha-de-baixa", "ficha_de_baixa"), ("comunicacao", "comunicacao"))
    ],
    path("<protocolo:protocolo>/espelho/", acts.espelho, name="atendimento_espelho"),
    path("consumidores/<int:pk>/alteracoes/", history.person_history, name="consumidor_alteracoes"),
    path("<protocolo:protocolo>/historico/", history.history, name="atendimento_historico"),
    path("<protocolo:protocolo>/anexos/", attachments.upload, name="anexos"),
    path("<protocolo:protocolo>/numeros/", numbers.add, name="numero_anotar"),
    path("numeros/<int:pk>/retirar/", numbers.take_back, name="numero_retirar"),
    path("anexos/<int:pk>/", attachments.download, name="anexo"),
    path("anexos/<int:pk>/imagem/", attachments.picture, name="anexo_imagem"),
    path("anexos/<int:pk>/remover/", attachments.remove, name="anexo_remover"),
    path("reclamados/<int:pk>/textos/<str:uso>/", case_texts.texts, name="reclamado_texto"),
    path("reclamados/<int:pk>/contato/", acts.contact, name="reclamado_contato"),
    path("reclamados/<int:pk>/cip/", acts.issue, name="reclamado_cip"),
    path("cips/", cips.listing, name="cips"),
    path("cips/envio/", cips.send, name="cips_envio"),
    path("cips/impressao/", cips.print_letters, name="cips_imprimir"),
    path("cips/emissao/", cips.issue, name="cips_emissao"),
    path("cips/ciencia/", cips.receive, name="cips_ciencia"),
    path("cips/baixa/", cips.close, name="cips_baixa"),
    path("cips/etiquetas/", cips.print_label_sheets, name="cips_etiquetas"),
    path("cips/lotes/", cip_lots.listing, name="cip_lotes"),
    path("cips/lotes/<int:pk>/", cip_lots.lot, name="cip_lote"),
    path("cips/<int:pk>/envio/", acts.send, name="cip_envio"),
    path("cips/<int:pk>/ciencia/", acts.acknowledge, name="cip_ciencia"),
    path("cips/<int:pk>/resposta/", acts.answer, name="cip_resposta"),
    path("cips/<int:pk>/analise/", acts.analyze, name="cip_analise"),
    path("cips/<int:pk>/manifestacao/", acts.hear_consumer, name="cip_manifestacao"),
    path("cips/<int:pk>/prorrogacao/", acts.extend, name="cip_prorrogacao"),
    path("cips/<int:pk>/decisao/", acts.decide_extension, name="cip_decisao"),
    path("cips/<int:pk>/baixa/", acts.finish, name="cip_baixa"),
    path("cips/<int:pk>/cancelamento/", acts.cancel, name="cip_cancelamento"),
    path(
        "reclamados/<int:pk>/notificacao/",
        complaint.act,
        {"name": "NOTIFICAR_RECLAMACAO"},
        name="reclamado_notificacao",
    ),
    path("reclamados/<int:pk>/decisao/", complaint.act, {"name": "DECIDIR"}, name="reclamado_decisao"),
    path("defesas/<int:pk>/recebimento/", complaint.act, {"name": "RECEBER_NOTIFICACAO"}, name="defesa_recebimento"),
    path("defesas/<int:pk>/texto/", complaint.act, {"name": "RECEBER_DEFESA"}, name="defesa_texto"),
    path("defesas/<int:pk>/prorrogacao/", complaint.act, {"name": "PRORROGAR_DEFESA"}, name="defesa_prorrogacao"),
    path("reclamacoes/<int:pk>/parecer/", complaint.act, {"name": "EMITIR_PARECER"}, name="reclamacao_parecer"),
    path("reclamacoes/<int:pk>/devolucao/", complaint.act, {"name": "DEVOLVER_PARECER"}, name="reclamacao_devolucao"),
    path(
        "reclamacoes/<int:pk>/arquivamento/",
        complaint.act,
        {"name": "ARQUIVAR_RECLAMACAO"},
        name="reclamacao_arquivamento",
    ),
    path("decisoes/<int:pk>/intimacao/", complaint.act, {"name": "INTIMAR_DA_DECISAO"}, name="decisao_intimacao"),
    path("decisoes/<int:pk>/recurso/", complaint.act, {"name": "INTERPOR_RECURSO"}, name="decisao_recurso"),
    path("recursos/<int:pk>/julgamento/", complaint.act, {"name": "JULGAR_RECURSO"}, name="recurso_julgamento"),
    path("parcelas/<int:pk>/pagamento/", complaint.act, {"name": "PAGAR_PARCELA"}, name="parcela_pagamento"),
    path("acordos/<int:pk>/cumprido/", complaint.act, {"name": "CUMPRIR_ACORDO"}, name="acordo_cumprido"),
    path("acordos/<int:pk>/descumprido/", complaint.act, {"name": "DESCUMPRIR_ACORDO"}, name="acordo_descumprido"),
    path("acordos/<int:pk>/sem-noticia/", complaint.act, {"name": "SEM_NOTICIA_DO_ACORDO"}, name="acordo_sem_noticia"),
    path(
        "acordos/<int:pk>/reclamacao/",
        complaint.act,
        {"name": "INSTAURAR_POR_DESCUMPRIMENTO"},
        name="acordo_reclamacao",
    ),
]

#: The administrador's own branch, under /cadastros/unidades/.
unidades_do_procon: list[URLPattern | URLResolver] = [
    path("", unidades.listing, name="unidades"),
    path("nova/", unidades.new, name="unidade_nova"),
    path("<int:pk>/", unidades.unidade, name="unidade"),
    path("<int:pk>/desativar/", unidades.deactivate, name="unidade_desativar"),
    path("<int:pk>/reativar/", unidades.reactivate, name="unidade_reativar"),
]

#: The encarregado's own branch, under /privacidade/.
privacidade: list[URLPattern | URLResolver] = [
    path("", privacy.readings, name="privacidade"),
    path("pessoas/<int:pk>/", privacy.person, name="privacidade_pessoa"),
    path("pessoas/<int:pk>/dados/", privacy.export, name="privacidade_exportar"),
    path("solicitacoes/", privacy.requests, name="privacidade_solicitacoes"),
    path("solicitacoes/<int:pk>/", privacy.answer, name="privacidade_responder"),
    path("anonimizacao/", retention.preview, name="privacidade_anonimizacao"),
    path("anonimizacao/executar/", retention.run, name="privacidade_anonimizar"),
    path("anonimizacao/prazos/", retention.retention, name="privacidade_guarda"),
]
