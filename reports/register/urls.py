"""Addresses of the register: of the office, of the public, of the API."""

from django.urls import URLPattern, path

from reports.register import api
from reports.register.views import corrections, national, office, public

staff: list[URLPattern] = [
    path("", office.index, name="cadastros_do_ano"),
    path("<str:ano>/", office.year_page, name="cadastro_do_ano"),
    path("<str:ano>/nacional/", national.register, name="cadastro_nacional"),
    path("<str:ano>/pedidos/", corrections.listing, name="cadastro_pedidos"),
    path("<str:ano>/pedidos/<int:pk>/", corrections.answer, name="cadastro_pedido"),
    path("<str:ano>/versao/<int:versao>/", office.archive, name="cadastro_arquivo"),
]
urlpatterns: list[URLPattern] = [
    path("publico/cadastro/", public.public_index, name="cadastros_publicos"),
    path("publico/cadastro/<str:ano>/", public.public_register, name="cadastro_publico"),
    path("api/v1/cadastro/<str:ano>/", api.RegisterView.as_view(), name="api_cadastro"),
]
