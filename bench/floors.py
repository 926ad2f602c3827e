"""The API's floors: bare views over the same table, past the project's middleware (bench/serving.py)."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework import generics, serializers

from cases.models import Atendimento

#: The columns of the list that are the table's own.
LISTED = (
    "protocolo", "protocolo_externo", "unidade_id", "tipo", "canal", "status", "desfecho", "aberto_em", "encerrado_em",
    "assunto_id", "problema_id",
)  # fmt: skip


def fifty(request: HttpRequest) -> JsonResponse:
    """The newest fifty, by .values() and JSON."""
    return JsonResponse({"results": list(Atendimento.objects.order_by("-aberto_em", "-id").values(*LISTED)[:50])})


class Row(serializers.ModelSerializer[Atendimento]):
    """A case's own columns."""

    class Meta:
        model = Atendimento
        fields = [*LISTED, "relato", "pedido", "valor", "data_compra"]


class Detail(generics.RetrieveAPIView[Atendimento]):
    """One row by its protocol."""

    authentication_classes, permission_classes, throttle_classes = [], [], []
    queryset, serializer_class, lookup_field = Atendimento.objects.all(), Row, "protocolo"


class NewRow(serializers.ModelSerializer[Atendimento]):
    """One row, whose history exists already."""

    historico_id = serializers.IntegerField()
    unidade_id = serializers.IntegerField()
    atendente_id = serializers.IntegerField()
    aberto_em = serializers.DateTimeField(default=timezone.now)  # noqa: TID251  the edge reads the clock

    class Meta:
        model = Atendimento
        fields = [
            "protocolo", "tipo", "canal", "status", "relato", "pedido", "historico_id", "unidade_id", "atendente_id",
            "aberto_em",
        ]  # fmt: skip


class Create(generics.CreateAPIView[Atendimento]):
    """One INSERT."""

    authentication_classes, permission_classes, throttle_classes = [], [], []
    serializer_class = NewRow


urlpatterns = [
    path("piso/lista/", fifty),
    path("piso/criar/", csrf_exempt(Create.as_view())),
    path("piso/<str:protocolo>/", Detail.as_view()),
]
