"""Free times, and the hearings of an integration's cases: read, put into a calendar, confirmed, asked to be moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Unidade
from hearings.models import Audiencia
from hearings.services import Party, confirm_party, consumer_of, first_day, free_slots, request_move
from hearings.services.booking import locked_case
from portal.api import hearings as shown
from portal.api.authentication import caller
from portal.api.etags import etag_of, is_known, require_match
from portal.api.idempotency import Answer, once
from portal.api.pagination import Order, page
from portal.api.problems import Problem
from portal.api.queries import unidades_of
from portal.api.schema import (
    CASE_KEY,
    ETAG,
    IDEMPOTENCY_KEY,
    IF_MATCH_OPTIONAL,
    IF_NONE_MATCH,
    LOCATION,
    pages,
    problems,
)
from portal.api.serializers import query_of
from portal.api.serializers.hearings import (
    FREE_TIME_EXAMPLE,
    HEARING_EXAMPLE,
    HEARING_ROW_EXAMPLE,
    MOVE_EXAMPLE,
    ConfirmRequest,
    FreeTimeAnswer,
    FreeTimesQuery,
    HearingAnswer,
    HearingListAnswer,
    HearingListQuery,
    MoveRequest,
    page_of,
    period,
)
from portal.scopes import AUDIENCIAS_ESCREVER, AUDIENCIAS_LER
from workflow.errors import ActNotAllowed
from workflow.services import log_reading

_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="número da audiência, como na lista")
_SEEN = [OpenApiExample("audiencia", HEARING_EXAMPLE, response_only=True)]
_CURSOR = re.compile("[0-9]{1,10}")


class CalendarRenderer(BaseRenderer):
    """iCalendar, for calendar programs."""

    media_type, format, charset = "text/calendar", "ics", "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """The text as it is."""
        return data


class FreeTimesView(APIView):
    """When a hearing could be."""

    required_scopes = {"GET": AUDIENCIAS_LER}

    @extend_schema(
        operation_id="listar_horarios_livres",
        summary="Horários livres para audiência",
        description=(
            "Os mesmos que o Procon vê ao marcar, do mais próximo ao mais distante, a partir da primeira data que a "
            "antecedência mínima permite; um horário aparece uma vez, ainda que haja várias salas. Até 62 dias por "
            "pedido. Siga `next` até vir nulo; `previous` é sempre nulo. Ver um horário não o reserva: use-o em "
            "`preferencias` de um pedido de nova data."
        ),
        parameters=[FreeTimesQuery],
        responses={200: pages("HorariosLivres", FreeTimeAnswer), **problems(400, 401, 403)},
        examples=[OpenApiExample("pagina", page_of(FREE_TIME_EXAMPLE), response_only=True)],
        tags=["Audiencias"],
    )
    def get(self, request: Request) -> Response:
        """A page of free times, soonest first."""
        wanted = query_of(FreeTimesQuery, request)
        today = timezone.localdate()
        first, last = period(wanted, today=today)
        unidade, limit = _unidade(request, wanted.get("unidade")), wanted["limite"]
        after = _after(wanted.get("cursor"))
        start = max(first, first_day(today=today), timezone.localdate(after) if after else first)
        found = free_slots(
            unidade=unidade,
            start=start,
            days=max((last - start).days + 1, 0),
            limit=limit + 1,
            after=after,
            modalidade=wanted["modalidade"],
        )
        rows, more = found[:limit], len(found) > limit
        return Response(
            {
                "next": _onwards(request, rows[-1].inicio) if more else None,
                "previous": None,
                "results": shown.slots(rows, unidade=unidade.codigo, modalidade=wanted["modalidade"]),
            }
        )


class HearingListView(APIView):
    """The hearings of this integration's cases."""

    required_scopes = {"GET": AUDIENCIAS_LER}

    @extend_schema(
        operation_id="listar_audiencias",
        summary="Lista as audiências dos atendimentos desta integração",
        description=(
            "Páginas por cursor, em ordem estável: siga `next` até vir nulo. O que for marcado enquanto isso não "
            "repete nem esconde linha alguma. Uma nova data é outra audiência, que diz em `anterior` qual substitui. "
            '`de` e `ate` entram na fatia; um dia conta inteiro. Com `contar=1` a resposta é só `{"total": n}`.'
        ),
        parameters=[HearingListQuery],
        responses={200: pages("Audiencias", HearingListAnswer, counted=True), **problems(400, 401, 403)},
        examples=[OpenApiExample("pagina", page_of(HEARING_ROW_EXAMPLE), response_only=True)],
        tags=["Audiencias"],
    )
    def get(self, request: Request) -> Response:
        """A page of hearings, or how many there are."""
        wanted = query_of(HearingListQuery, request)
        rows = shown.narrowed(shown.hearings_of(caller(request)), wanted)
        if "contar" in wanted:
            return Response({"total": rows.count()})
        order, cursor = Order(("inicio", "id"), descending=wanted["ordem"].startswith("-")), wanted.get("cursor", "")
        return Response(page(request, rows, order, shown.hearing_rows, limit=wanted["limite"], cursor=cursor))


