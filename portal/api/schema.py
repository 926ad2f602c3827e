"""The API's description in OpenAPI 3.1: what the libraries cannot know of themselves."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    OpenApiWebhook,
    PolymorphicProxySerializer,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from portal.api.permissions import ANYBODY_KNOWN, PUBLIC
from portal.api.problems import KINDS, MEDIA_TYPE
from portal.api.serializers import ProblemAnswer, TotalAnswer
from portal.api.serializers.webhooks import EventAnswer
from portal.scopes import SCOPES

#: What other people's programs call our shapes, and what each one is, in the reader's language.
SHAPES = {
    "AddressAnswer": ("Endereco", "Onde o consumidor mora."),
    "AddressRequest": ("NovoEndereco", "Onde o consumidor mora; o Procon atende os moradores da cidade."),
    "AndamentoAnswer": ("Andamento", "Algo que aconteceu no atendimento."),
    "AssuntoAnswer": ("Assunto", "O que foi comprado ou contratado."),
    "AttachmentAnswer": ("Anexo", "Um papel ou uma foto que o consumidor anexou."),
    "AttachmentRequest": ("NovoAnexo", "Um arquivo do consumidor."),
    "CaseAnswer": ("Atendimento", "Um atendimento, para a integração que o registrou."),
    "DeliveryAnswer": ("Entrega", "Um aviso devido a um webhook, e como foi."),
    "EventAnswer": ("Aviso", "O que o Procon envia a um webhook, no envelope de Standard Webhooks; sem dado pessoal."),
    "ReplayAnswer": ("Reenvio", "Quantas entregas voltam à fila."),
    "ReplayRequest": ("PedidoDeReenvio", "Quais entregas enviar de novo."),
    "SecretRequest": ("PedidoDeSegredo", "Como trocar o segredo."),
    "ToldAnswer": ("Acontecimento", "Em que atendimento, e onde se lê o que houve."),
    "WebhookAnswer": ("Webhook", "Um endereço a avisar, sem o seu segredo."),
    "WebhookRequest": ("NovoWebhook", "Um endereço a avisar, e de quê."),
    "WebhookSecretAnswer": ("WebhookComSegredo", "O webhook, com o segredo recém-criado."),
    "CasesRow": ("TotaisDeAtendimentos", "Atendimentos abertos no período."),
    "CaseListAnswer": ("AtendimentoResumido", "Um atendimento na lista, sem os dados do consumidor."),
    "ComplaintsRow": ("TotaisDeReclamacoes", "Reclamações instauradas, e as do cadastro nacional do ano."),
    "ConsumerAnswer": ("Consumidor", "Quem reclama, como esta integração o declarou; CPF sem máscara."),
    "ConsumerRequest": ("NovoConsumidor", "Quem reclama. O CPF reconhece a pessoa; sem ele, cada registro é outra."),
    "ContactRequest": ("NovoContato", "Como falar com o consumidor. O que não vier fica como está."),
    "DocumentAnswer": ("Documento", "Um documento do caso que o consumidor pode ler."),
    "FollowingAnswer": ("Acompanhamento", "Como está o atendimento, para quem tem a chave; sem dado pessoal."),
    "FollowingRequest": ("PedidoDeAcompanhamento", "Protocolo e chave de acompanhamento."),
    "GazetteRow": ("DiarioOficial", "Onde o cadastro saiu impresso."),
    "HearingsRow": ("TotaisDeAudiencias", "Audiências marcadas para o período e as realizadas."),
    "LettersRow": ("TotaisDeCIPs", "CIPs emitidas no período e como terminaram."),
    "ManifestationAnswer": ("Manifestacao", "A palavra registrada, sobre o quê, e como o caso ficou."),
    "ManifestationRequest": ("NovaManifestacao", "Se o consumidor aceita a resposta de um fornecedor."),
    "PeriodRow": ("Periodo", "Um ano, ou um mês dele."),
    "PreliminaryRow": ("TotaisDeAPs", "Atendimentos preliminares do período."),
    "ProblemAnswer": ("Erro", "Um erro, no formato da RFC 9457."),
    "ProblemaAnswer": ("Problema", "O que deu errado, dentro de um assunto."),
    "ProblemRow": ("ReclamacaoDoCadastro", "De que se reclamou, e quantas vezes."),
    "RankedRow": ("FornecedorMaisReclamado", "Uma empresa e quantas vezes foi reclamada."),
    "ReferralsRow": ("TotaisDeEncaminhamentos", "Encaminhamentos, por órgão."),
    "RegisterAnswer": ("Cadastro", "Uma página do cadastro de reclamações fundamentadas, como foi publicado."),
    "RegisterRequest": ("NovoAtendimento", "Uma reclamação a registrar."),
    "RegisteredAnswer": ("AtendimentoRegistrado", "O atendimento recém-registrado, com sua chave."),
    "ReplacedRow": ("VersaoAnterior", "A versão que esta substitui."),
    "ReplyAnswer": ("Resposta", "O que um fornecedor respondeu à carta do Procon, e o que cabe ao consumidor."),
    "SituationAnswer": ("Situacao", "Como o atendimento está."),
    "StatisticsAnswer": ("Balanco", "Os totais de um ano ou de um mês; sem dado pessoal."),
    "SupplierAnswer": ("Fornecedor", "Um fornecedor; CNPJ sem máscara, nulo se não conhecido."),
    "SupplierRequest": ("NovoFornecedor", "Contra quem: por CNPJ, por nome ou pelos dois."),
    "SupplierRow": ("FornecedorDoCadastro", "Um fornecedor no cadastro; pessoa física não é nomeada."),
    "TotalAnswer": ("Total", "Quantos há."),
    "TotalsRow": ("TotaisDoCadastro", "Do cadastro inteiro, qualquer que seja a página."),
    "UnidadeAnswer": ("Unidade", "Um posto de atendimento."),
    "WordAnswer": ("PalavraDoConsumidor", "O que o consumidor disse da resposta."),
}
SHAPES |= {
    "ConfirmationAnswer": ("Confirmacao", "Se o consumidor disse que vem."),
    "ConfirmRequest": ("NovaConfirmacao", "Nada além de um objeto vazio, ou corpo algum."),
    "FreeTimeAnswer": ("HorarioLivre", "Um horário em que o Procon pode marcar audiência."),
    "HearingAnswer": ("Audiencia", "Uma audiência, em palavras para o consumidor."),
    "HearingListAnswer": ("AudienciaResumida", "Uma audiência na lista."),
    "MoveAnswer": ("PedidoFeito", "Um pedido de outra data e o que o Procon decidiu."),
    "MoveRequest": ("PedidoDeRemarcacao", "Por que o consumidor não pode vir, e quando prefere."),
    "MovingAnswer": ("Remarcacao", "Até quando se pede outra data, e o que já se pediu."),
    "PlaceAnswer": ("Local", "Onde é a audiência."),
}
DONE = {
    "200": "Feito.",
    "201": "Registrado.",
    "204": "Feito; a resposta não tem corpo.",
    "304": "Nada mudou desde o ETag enviado.",
}


def _header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=description)


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    description="de 1 a 255 caracteres ASCII visíveis, novo a cada pedido; vale 24 horas",
)
IF_NONE_MATCH = _header("If-None-Match", "o ETag já conhecido: se nada mudou, a resposta é 304 sem corpo")
IF_MATCH = _header("If-Match", "o ETag da última leitura; sem ele 428, com um antigo 412", required=True)
IF_MATCH_OR_NOT = _header("If-Match", "opcional: o ETag do atendimento como foi lido; com um antigo, 412")
IF_MATCH_OPTIONAL = _header("If-Match", "o ETag da última leitura, se quiser: com um antigo, 412 e nada muda")
CASE_KEY = _header(
    "Chave-Acompanhamento", "a chave do atendimento; só para o que outra integração ou o balcão registrou"
)
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="a versão")
FILE_ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200], description="o SHA-256 do arquivo")
LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201], description="onde se lê")


class Description(AutoSchema):
    """Operations as our views declare them."""

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        name = super()._get_serializer_name(serializer, direction, bypass_extensions)
        name = name if name in SHAPES else name.removesuffix("Request")  # the library marks what is sent once more
        return SHAPES[name][0] if name in SHAPES else name

    def get_description(self, *_: Any) -> str:
        """Only what was written for the reader; docstrings are for programmers."""
        return ""


class TokenScheme(OpenApiAuthenticationExtension):
    """OAuth 2.0 client credentials, with the scopes in words."""

    target_class = "portal.api.authentication.IntegrationAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scope that this operation needs."""
        wanted = auto_schema.view.required_scopes.get(auto_schema.method, PUBLIC)
        return {self.name: [] if wanted in (ANYBODY_KNOWN, PUBLIC) else [wanted]}

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Where a token is got, and what may be asked for."""
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token/", "scopes": SCOPES}}}


def pages(name: str, row: type[serializers.Serializer[Any]], *, counted: bool = False) -> Any:
    """The shape of a page of rows; of a total too, where counting can be asked for."""
    link: dict[str, Any] = {"allow_null": True, "help_text": "endereço da página vizinha; nulo onde não há"}
    shape = inline_serializer(
        f"PaginaDe{name}",
        {"next": serializers.URLField(**link), "previous": serializers.URLField(**link), "results": row(many=True)},
    )
    if not counted:
        return shape
    return PolymorphicProxySerializer(f"{name}OuTotal", [shape, TotalAnswer], resource_type_field_name=None)


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The errors of an operation; 406 and 429 may meet any."""
    return {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemAnswer, description=KINDS[status].title)
        for status in sorted({*statuses, 406, 429})
    }


