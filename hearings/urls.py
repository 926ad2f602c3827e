"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from hearings.views import agenda, booking, calendar, hearing, public, setup

urlpatterns: list[URLPattern | URLResolver] = [
    path("", agenda.agenda, name="audiencias"),
    path("do-caso/<str:protocolo>/", agenda.of_case, name="audiencias_do_caso"),
    path("semana/", calendar.week, name="audiencias_semana"),
    path("mes/", calendar.month, name="audiencias_mes"),
    path("agenda/", setup.setup, name="agenda_configuracao"),
    path("agenda/<int:unidade>/", setup.setup, name="agenda_da_unidade"),
    path("agenda/<int:unidade>/regras/", setup.set_rules, name="agenda_regras"),
    path("agenda/<int:unidade>/salas/", setup.save_room, name="agenda_sala_nova"),
    path("agenda/<int:unidade>/salas/<int:pk>/", setup.save_room, name="agenda_sala"),
    path("agenda/<int:unidade>/disponibilidades/", setup.add_window, name="agenda_janela_nova"),
    path("agenda/<int:unidade>/disponibilidades/<int:pk>/encerrar/", setup.end_window, name="agenda_janela_encerrar"),
    path("agenda/<int:unidade>/ausencias/", setup.add_absence, name="agenda_ausencia_nova"),
    path("agenda/<int:unidade>/ausencias/<int:pk>/desfazer/", setup.undo_absence, name="agenda_ausencia_desfazer"),
    path("agenda/<int:unidade>/assinaturas/", setup.add_feed, name="agenda_assinatura_nova"),
    path("agenda/<int:unidade>/assinaturas/<int:pk>/revogar/", setup.end_feed, name="agenda_assinatura_revogar"),
    path("calendario/<str:chave>.ics", calendar.feed, name="agenda_ics"),
    path("<int:pk>/ics/", calendar.event, name="audiencia_ics"),
    path("parte/<str:ficha>/", public.party, name="audiencia_parte"),
    path("pedidos/<int:pk>/negar/", hearing.deny, name="audiencia_pedido_negar"),
    path("nova/<str:protocolo>/", booking.new, name="audiencia_nova"),
    path("<int:pk>/", hearing.hearing, name="audiencia"),
    path("<int:pk>/redesignar/", booking.move, name="audiencia_redesignar"),
    path("<int:pk>/notificar/", hearing.notify, name="audiencia_notificar"),
    path("<int:pk>/confirmar/", hearing.confirm, name="audiencia_confirmar"),
    path("<int:pk>/cancelar/", hearing.cancel, name="audiencia_cancelar"),
    path("<int:pk>/justificativa/", hearing.justify, name="audiencia_justificativa"),
    path("<int:pk>/arquivamento/", hearing.archive, name="audiencia_arquivamento"),
    path("<int:pk>/resultado/", hearing.result, name="audiencia_resultado"),
]
