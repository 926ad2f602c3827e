"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from notifications import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.listing, name="mensagens"),
    path("<int:pk>/", views.message, name="mensagem"),
    path("<int:pk>/reenviar/", views.resend, name="mensagem_reenviar"),
    path("correio/", views.mail_folder, name="correio"),
    path("correio/<str:name>/", views.mail, name="correio_carta"),
]
