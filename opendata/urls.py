"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from opendata.views import conduct, published

urlpatterns: list[URLPattern | URLResolver] = [
    path("publico/dados-abertos/", published.open_data, name="dados_abertos"),
    path("publico/dados-abertos/<str:ano>/<str:arquivo>", published.open_data_file, name="dados_abertos_arquivo"),
    path("relatorios/consumidor-gov/", conduct.conduct_page, name="consumidor_gov"),
]
