"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from documents import views

urlpatterns: list[URLPattern | URLResolver] = [path("<str:codigo>/", views.documento, name="documento")]
