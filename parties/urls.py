"""Addresses of consumers and suppliers."""

from django.urls import URLPattern, URLResolver, path

from parties import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("consumidores/", views.consumers, name="consumidores"),
    path("consumidores/<int:pk>/", views.consumer, name="consumidor"),
    path("consumidores/<int:pk>/corrigir/", views.correct_person, name="consumidor_corrigir"),
    path("fornecedores/", views.suppliers, name="fornecedores"),
    path("fornecedores/novo/", views.new_supplier, name="fornecedor_novo"),
    path("fornecedores/<int:pk>/", views.supplier, name="fornecedor"),
    path("fornecedores/<int:pk>/corrigir/", views.correct_company, name="fornecedor_corrigir"),
]
