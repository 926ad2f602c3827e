"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from opendata import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("publico/dados-abertos/", views.open_data, name="dados_abertos"),
    path("publico/dados-abertos/<str:ano>/<str:arquivo>", views.open_data_file, name="dados_abertos_arquivo"),
]