class HearingView(APIView):
    """One hearing."""

    required_scopes = {"GET": AUDIENCIAS_LER}

    @extend_schema(
        operation_id="ler_audiencia",
        summary="Lê uma audiência, em palavras para o consumidor",
        description=(
            "De atendimento que não é desta integração, só com a chave de acompanhamento dele. Não diz o que outra "
            "parte confirmou ou pediu."
        ),
        parameters=[_ID, CASE_KEY, IF_NONE_MATCH, ETAG],
        responses={200: HearingAnswer, 304: None, **problems(401, 403, 404)},
        examples=_SEEN,
        tags=["Audiencias"],
    )
    def get(self, request: Request, id: int) -> Response:
        """The hearing, or 304 to whoever has this version."""
        hearing = _fetch(request, id)
        log_reading(by=caller(request), pagina="api", objeto=hearing, historico_id=hearing.historico_id)
        told = shown.whole_hearing(hearing, at=_now())
        etag = etag_of(told)
        if is_known(request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(told, headers={"ETag": etag})


class CalendarView(APIView):
    """One hearing for a calendar program."""

    required_scopes = {"GET": AUDIENCIAS_LER}
    renderer_classes = [CalendarRenderer]

    @extend_schema(
        operation_id="ler_audiencia_ics",
        summary="A audiência para o calendário de quem vai",
        description=(
            "iCalendar, o mesmo que acompanha as mensagens. O `UID` é o mesmo em todas as datas da audiência e "
            "`SEQUENCE` cresce a cada nova data, de modo que o programa move o que já tem; a cancelada vem como tal."
        ),
        parameters=[_ID, CASE_KEY, IF_NONE_MATCH, ETAG],
        responses={
            (200, "text/calendar"): OpenApiResponse(OpenApiTypes.STR),
            304: None,
            **problems(401, 403, 404),
        },
        tags=["Audiencias"],
    )
    def get(self, request: Request, id: int) -> Response:
        """The calendar, or 304 to whoever has this version."""
        hearing = _fetch(request, id)
        log_reading(by=caller(request), pagina="api", objeto=hearing, historico_id=hearing.historico_id)
        etag = etag_of({"ics": shown.calendar(hearing, at=hearing.agendada_em)})  # without the moment of this answer
        if is_known(request, etag):
            return Response(status=304, headers={"ETag": etag})
        name = f'attachment; filename="audiencia-{hearing.pk}.ics"'
        return Response(shown.calendar(hearing, at=_now()), headers={"ETag": etag, "Content-Disposition": name})


class ConfirmationView(APIView):
    """The consumer comes."""

    required_scopes = {"POST": AUDIENCIAS_ESCREVER}

    @extend_schema(
        operation_id="confirmar_audiencia",
        summary="Confirma que o consumidor vem",
        description="Confirmar de novo não muda nada. De data que passou, mudou ou foi cancelada: 409.",
        parameters=[_ID, CASE_KEY, IDEMPOTENCY_KEY, IF_MATCH_OPTIONAL, ETAG],
        request=ConfirmRequest,
        responses={200: HearingAnswer, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
        examples=_SEEN,
        tags=["Audiencias"],
    )
    def post(self, request: Request, id: int) -> Response:
        """Record that the consumer comes."""
        sent = ConfirmRequest(data=request.data)
        sent.is_valid(raise_exception=True)

        def act(hearing: Audiencia, party: Party, at: datetime) -> None:
            confirm_party(audiencia=hearing, party=party, at=at, por=str(caller(request)))

        return _answer(request, id, act, status=200)


class MoveView(APIView):
    """The consumer asks for another date."""

    required_scopes = {"POST": AUDIENCIAS_ESCREVER}

    @extend_schema(
        operation_id="pedir_remarcacao",
        summary="Pede outra data, com o motivo e os horários que o consumidor prefere",
        description=(
            "Pode-se pedir até a audiência começar; depois, 409 com o motivo e a saída. Um pedido por vez: enquanto o "
            "Procon não decide, outro recebe 409, e vale a data marcada. Quem decide é o Procon, e a nova data é uma "
            "nova audiência, em `seguinte`."
        ),
        parameters=[_ID, CASE_KEY, IDEMPOTENCY_KEY, IF_MATCH_OPTIONAL, ETAG, LOCATION],
        request=MoveRequest,
        responses={201: HearingAnswer, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
        examples=[OpenApiExample("pedido", MOVE_EXAMPLE, request_only=True), *_SEEN],
        tags=["Audiencias"],
    )
    def post(self, request: Request, id: int) -> Response:
        """Write the request down for the office."""
        sent = MoveRequest(data=request.data)
        sent.is_valid(raise_exception=True)

        def act(hearing: Audiencia, party: Party, at: datetime) -> None:
            request_move(audiencia=hearing, party=party, at=at, por=str(caller(request)), **sent.validated_data)

        return _answer(request, id, act, status=201)


def _answer(request: Request, pk: int, act: Callable[[Audiencia, Party, datetime], None], *, status: int) -> Response:
    """Do what the consumer says, once, on the version that If-Match names; answer with the hearing as it is then."""
    at = _now()

    def done() -> Answer:
        hearing = _fetch(request, pk)
        locked_case(hearing.atendimento_id, ())
        if "If-Match" in request.headers:
            require_match(request, etag_of(shown.whole_hearing(_fetch(request, pk), at=at)))
        party = consumer_of(hearing)
        if party is None:
            raise ActNotAllowed("Este atendimento não tem consumidor que possa responder. Fale com o Procon.")
        act(hearing, party, at)
        told = shown.whole_hearing(_fetch(request, pk), at=at)
        headers = {"ETag": etag_of(told)}
        if status == 201:
            headers["Location"] = request.build_absolute_uri(reverse("api_audiencia", args=[pk]))
        return Answer(status, told, headers)

    answer = once(request, done, at=at)
    replayed = {"Idempotent-Replayed": "true"} if answer.replayed else {}
    return Response(answer.body, status=answer.status, headers={**answer.headers, **replayed})


def _fetch(request: Request, pk: int) -> Audiencia:
    """The hearing, to who may see it; another's and none are one 404."""
    found = shown.one_hearing(caller(request), pk, request.headers.get("Chave-Acompanhamento"))
    if found is None:
        raise Http404
    return found


def _unidade(request: Request, code: str | None) -> Unidade:
    found = next((row for row in unidades_of(caller(request)) if code in (None, row.codigo)), None)
    if found is None:
        message = "Escolha uma unidade de /unidades/."
        raise Problem(400, f"Esta integração não atua nesta unidade. {message}", erros={"unidade": message})
    return found


def _after(cursor: str | None) -> datetime | None:
    """The last time that the page before showed, from its cursor: seconds since 1970."""
    if cursor is None:
        return None
    if not _CURSOR.fullmatch(cursor):
        message = "Cursor inválido. Use o endereço de «next» como veio, ou recomece sem cursor."
        raise Problem(400, message, erros={"cursor": message})
    return datetime.fromtimestamp(int(cursor), UTC)


def _onwards(request: Request, last: datetime) -> str:
    query = request.query_params.copy()
    query["cursor"] = str(int(last.timestamp()))
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
