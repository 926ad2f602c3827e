"""What each papel may open of its own unidade, by hand: a new address without a row here fails the matrix."""

from __future__ import annotations

#: A atendente, C conciliador, O coordenador, U autoridade, T auditor, E encarregado, M administrador.
LETTERS = dict(
    zip(
        "ACOUTEM",
        ("atendente", "conciliador", "coordenador", "autoridade", "auditor", "encarregado", "administrador"),
        strict=True,
    )
)
#: Open without log-in, each for its own reason: what is public, a door, or a link with a secret in it.
_PUBLIC = """
        acompanhamento acompanhamento_anexar acompanhamento_anexo acompanhamento_caso acompanhamento_documento
        acompanhamento_ics acompanhamento_resposta acompanhamento_sair
        agenda_ics audiencia_parte balanco_publico balancos_publicos cadastro_publico cadastros_publicos
        caixa caixa_cip caixa_cip_abrir caixa_cip_pdf caixa_cip_prazo caixa_cip_recibo caixa_cips
        caixa_entrar caixa_link caixa_pedida caixa_sair caixa_varias cip_publica cip_publica_prazo
        cip_recibo conferencia dados_abertos dados_abertos_arquivo entrar entrar_segundo fornecedor_publico
        livez metricas meu_caso meus_casos openid_connect_callback openid_connect_login publico readyz
        sem_rede sem_rede_js senha_esquecida senha_nova triagem_painel
    """

