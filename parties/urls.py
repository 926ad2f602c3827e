"""Addresses of consumers and suppliers."""

from django.urls import URLPattern, URLResolver, path

from parties.views import registry

urlpatterns: list[URLPattern | URLResolver] = [
    path("consumidores/", registry.consumers, name="consumidores"),
    path("consumidores/<int:pk>/", registry.consumer, name="consumidor"),
    path("consumidores/<int:pk>/corrigir/", registry.correct_person, name="consumidor_corrigir"),
    path("fornecedores/", registry.suppliers, name="fornecedores"),
    path("fornecedores/novo/", registry.new_supplier, name="fornecedor_novo"),
    path("fornecedores/<int:pk>/", registry.supplier, name="fornecedor"),
    path("fornecedores/<int:pk>/corrigir/", registry.correct_company, name="fornecedor_corrigir"),
]
