"""The API's addresses, under /api/v1/."""

from django.urls import URLPattern, path, re_path

from portal.api.views import hearings
from portal.api.views.cases import CaseListView, CaseView, EventListView
from portal.api.views.description import DescriptionView, DocsView
from portal.api.views.following import FollowingView
from portal.api.views.missing import MissingView
from portal.api.views.papers import AttachmentListView, AttachmentView, DocumentListView, DocumentView
from portal.api.views.reference import AssuntoListView, FornecedorListView, ProblemaListView, UnidadeListView
from portal.api.views.replies import ManifestationView, ReplyListView
from portal.api.views.webhooks import DeliveryListView, ReplayView, SecretView, TestView, WebhookListView, WebhookView

#: 35.001.001.23-0001234; anything else is no address of ours.
CASE = r"^atendimentos/(?P<protocolo>[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}-[0-9]{7})/"

urlpatterns: list[URLPattern] = [
    path("assuntos/", AssuntoListView.as_view(), name="api_assuntos"),
    path("problemas/", ProblemaListView.as_view(), name="api_problemas"),
    path("fornecedores/", FornecedorListView.as_view(), name="api_fornecedores"),
    path("unidades/", UnidadeListView.as_view(), name="api_unidades"),
    path("atendimentos/", CaseListView.as_view(), name="api_atendimentos"),
    re_path(rf"{CASE}$", CaseView.as_view(), name="api_atendimento"),
    re_path(rf"{CASE}andamentos/$", EventListView.as_view(), name="api_andamentos"),
    re_path(rf"{CASE}anexos/$", AttachmentListView.as_view(), name="api_anexos"),
    re_path(rf"{CASE}anexos/(?P<numero>[0-9]{{1,18}})/$", AttachmentView.as_view(), name="api_anexo"),
    re_path(rf"{CASE}respostas/$", ReplyListView.as_view(), name="api_respostas"),
    re_path(rf"{CASE}manifestacoes/$", ManifestationView.as_view(), name="api_manifestacoes"),
    re_path(rf"{CASE}documentos/$", DocumentListView.as_view(), name="api_documentos"),
    re_path(rf"{CASE}documentos/(?P<codigo>[0-9A-Z-]{{1,20}})/$", DocumentView.as_view(), name="api_documento"),
    path("acompanhamento/", FollowingView.as_view(), name="api_acompanhamento"),
    path("webhooks/", WebhookListView.as_view(), name="api_webhooks"),
    path("webhooks/<int:pk>/", WebhookView.as_view(), name="api_webhook"),
    path("webhooks/<int:pk>/entregas/", DeliveryListView.as_view(), name="api_webhook_entregas"),
    path("webhooks/<int:pk>/reenvio/", ReplayView.as_view(), name="api_webhook_reenvio"),
    path("webhooks/<int:pk>/segredo/", SecretView.as_view(), name="api_webhook_segredo"),
    path("webhooks/<int:pk>/teste/", TestView.as_view(), name="api_webhook_teste"),
    path("horarios-livres/", hearings.FreeTimesView.as_view(), name="api_horarios_livres"),
    path("audiencias/", hearings.HearingListView.as_view(), name="api_audiencias"),
    path("audiencias/<int:id>/", hearings.HearingView.as_view(), name="api_audiencia"),
    path("audiencias/<int:id>/ics/", hearings.CalendarView.as_view(), name="api_audiencia_ics"),
    path("audiencias/<int:id>/confirmacao/", hearings.ConfirmationView.as_view(), name="api_confirmacao"),
    path("audiencias/<int:id>/pedido-remarcacao/", hearings.MoveView.as_view(), name="api_pedido_remarcacao"),
    path("schema/", DescriptionView.as_view(), name="api_schema"),
    path("docs/", DocsView.as_view(), name="api_docs"),
    re_path(r"", MissingView.as_view()),  # whatever is left, line breaks included
]
