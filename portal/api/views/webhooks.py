"""The webhooks of an integration: creating, removing, deliveries, sending again, new secrets, trying out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import representation
from portal.api.authentication import caller
from portal.api.idempotency import Answer, once
from portal.api.pagination import Order, page
from portal.api.schema import IDEMPOTENCY_KEY, LOCATION, pages, problems
from portal.api.serializers import PageQuery, query_of
from portal.api.serializers.fields import Shape
from portal.api.serializers.webhooks import (
    DeliveriesQuery,
    DeliveryAnswer,
    ReplayAnswer,
    ReplayRequest,
    SecretRequest,
    WebhookAnswer,
    WebhookRequest,
    WebhookSecretAnswer,
)
from portal.models import Webhook
from portal.scopes import WEBHOOKS_GERIR
from portal.services import checked_url, create_webhook, remove_webhook, renew_webhook_secret, replay, send_test

_NEWEST_FIRST = Order(("id",), descending=True)


def _mine(request: Request, pk: int) -> Webhook:
    found = Webhook.objects.of(caller(request)).with_counts().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _read(shape: type[Shape], request: Request) -> dict[str, Any]:
    sent = shape(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def _once(request: Request, act: Callable[[datetime], Answer]) -> Response:
    at = timezone.now()  # noqa: TID251  the edge reads the clock
    answer = once(request, lambda: act(at), at=at)
    replayed = {"Idempotent-Replayed": "true"} if answer.replayed else {}
    return Response(answer.body, status=answer.status, headers={**answer.headers, **replayed})


class WebhookListView(APIView):
    """The webhooks of this integration."""

    required_scopes = {"GET": WEBHOOKS_GERIR, "POST": WEBHOOKS_GERIR}

    @extend_schema(
        operation_id="listar_webhooks",
        summary="Lista os webhooks desta integração",
        parameters=[PageQuery],
        responses={200: pages("Webhooks", WebhookAnswer), **problems(400, 401, 403)},
        tags=["Webhooks"],
    )
    def get(self, request: Request) -> Response:
        """A page of webhooks, newest first."""
        wanted = query_of(PageQuery, request)
        rows, cursor = Webhook.objects.of(caller(request)).with_counts(), wanted.get("cursor", "")
        return Response(
            page(request, rows, _NEWEST_FIRST, representation.webhooks, limit=wanted["limite"], cursor=cursor)
        )

    @extend_schema(
        operation_id="criar_webhook",
        summary="Cria um webhook",
        description=(
            "O `segredo` aparece só nesta resposta. O endereço é conferido agora e a cada aviso: https, porta 443 ou "
            "8443, e um nome que leve só a endereços públicos. Até 10 webhooks por integração, um por endereço."
        ),
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        request=WebhookRequest,
        responses={201: WebhookSecretAnswer, **problems(400, 401, 403, 409, 413, 415, 422)},
        tags=["Webhooks"],
    )
    def post(self, request: Request) -> Response:
        """A new webhook and its secret."""
        content = _read(WebhookRequest, request)
        url, integracao = checked_url(content["url"]), request.auth.application

        def act(at: datetime) -> Answer:
            made = create_webhook(integracao=integracao, url=url, eventos=content.get("eventos", ()), at=at)
            shown = {**representation.webhook(_mine(request, made.webhook.pk)), "segredo": made.segredo}
            location = request.build_absolute_uri(reverse("api_webhook", args=[made.webhook.pk]))
            return Answer(201, shown, {"Location": location})

        return _once(request, act)


class WebhookView(APIView):
    """One webhook of this integration."""

    required_scopes = {"GET": WEBHOOKS_GERIR, "DELETE": WEBHOOKS_GERIR}

    @extend_schema(
        operation_id="ler_webhook",
        summary="Lê um webhook",
        responses={200: WebhookAnswer, **problems(401, 403, 404)},
        tags=["Webhooks"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The webhook without its secret."""
        return Response(representation.webhook(_mine(request, pk)))

    @extend_schema(
        operation_id="remover_webhook",
        summary="Remove um webhook",
        description="O que ainda esperava é cancelado; um aviso que está saindo neste instante pode chegar.",
        responses={204: None, **problems(401, 403, 404)},
        tags=["Webhooks"],
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Tell this address nothing more."""
        remove_webhook(webhook=_mine(request, pk), at=timezone.now())  # noqa: TID251  the edge reads the clock
        return Response(status=204)


class DeliveryListView(APIView):
    """What one webhook was told."""

    required_scopes = {"GET": WEBHOOKS_GERIR}

    @extend_schema(
        operation_id="listar_entregas",
        summary="As entregas de um webhook, da mais nova à mais antiga",
        description="Uma entrega concluída é esquecida depois de trinta dias.",
        parameters=[DeliveriesQuery],
        responses={200: pages("Entregas", DeliveryAnswer), **problems(400, 401, 403, 404)},
        tags=["Webhooks"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """A page of deliveries."""
        wanted = query_of(DeliveriesQuery, request)
        rows, cursor = _mine(request, pk).entregas.all(), wanted.get("cursor", "")
        if "situacao" in wanted:
            rows = rows.filter(situacao=wanted["situacao"])
        return Response(
            page(request, rows, _NEWEST_FIRST, representation.deliveries, limit=wanted["limite"], cursor=cursor)
        )


class ReplayView(APIView):
    """Sending again."""

    required_scopes = {"POST": WEBHOOKS_GERIR}

    @extend_schema(
        operation_id="reenviar_entregas",
        summary="Envia de novo o que falhou, ou as entregas escolhidas",
        description=(
            "Sob o mesmo webhook-id, e por mais três dias. Um webhook desativado (410) volta a ficar ativo com este "
            "pedido; o que aconteceu enquanto esteve desativado não é avisado: leia a lista de atendimentos."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request=ReplayRequest,
        responses={200: ReplayAnswer, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
        tags=["Webhooks"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put deliveries back into the queue."""
        webhook, content = _mine(request, pk), _read(ReplayRequest, request)

        def act(at: datetime) -> Answer:
            return Answer(200, {"reenviadas": replay(webhook=webhook, codigos=content.get("entregas"), at=at)}, {})

        return _once(request, act)


class SecretView(APIView):
    """A new secret."""

    required_scopes = {"POST": WEBHOOKS_GERIR}

    @extend_schema(
        operation_id="trocar_segredo",
        summary="Troca o segredo de um webhook",
        description=(
            "O segredo novo aparece só nesta resposta. Durante a sobreposição cada aviso traz as duas assinaturas, e "
            "quem recebe pode conferir com qualquer um dos segredos."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request=SecretRequest,
        responses={200: WebhookSecretAnswer, **problems(400, 401, 403, 404, 409, 413, 415)},
        tags=["Webhooks"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The webhook with its new secret."""
        webhook, content = _mine(request, pk), _read(SecretRequest, request)

        def act(at: datetime) -> Answer:
            overlap = timedelta(hours=content["sobreposicao_horas"])
            made = renew_webhook_secret(webhook=webhook, overlap=overlap, at=at)
            return Answer(200, {**representation.webhook(_mine(request, pk)), "segredo": made.segredo}, {})

        return _once(request, act)


class TestView(APIView):
    """Trying a receiver out."""

    required_scopes = {"POST": WEBHOOKS_GERIR}

    @extend_schema(
        operation_id="testar_webhook",
        summary="Envia um aviso de teste",
        description="Um `webhook.teste`, assinado como os outros, no próximo minuto. Um de cada vez.",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={201: DeliveryAnswer, **problems(401, 403, 404, 409)},
        tags=["Webhooks"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The delivery that was put into the queue."""
        webhook = _mine(request, pk)
        return _once(request, lambda at: Answer(201, representation.delivery(send_test(webhook=webhook, at=at)), {}))
