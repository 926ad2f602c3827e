"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from hearings.views import agenda, booking, hearing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", agenda.agenda, name="audiencias"),
    path("do-caso/<str:protocolo>/", agenda.of_case, name="audiencias_do_caso"),
    path("nova/<str:protocolo>/", booking.new, name="audiencia_nova"),
    path("<int:pk>/", hearing.hearing, name="audiencia"),
    path("<int:pk>/redesignar/", booking.move, name="audiencia_redesignar"),
    path("<int:pk>/notificar/", hearing.notify, name="audiencia_notificar"),
    path("<int:pk>/confirmar/", hearing.confirm, name="audiencia_confirmar"),
    path("<int:pk>/cancelar/", hearing.cancel, name="audiencia_cancelar"),
    path("<int:pk>/resultado/", hearing.result, name="audiencia_resultado"),
]
