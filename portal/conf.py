"""The settings of the API's libraries; procon/settings.py takes them as they stand here."""

from __future__ import annotations

from typing import Any

#: Requests a minute: of one integration, of one address without a token, of one address following cases, or
#: checking documents; of one address and of one CNPJ at the suppliers' pages; of one address at all public pages;
#: files of many rows, by address or by person (procon/limits.py).
LIMITS: dict[str, int] = {
    "integracao": 6000,
    "anonimo": 120,
    "acompanhamento": 30,
    "conferencia": 60,
    "token": 60,
    "fornecedor": 20,
    "caixa": 10,
    "caixa_cnpj": 3,
    "caixa_link": 20,
    "publico": 300,
    "arquivo": 60,
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.IntegrationAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttling.ClientThrottle"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Description",
    "EXCEPTION_HANDLER": "portal.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "portal.Integracao"
OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",  # client credentials and nothing else
    "OAUTH2_VALIDATOR_CLASS": "portal.api.authentication.SecretValidator",
    "SCOPES_BACKEND_CLASS": "portal.scopes.IntegrationScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "CLIENT_SECRET_GENERATOR_LENGTH": 64,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # the table holds only hashes of tokens
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "API do Procon",
    "DESCRIPTION": (
        "O serviço do Procon sem o balcão: registrar e acompanhar reclamações a partir do portal da cidade.\n\n"
        "Autorização: OAuth 2.0, credenciais do cliente, em `/oauth/token/`. Uma integração vê os atendimentos que ela "
        "mesma registrou; de outros, só com a chave de acompanhamento. JSON em UTF-8, nomes em português; datas "
        "ISO 8601 com fuso; valores em reais como texto decimal. Todo erro é `application/problem+json`."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["portal.api.schema.only_the_api"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "portal.api.schema.complete"],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_SUFFIX": "",
    "ENUM_NAME_OVERRIDES": {
        "SituacaoDoCadastro": [("publicado", "publicado")],
        "SituacaoDaEntrega": "portal.models.Entrega.Situacao",
        "SituacaoDoWebhook": "portal.api.serializers.webhooks.STANDING",
        "Tipo": "cases.models.Tipo",
        "TipoDeDocumento": "documents.models.Documento.Tipo",
        "TipoDeAviso": "portal.api.serializers.webhooks.TOLD",
        "SituacaoDaAudiencia": "hearings.models.Audiencia.Status",
    },
    "SORT_OPERATIONS": True,
    "OAUTH2_FLOWS": ["clientCredentials"],
    "OAUTH2_TOKEN_URL": "/oauth/token/",
    "WEBHOOKS": ["portal.api.schema.EVENT_TOLD"],
    "SERVE_PERMISSIONS": ["portal.api.permissions.HasScope"],
    "SERVE_INCLUDE_SCHEMA": False,
    "TAGS": [
        {"name": "Atendimentos", "description": "Registrar, listar, ler e corrigir o contato."},
        {"name": "Respostas", "description": "O que os fornecedores responderam, e se o consumidor aceita."},
        {"name": "Anexos e documentos", "description": "O que o consumidor traz, e o que o Procon lhe entrega."},
        {"name": "Acompanhamento", "description": "O status de um caso, com protocolo e chave, sem autorização."},
        {
            "name": "Webhooks",
            "description": "Ser avisado do que muda nos próprios atendimentos (docs/webhooks.md).",
        },
        {"name": "Audiencias", "description": "Horários livres, audiências, confirmação e pedido de nova data."},
        {"name": "Referencias", "description": "Assuntos, problemas, fornecedores e unidades."},
    ],
}
