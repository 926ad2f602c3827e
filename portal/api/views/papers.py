"""What lies in a case as files: what the consumer attaches, and the letters that are the consumer's to read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.models import Anexo
from cases.rules.attachments import EXTENSIONS
from cases.services import attach, read_attachment
from documents.services import read_pdf
from portal.api import representation
from portal.api.authentication import caller
from portal.api.etags import is_known
from portal.api.examples import ATTACH
from portal.api.idempotency import Answer, once
from portal.api.pagination import Order, page
from portal.api.parsers import StrictFormParser, check_length
from portal.api.problems import Problem
from portal.api.queries import attachments_of, cases_of, documents_of, one_of
from portal.api.schema import FILE_ETAG, IDEMPOTENCY_KEY, IF_NONE_MATCH, LOCATION, pages, problems
from portal.api.serializers import (
    AttachmentAnswer,
    AttachmentQuery,
    AttachmentRequest,
    DocumentAnswer,
    PageQuery,
    query_of,
)
from portal.scopes import ATENDIMENTOS_ESCREVER, ATENDIMENTOS_LER
from workflow.errors import ActNotAllowed
from workflow.services import log_reading

#: No cache but the client's own keeps a person's papers, and even that one asks each time whether it still may.
_PRIVATE = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
}


class _FileRenderer(BaseRenderer):
    """Lets any form be asked for: the views answer with the file itself."""

    media_type, format = "*/*", "arquivo"


class _PDFRenderer(_FileRenderer):
    media_type, format = "application/pdf", "pdf"


class AttachmentListView(APIView):
    """What the consumer attached to a case."""

    required_scopes = {"GET": ATENDIMENTOS_LER, "POST": ATENDIMENTOS_ESCREVER}
    parser_classes = [StrictFormParser]

    @extend_schema(
        operation_id="listar_anexos",
        summary="O que o consumidor anexou",
        description="`situacao` diz o que falou o antivírus: o que está em `quarentena` ainda não pode ser baixado.",
        parameters=[PageQuery],
        responses={200: pages("Anexos", AttachmentAnswer), **problems(400, 401, 403, 404)},
        tags=["Anexos e documentos"],
    )
    def get(self, request: Request, protocolo: str) -> Response:
        """A page of attachments, oldest first."""
        wanted: dict[str, Any] = query_of(PageQuery, request)
        rows = attachments_of(one_of(cases_of(caller(request)), protocolo))
        limit, cursor = wanted["limite"], wanted.get("cursor", "")
        return Response(page(request, rows, Order(("id",)), representation.attachments, limit=limit, cursor=cursor))

    @extend_schema(
        operation_id="anexar",
        summary="Anexa um papel ou uma foto do consumidor",
        description=(
            "Um arquivo por pedido. O tipo é o que o conteúdo mostra: PDF, JPEG, PNG ou WebP. De fotos ficam só os "
            "pontos da imagem, sem posição nem câmera; um PDF com programa, senha ou outro arquivo dentro é recusado. "
            "O arquivo fica em quarentena até o antivírus o verificar."
        ),
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        request={"multipart/form-data": AttachmentRequest},
        responses={201: AttachmentAnswer, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
        examples=ATTACH,
        tags=["Anexos e documentos"],
    )
    def post(self, request: Request, protocolo: str) -> Response:
        """Put one file into the case."""
        at = timezone.now()  # noqa: TID251  the edge reads the clock
        case = one_of(cases_of(caller(request)), protocolo)
        check_length(request.headers)
        sent = AttachmentRequest(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        _check_size(given["arquivo"].size)

        def act() -> Answer:
            anexo = attach(
                atendimento=case,
                arquivo=given["arquivo"],
                nome=given["arquivo"].name,
                descricao=given.get("descricao", ""),
                origem=Anexo.Origem.CONSUMIDOR,
                by=caller(request),
                at=at,
            )
            location = request.build_absolute_uri(reverse("api_anexo", args=[protocolo, anexo.pk]))
            return Answer(201, representation.attachment(anexo), {"Location": location})

        return once(request, act, at=at).response()


class AttachmentView(APIView):
    """One attached file."""

    required_scopes = {"GET": ATENDIMENTOS_LER}
    renderer_classes = [JSONRenderer, _FileRenderer]

    @extend_schema(
        operation_id="baixar_anexo",
        summary="O arquivo que o consumidor anexou",
        description=(
            "Só depois que o antivírus o verificou; antes disso, e para um arquivo com vírus, a resposta é 409. Onde o "
            "Procon não tem antivírus, peça com `aceitar_sem_verificacao=1` e verifique o arquivo."
        ),
        parameters=[AttachmentQuery, IF_NONE_MATCH, FILE_ETAG],
        responses={
            **{(200, tipo): OpenApiTypes.BINARY for tipo in EXTENSIONS},
            304: None,
            **problems(400, 401, 403, 404, 409),
        },
        tags=["Anexos e documentos"],
    )
    def get(self, request: Request, protocolo: str, numero: str) -> HttpResponse:
        """The file, to be saved."""
        wanted = query_of(AttachmentQuery, request)
        case = one_of(cases_of(caller(request)), protocolo)
        anexo = attachments_of(case).filter(pk=int(numero)).select_related("atendimento").first()
        if anexo is None:
            raise Http404
        content = read_attachment(anexo)
        if anexo.situacao == Anexo.Situacao.SEM_VERIFICACAO and "aceitar_sem_verificacao" not in wanted:
            raise ActNotAllowed(
                "Antivírus nenhum verificou este arquivo. Peça-o com «aceitar_sem_verificacao=1», e verifique-o antes "
                "de o abrir ou de o entregar a alguém."
            )
        log_reading(by=caller(request), pagina="api_anexo", objeto=anexo, historico_id=case.historico_id)
        return _served(request, content, sha256=anexo.sha256, tipo=anexo.tipo, nome=anexo.nome)


class DocumentListView(APIView):
    """The letters of a case."""

    required_scopes = {"GET": ATENDIMENTOS_LER}

    @extend_schema(
        operation_id="listar_documentos",
        summary="Os documentos que o consumidor pode ler",
        description=(
            "Os que lhe são dirigidos e os feitos para as duas partes. Os dirigidos ao fornecedor e os internos do "
            "Procon não estão aqui. O que foi substituído continua na lista e diz pelo quê."
        ),
        parameters=[PageQuery],
        responses={200: pages("Documentos", DocumentAnswer), **problems(400, 401, 403, 404)},
        tags=["Anexos e documentos"],
    )
    def get(self, request: Request, protocolo: str) -> Response:
        """A page of letters, oldest first."""
        wanted: dict[str, Any] = query_of(PageQuery, request)
        rows = documents_of(one_of(cases_of(caller(request)), protocolo))
        limit, cursor = wanted["limite"], wanted.get("cursor", "")
        return Response(page(request, rows, Order(("id",)), representation.documents, limit=limit, cursor=cursor))


class DocumentView(APIView):
    """One letter."""

    required_scopes = {"GET": ATENDIMENTOS_LER}
    renderer_classes = [_PDFRenderer, JSONRenderer]

    @extend_schema(
        operation_id="baixar_documento",
        summary="O PDF de um documento",
        parameters=[IF_NONE_MATCH, FILE_ETAG],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 304: None, **problems(401, 403, 404, 409)},
        tags=["Anexos e documentos"],
    )
    def get(self, request: Request, protocolo: str, codigo: str) -> HttpResponse:
        """The PDF as it was issued, or 304 to whoever has it."""
        case = one_of(cases_of(caller(request)), protocolo)
        letter = documents_of(case).filter(codigo=codigo).first()
        if letter is None:
            raise Http404
        log_reading(by=caller(request), pagina="api_documento", objeto=letter, historico_id=case.historico_id)
        name = f"{letter.tipo}-{letter.codigo}.pdf"
        return _served(request, read_pdf(letter), sha256=letter.sha256, tipo="application/pdf", nome=name)


def _check_size(size: int | None) -> None:
    limit = settings.PROCON["ANEXO_MB"]
    if (size or 0) > limit * 1_000_000:
        sentence = f"O arquivo passa de {limit} MB. Reduza-o (menos páginas, menos resolução) e envie de novo."
        raise Problem(413, sentence, erros={"arquivo": sentence})


def _served(request: Request, content: bytes, *, sha256: str, tipo: str, nome: str) -> HttpResponse:
    """The file under its hash as its version, so that no browser runs what it gets and nobody else's cache keeps it."""
    headers = {**_PRIVATE, "ETag": f'"{sha256}"'}
    if is_known(request, headers["ETag"]):
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = content_disposition_header(True, nome) or "attachment"
    return HttpResponse(content, content_type=tipo, headers=headers)
