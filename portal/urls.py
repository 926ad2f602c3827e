"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from portal.api.views.token import TokenView
from portal.views import checking, following, govbr, inbox, inbox_letter, integrations, keys, papers, supplier, webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("publico/", following.start, name="publico"),
    path("publico/acompanhamento/", following.entrance, name="acompanhamento"),
    path("publico/acompanhamento/caso/", following.case_page, name="acompanhamento_caso"),
    path("publico/acompanhamento/caso/respostas/<int:pk>/", following.say, name="acompanhamento_resposta"),
    path("publico/acompanhamento/caso/audiencias/<int:pk>.ics", following.calendar, name="acompanhamento_ics"),
    path("publico/acompanhamento/caso/documentos/<str:codigo>.pdf", papers.letter, name="acompanhamento_documento"),
    path("publico/acompanhamento/caso/anexos/", papers.send, name="acompanhamento_anexar"),
    path("publico/acompanhamento/caso/anexos/<int:pk>/", papers.attachment, name="acompanhamento_anexo"),
    path("publico/acompanhamento/meus/", govbr.my_cases, name="meus_casos"),
    path("publico/acompanhamento/meus/<int:pk>/", govbr.open_mine, name="meu_caso"),
    path("publico/acompanhamento/sair/", following.leave, name="acompanhamento_sair"),
    path("atendimentos/<str:protocolo>/chave/", keys.key, name="atendimento_chave"),
    path("publico/documentos/", checking.conferencia, name="conferencia"),
    path("publico/fornecedor/", supplier.entrance, name="fornecedor_publico"),
    path("publico/fornecedor/cip/", supplier.letter, name="cip_publica"),
    path("publico/fornecedor/cip/prazo/", supplier.extension, name="cip_publica_prazo"),
    path("publico/fornecedor/recibo/", supplier.receipt, name="cip_recibo"),
    path("publico/fornecedor/caixa/", inbox.door, name="caixa"),
    path("publico/fornecedor/caixa/pedido/", inbox.asked, name="caixa_pedida"),
    path("publico/fornecedor/caixa/entrar/", inbox.enter, name="caixa_entrar"),
    path("publico/fornecedor/caixa/entrar/<str:token>/", inbox.link, name="caixa_link"),
    path("publico/fornecedor/caixa/sair/", inbox.leave, name="caixa_sair"),
    path("publico/fornecedor/caixa/cips/", inbox.listing, name="caixa_cips"),
    path("publico/fornecedor/caixa/varias/", inbox.several, name="caixa_varias"),
    path("publico/fornecedor/caixa/cips/<int:pk>/", inbox_letter.letter, name="caixa_cip"),
    path("publico/fornecedor/caixa/cips/<int:pk>/abrir/", inbox_letter.open_it, name="caixa_cip_abrir"),
    path("publico/fornecedor/caixa/cips/<int:pk>/prazo/", inbox_letter.extension, name="caixa_cip_prazo"),
    path("publico/fornecedor/caixa/cips/<int:pk>/recibo/", inbox_letter.receipt, name="caixa_cip_recibo"),
    path("publico/fornecedor/caixa/cips/<int:pk>/carta.pdf", inbox_letter.pdf, name="caixa_cip_pdf"),
    path("cadastros/integracoes/", integrations.listing, name="integracoes"),
    path("cadastros/integracoes/nova/", integrations.new, name="integracao_nova"),
    path("cadastros/integracoes/<int:pk>/", integrations.integration, name="integracao"),
    path("cadastros/integracoes/<int:pk>/segredo/", integrations.rotate, name="integracao_segredo"),
    path("cadastros/integracoes/<int:pk>/alterar/", integrations.change, name="integracao_alterar"),
    path("cadastros/integracoes/<int:pk>/revogar/", integrations.revoke, name="integracao_revogar"),
    path("cadastros/integracoes/<int:pk>/reativar/", integrations.restore, name="integracao_reativar"),
    path("cadastros/integracoes/webhooks/", webhooks.listing, name="webhooks"),
    path("cadastros/integracoes/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("cadastros/integracoes/webhooks/<int:pk>/reenvio/", webhooks.resend, name="webhook_reenvio"),
    path("oauth/token/", TokenView.as_view(), name="oauth_token"),
]