def only_the_api(endpoints: list[Any], **_: Any) -> list[Any]:
    """Leave out what is not under /api/v1/."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say each shape's and each answer's meaning, and that unknown fields are refused."""
    shapes = result["components"]["schemas"]
    for name, sentence in SHAPES.values():
        if name in shapes:
            shapes[name]["description"] = sentence
    for name, shape in shapes.items():
        if name.startswith(("Novo", "Nova", "PedidoDe")):
            shape["additionalProperties"] = False
    for operation in (operation for methods in result["paths"].values() for operation in methods.values()):
        for status, response in operation["responses"].items():
            if response["description"] in ("", "No response body"):
                response["description"] = DONE[status]
    result["webhooks"]["aviso"]["post"]["parameters"] = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": description}
        for name, description in SIGNED_BY.items()
    ]
    return result


#: The headers of what the other side receives (standardwebhooks.com).
SIGNED_BY = {
    "webhook-id": "o id do aviso, o mesmo em toda tentativa: quem já o viu responde 200 e não faz nada",
    "webhook-timestamp": "segundos desde 1970, desta tentativa; recuse o que passar de cinco minutos",
    "webhook-signature": "uma ou mais assinaturas «v1,…», separadas por espaço; basta uma que confira",
}
#: What the other side receives: the description's own section (OpenAPI 3.1, webhooks).
EVENT_TOLD = OpenApiWebhook(
    "aviso",
    extend_schema(
        operation_id="receber_aviso",
        summary="O que o seu servidor recebe quando algo muda em um atendimento da integração",
        request=EventAnswer,
        responses={
            "2XX": OpenApiResponse(description="Recebido; responda em 3 segundos e faça o trabalho depois."),
            "410": OpenApiResponse(description="Não quer mais avisos: o webhook é desativado."),
            "default": OpenApiResponse(description="Será tentado de novo, por três dias, sob o mesmo webhook-id."),
        },
        tags=["Webhooks"],
    ),
)