#: Who opens (200, or is led on) which address with GET, in the office of tests/security/office.py.
OPENED: dict[str, str] = {
    # whoever is logged in; lists show each their own unidade's, and may be empty
    "ACOUTEM": """
        inicio busca_resultados quem_pode conta senha conta_confirmar segundo_fator segundo_fator_aplicativo
        segundo_fator_chave segundo_fator_codigos segundo_fator_retirar atendimentos atendimentos_exportar
        atendimentos_exportar_xlsx acordos acordos_exportar reclamacoes novo_problemas novo_cidades cips
        cip_lotes audiencias audiencias_semana audiencias_mes audiencias_sem_expediente consumidores
        mensagens prazos prazos_mudancas prazos_regras
    """,
    # who runs the office
    "------M": """
        copias usuarios usuario_novo usuario usuario_corrigir usuario_papeis usuario_desativar
        usuario_segundo_fator prazos_regra_nova prazos_dia_novo prazos_dia_retirar prazos_suspensao_nova
        prazos_suspensao_retirar integracoes integracao_nova integracao webhooks webhook
        unidades unidade_nova unidade
    """,
    # who works on cases, and who decides or corrects them
    "ACOUT--": """
        calculo prazos_em_curso prazos_exportar atendimento atendimento_calculo atendimento_papeis
        consumidor_alteracoes atendimento_historico audiencias_do_caso audiencias_pauta audiencia_ics
        audiencia audiencia_relogio consumidor fornecedores fornecedor grupos grupo documento mensagem
        anexo anexo_imagem
    """,
    # the counter
    "A-O----": """
        triagem senha_da_fila contingencia contingencia_anular atendimento_novo atendimento_chave
    """,
    # who keeps the texts and reads the letters folder
    "--O---M": """
        textos texto_novo texto correio
    """,
    # after the day of registration
    "--O----": """
        atendimento_corrigir
    """,
    # personal data: the encarregado alone
    "-----E-": """
        privacidade privacidade_pessoa privacidade_solicitacoes privacidade_responder
        privacidade_anonimizacao
    """,
    # who manages
    "--OU---": """
        audiencias_gestao painel gestao
    """,
    # who sets hearings
    "ACO----": """
        mutirao_escolha mutirao audiencia_nova audiencia_redesignar audiencia_etiquetas termo acordo_novo
    """,
    # the agenda's settings
    "-CO---M": """
        agenda_configuracao agenda_da_unidade
    """,
    # who adds a company, and keeps whom to write to
    "A-O-T--": """
        fornecedor_novo fornecedor_contatos
    """,
    # who corrects records, and takes the terms of electronic CIP
    "--O-T--": """
        consumidor_corrigir fornecedor_corrigir fornecedor_adesao adesao_encerrar
    """,
    # the register of companies and people
    "----T--": """
        fornecedor_grupo fornecedor_fundir fusao_desfazer duplicados duplicados_andamento duplicado
        consumidor_fundir fusao_de_consumidores_desfazer pessoas_duplicadas pessoas_duplicadas_andamento
        pessoa_duplicada
    """,
    # reports
    "ACOUTE-": """
        relatorios perguntar cadastros_do_ano cadastro_do_ano cadastro_nacional cadastro_arquivo indices
        perfil ranking balanco balanco_periodo fechamento consumidor_gov
    """,
    # corrections of the published register
    "A-OUT--": """
        cadastro_pedidos cadastro_pedido
    """,
    # not one's own, or not yet there: nobody, until it is
    "-------": """
        usuario_reativar usuario_link digitado lote lote_resultado contingencia_imprimir
        reclamado_texto cip_lote audiencias_no_periodo termo_sem_efeito termo_ver termo_assinar
        correio_carta integracao_segredo integracao_alterar integracao_revogar integracao_reativar
        webhook_reenvio
    """,
}
#: These take no GET at all.
_ONLY_POST = """
        busca sair sessoes_encerrar sessao_encerrar lote_escolher filtro_salvar filtro_excluir filtro_subir
        filtro_padrao triagem_emitir triagem_chamar senha_rechamar senha_ausente senha_iniciar
        senha_concluir contingencia_digitar novo_consumidor novo_fornecedores novo_fornecedor novo_casos
        novo_avisos novo_texto novo_rascunho novo_rascunho_descartar texto_aposentar atendimento_resolver
        atendimento_reclamacao atendimento_encerrar atendimento_reabrir atendimento_retificar
        reclamado_incluir reclamado_retirar atendimento_inercia atendimento_aviso atendimento_ficha-de-baixa
        atendimento_comunicacao atendimento_espelho anexos numero_anotar numero_retirar anexo_remover
        reclamado_contato reclamado_cip cips_envio cips_imprimir cips_emissao cips_ciencia cips_baixa
        cips_etiquetas cip_envio cip_ciencia cip_resposta cip_analise cip_manifestacao cip_prorrogacao
        cip_decisao cip_baixa cip_cancelamento reclamado_notificacao reclamado_decisao defesa_recebimento
        defesa_texto defesa_prorrogacao reclamacao_parecer reclamacao_devolucao reclamacao_arquivamento
        decisao_intimacao decisao_recurso recurso_julgamento parcela_pagamento acordo_cumprido
        acordo_descumprido acordo_sem_noticia acordo_reclamacao privacidade_exportar privacidade_anonimizar
        privacidade_guarda audiencia_impedimento audiencia_impedimento_retirar agenda_regras
        agenda_sala_nova agenda_sala agenda_janela_nova agenda_janela_encerrar agenda_ausencia_nova
        agenda_ausencia_desfazer agenda_assinatura_nova agenda_assinatura_revogar audiencia_pedido_negar
        audiencia_notificar audiencia_confirmar audiencia_cancelar audiencia_justificativa
        audiencia_arquivamento audiencia_resultado audiencia_chegadas audiencia_chegada_retirar
        audiencia_documentos_vistos audiencia_declaracao audiencia_notificacao_nova
        audiencia_notificacao_recebida audiencia_notificacao_devolvida termo_rascunho termo_assinatura
        termo_fechar termo_nova_versao termo_descartar consumidor_canais canal_retirar fornecedor_grafias
        grafia_retirar contato_retirar duplicados_procurar duplicado_nao_sao pessoas_duplicadas_procurar
        pessoa_duplicada_nao_sao mensagem_reenviar unidade_desativar unidade_reativar
    """
PUBLIC, ONLY_POST = frozenset(_PUBLIC.split()), frozenset(_ONLY_POST.split())
