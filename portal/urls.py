"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, include, path

from portal import views
from portal.api.views.token import TokenView

urlpatterns: list[URLPattern | URLResolver] = [
    path("publico/documentos/", views.conferencia, name="conferencia"),
    path("oauth/token/", TokenView.as_view(), name="oauth_token"),
    path("api/v1/", include("portal.api.urls")),
]
