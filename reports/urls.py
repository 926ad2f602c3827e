"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, include, path

from reports import views
from reports.api import StatisticsView
from reports.register import urls as register
from reports.views import dashboard, indices, oversight, profile, public, rankings

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.reports_index, name="relatorios"),
    path("perguntar/", views.question_page, name="perguntar"),
    path("cadastro/", include(register.staff)),
    path("painel/", dashboard.page, name="painel"),
    path("indices/", indices.page, name="indices"),
    path("perfil/", profile.page, name="perfil"),
    path("gestao/", oversight.page, name="gestao"),
    path("ranking/", rankings.page, name="ranking"),
    path("balanco/", views.balance_of_days, name="balanco_periodo"),
    path("balanco/<str:ano>/", views.balance_page, name="balanco"),
    path("balanco/<str:ano>/fechamento/", views.closing_page, name="fechamento"),
]
publico: list[URLPattern] = [
    path("", public.public_years, name="balancos_publicos"),
    path("<str:ano>/", public.public_balance, name="balanco_publico"),
]
api: list[URLPattern] = [
    path("api/v1/estatisticas/<str:ano>/", StatisticsView.as_view(), name="api_estatisticas"),
]
