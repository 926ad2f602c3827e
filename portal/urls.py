"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from portal import views

urlpatterns: list[URLPattern | URLResolver] = [path("publico/documentos/", views.conferencia, name="conferencia")]
