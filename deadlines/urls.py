"""Addresses of the calendar and of the rules of terms."""

from django.urls import URLPattern, URLResolver, path

from deadlines import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.calendar, name="prazos"),
    path("mudancas/", views.changes, name="prazos_mudancas"),
    path("regras/", views.rules, name="prazos_regras"),
    path("regras/<slug:nome>/nova/", views.new_rule, name="prazos_regra_nova"),
    path("dias/novo/", views.new_day, name="prazos_dia_novo"),
    path("dias/<int:pk>/retirar/", views.drop_day, name="prazos_dia_retirar"),
    path("suspensoes/nova/", views.new_window, name="prazos_suspensao_nova"),
    path("suspensoes/<int:pk>/retirar/", views.drop_window, name="prazos_suspensao_retirar"),
]
