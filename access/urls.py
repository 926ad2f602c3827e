"""Addresses of this package."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from access.middleware import before_second_factor
from access.views import account, door, passwords, people, second, typed

urlpatterns: list[URLPattern | URLResolver] = [
    path("entrar/", login_not_required(door.Entrar.as_view()), name="entrar"),
    path("entrar/segundo-fator/", login_not_required(second.second_step), name="entrar_segundo"),
    path("sair/", before_second_factor(door.Sair.as_view()), name="sair"),
    path("senha/esqueci/", login_not_required(passwords.forgotten), name="senha_esquecida"),
    path("senha/nova/<str:uid>/<str:prova>/", login_not_required(passwords.by_link), name="senha_nova"),
    path("conta/", account.account, name="conta"),
    path("conta/senha/", passwords.change, name="senha"),
    path("conta/confirmar/", account.confirm, name="conta_confirmar"),
    path("conta/sessoes/encerrar-outras/", account.end_others, name="sessoes_encerrar"),
    path("conta/sessoes/<uuid:codigo>/encerrar/", account.end_one, name="sessao_encerrar"),
    path("conta/segundo-fator/", account.second_factor, name="segundo_fator"),
    path("conta/segundo-fator/aplicativo/", account.new_application, name="segundo_fator_aplicativo"),
    path("conta/segundo-fator/chave/", account.new_key, name="segundo_fator_chave"),
    path("conta/segundo-fator/codigos/", account.new_codes, name="segundo_fator_codigos"),
    path("conta/segundo-fator/<int:pk>/retirar/", account.remove, name="segundo_fator_retirar"),
    path("cadastros/usuarios/", people.listing, name="usuarios"),
    path("cadastros/usuarios/novo/", people.new, name="usuario_novo"),
    path("cadastros/usuarios/<int:pk>/", people.person, name="usuario"),
    path("cadastros/usuarios/<int:pk>/corrigir/", people.change, name="usuario_corrigir"),
    path("cadastros/usuarios/<int:pk>/papeis/<int:unidade>/", people.papeis, name="usuario_papeis"),
    path("cadastros/usuarios/<int:pk>/desativar/", people.deactivate, name="usuario_desativar"),
    path("cadastros/usuarios/<int:pk>/reativar/", people.reactivate, name="usuario_reativar"),
    path("cadastros/usuarios/<int:pk>/link/", people.link, name="usuario_link"),
    path("cadastros/usuarios/<int:pk>/segundo-fator/", people.reset_factor, name="usuario_segundo_fator"),
    path("conta/digitado/<uuid:pk>/", typed.typed, name="digitado"),
]
