"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, include, path

from portal.api.views.token import TokenView
from portal.views import checking, supplier

urlpatterns: list[URLPattern | URLResolver] = [
    path("publico/documentos/", checking.conferencia, name="conferencia"),
    path("publico/fornecedor/", supplier.entrance, name="fornecedor_publico"),
    path("publico/fornecedor/cip/", supplier.letter, name="cip_publica"),
    path("publico/fornecedor/cip/prazo/", supplier.extension, name="cip_publica_prazo"),
    path("publico/fornecedor/recibo/", supplier.receipt, name="cip_recibo"),
    path("oauth/token/", TokenView.as_view(), name="oauth_token"),
    path("api/v1/", include("portal.api.urls")),
]
