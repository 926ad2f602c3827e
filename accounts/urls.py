"""Addresses of this package."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("entrar/", login_not_required(views.Entrar.as_view()), name="entrar"),
    path("sair/", views.Sair.as_view(), name="sair"),
]
