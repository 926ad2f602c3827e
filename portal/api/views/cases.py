"""Registering, listing, reading and following cases, and correcting the contact."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.models import Atendimento
from portal.api import representation
from portal.api.authentication import caller
from portal.api.etags import etag_of, is_known, require_match
from portal.api.examples import CONTACT, REGISTER
from portal.api.idempotency import Answer, once
from portal.api.pagination import Frequent, Order, page
from portal.api.queries import (
    FILTERS,
    ListedCase,
    cases_of,
    filtered,
    listed,
    one_of,
    told_events,
    whole,
    with_parties,
)
from portal.api.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, LOCATION, pages, problems
from portal.api.serializers import (
    AndamentoAnswer,
    CaseAnswer,
    CaseListAnswer,
    CaseListQuery,
    ContactRequest,
    PageQuery,
    RegisteredAnswer,
    RegisterRequest,
    body_of,
    query_of,
)
from portal.api.services import change_contact, register_from_portal
from portal.api.words import SENTENCES
from portal.scopes import ATENDIMENTOS_ESCREVER, ATENDIMENTOS_LER
from workflow.services import log_reading


class CaseListView(APIView):
    """The cases of this integration."""

    required_scopes = {"GET": ATENDIMENTOS_LER, "POST": ATENDIMENTOS_ESCREVER}

    @extend_schema(
        operation_id="listar_atendimentos",
        summary="Lista os atendimentos desta integração",
        description=(
            "Páginas por cursor, em ordem estável: siga `next` até vir nulo. O que for registrado enquanto isso não "
            "repete nem esconde linha alguma. Para ler por fatias, use `aberto_de` e `aberto_ate`; as duas pontas "
            'entram, e um dia conta inteiro, no horário do Procon. Com `contar=1` a resposta é só `{"total": n}`.'
        ),
        parameters=[CaseListQuery],
        responses={200: pages("Atendimentos", CaseListAnswer, counted=True), **problems(400, 401, 403)},
        tags=["Atendimentos"],
    )
    def get(self, request: Request) -> Response:
        """A page of cases, or how many there are."""
        wanted, user = query_of(CaseListQuery, request), caller(request)
        if "contar" in wanted:
            return Response({"total": filtered(cases_of(user), wanted).count()})
        rows = Frequent(Atendimento, lambda: listed(cases_of(user)), (user.pk,), ListedCase._make)
        return Response(
            page(
                request,
                listed(filtered(cases_of(user), wanted)) if FILTERS & wanted.keys() else rows,
                Order(("aberto_em", "id"), descending=wanted["ordem"].startswith("-")),
                representation.case_rows,
                limit=wanted["limite"],
                cursor=wanted.get("cursor", ""),
            )
        )

    @extend_schema(
        operation_id="registrar_atendimento",
        summary="Registra um atendimento",
        description=(
            "A `chave` de acompanhamento aparece só nesta resposta. Em `consumidor` vem o que a integração declarou; "
            "o que o Procon já sabia da pessoa não vem, aqui nem depois. Um fornecedor cujo CNPJ não é conhecido é "
            "criado e marcado para o Procon completar. Com `Idempotency-Key`, repetir o pedido em 24 horas dá a mesma "
            "resposta e nenhum segundo registro."
        ),
        parameters=[IDEMPOTENCY_KEY, ETAG, LOCATION],
        request=RegisterRequest,
        examples=REGISTER,
        responses={201: RegisteredAnswer, **problems(400, 401, 403, 409, 413, 415, 422)},
        tags=["Atendimentos"],
    )
    def post(self, request: Request) -> Response:
        """Register a complaint."""
        at = timezone.now()  # noqa: TID251  the edge reads the clock
        sent = body_of(RegisterRequest, request)

        def act() -> Answer:
            made = register_from_portal(by=caller(request), at=at, content=sent)
            protocol = made.atendimento.protocolo
            shown = representation.whole_case(whole(caller(request), protocol))
            location = request.build_absolute_uri(reverse("api_atendimento", args=[protocol]))
            return Answer(201, {**shown, "chave": made.chave}, {"Location": location, "ETag": etag_of(shown)})

        return once(request, act, at=at).response()


class CaseView(APIView):
    """One case of this integration."""

    required_scopes = {"GET": ATENDIMENTOS_LER, "PATCH": ATENDIMENTOS_ESCREVER}

    @extend_schema(
        operation_id="ler_atendimento",
        summary="Lê um atendimento",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: CaseAnswer, 304: None, **problems(401, 403, 404)},
        tags=["Atendimentos"],
    )
    def get(self, request: Request, protocolo: str) -> Response:
        """The case, or 304 to whoever has this version."""
        case = whole(caller(request), protocolo)
        log_reading(by=caller(request), pagina="api", objeto=Atendimento(pk=case.id), historico_id=case.historico_id)
        shown = representation.whole_case(case)
        etag = etag_of(shown)
        if is_known(request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(shown, headers={"ETag": etag})

    @extend_schema(
        operation_id="corrigir_contato",
        summary="Corrige os dados de contato do consumidor",
        description=(
            "Só o contato muda: e-mail, telefone e endereço. O que não vier no corpo fica como está. O que o balcão "
            "corrigir depois não aparece aqui: `consumidor` é o que esta integração declarou."
        ),
        parameters=[IF_MATCH, ETAG],
        request=ContactRequest,
        examples=CONTACT,
        responses={200: CaseAnswer, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428)},
        tags=["Atendimentos"],
    )
    def patch(self, request: Request, protocolo: str) -> Response:
        """Change the contact, if nobody else did since it was read."""
        sent = ContactRequest(data=request.data)
        sent.is_valid(raise_exception=True)
        with transaction.atomic():
            cases_of(caller(request)).filter(protocolo=protocolo).select_for_update().first()
            case = one_of(with_parties(caller(request)), protocolo)
            require_match(request, etag_of(representation.whole_case(whole(caller(request), protocolo))))
            at = timezone.now()  # noqa: TID251  the edge reads the clock
            change_contact(atendimento=case, by=caller(request), at=at, content=sent.validated_data)
        shown = representation.whole_case(whole(caller(request), protocolo))
        return Response(shown, headers={"ETag": etag_of(shown)})


class EventListView(APIView):
    """What happened to one case."""

    required_scopes = {"GET": ATENDIMENTOS_LER}

    @extend_schema(
        operation_id="listar_andamentos",
        summary="O que aconteceu, em palavras para o consumidor",
        parameters=[PageQuery],
        responses={200: pages("Andamentos", AndamentoAnswer), **problems(400, 401, 403, 404)},
        tags=["Atendimentos"],
    )
    def get(self, request: Request, protocolo: str) -> Response:
        """A page of what happened, oldest first."""
        wanted: dict[str, Any] = query_of(PageQuery, request)
        case = one_of(cases_of(caller(request)), protocolo)
        return Response(
            page(
                request,
                told_events(case, SENTENCES),
                Order(("sequencia",)),
                representation.events,
                limit=wanted["limite"],
                cursor=wanted.get("cursor", ""),
            )
        )
