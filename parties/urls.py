"""Addresses of consumers and suppliers."""

from django.urls import URLPattern, URLResolver, path

from parties.views import channels, duplicates, registry, suppliers

SUPPLIERS, PEOPLE = {"alvo": "fornecedores"}, {"alvo": "consumidores"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("consumidores/", registry.consumers, name="consumidores"),
    path("consumidores/<int:pk>/", registry.consumer, name="consumidor"),
    path("consumidores/<int:pk>/corrigir/", registry.correct_person, name="consumidor_corrigir"),
    path("consumidores/<int:pk>/canais/", channels.authorise, name="consumidor_canais"),
    path("consumidores/canais/<int:pk>/retirar/", channels.withdraw, name="canal_retirar"),
    path("fornecedores/", registry.suppliers, name="fornecedores"),
    path("fornecedores/novo/", registry.new_supplier, name="fornecedor_novo"),
    path("fornecedores/<int:pk>/", suppliers.supplier, name="fornecedor"),
    path("fornecedores/<int:pk>/grafias/", suppliers.new_spelling, name="fornecedor_grafias"),
    path("fornecedores/grafias/<int:pk>/retirar/", suppliers.drop_spelling, name="grafia_retirar"),
    path("fornecedores/<int:pk>/grupo/", suppliers.group, name="fornecedor_grupo"),
    path("fornecedores/<int:pk>/contatos/", suppliers.new_contact, name="fornecedor_contatos"),
    path("fornecedores/contatos/<int:pk>/retirar/", suppliers.drop_contact, name="contato_retirar"),
    path("fornecedores/<int:pk>/adesao/", suppliers.enrolment, name="fornecedor_adesao"),
    path("fornecedores/adesoes/<int:pk>/encerrar/", suppliers.end, name="adesao_encerrar"),
    path("grupos/", suppliers.groups, name="grupos"),
    path("grupos/<int:pk>/", suppliers.members, name="grupo"),
    path("fornecedores/<int:pk>/fundir/", duplicates.merge, SUPPLIERS, name="fornecedor_fundir"),
    path("fusoes/<int:pk>/desfazer/", duplicates.undo, SUPPLIERS, name="fusao_desfazer"),
    path("duplicados/", duplicates.duplicates, SUPPLIERS, name="duplicados"),
    path("duplicados/andamento/", duplicates.progress, SUPPLIERS, name="duplicados_andamento"),
    path("duplicados/procurar/", duplicates.search, SUPPLIERS, name="duplicados_procurar"),
    path("duplicados/<int:pk>/", duplicates.group, SUPPLIERS, name="duplicado"),
    path("duplicados/<int:pk>/nao-sao/", duplicates.dismiss, SUPPLIERS, name="duplicado_nao_sao"),
    path("consumidores/<int:pk>/fundir/", duplicates.merge, PEOPLE, name="consumidor_fundir"),
    path("consumidores/fusoes/<int:pk>/desfazer/", duplicates.undo, PEOPLE, name="fusao_de_consumidores_desfazer"),
    path("consumidores/duplicados/", duplicates.duplicates, PEOPLE, name="pessoas_duplicadas"),
    path("consumidores/duplicados/andamento/", duplicates.progress, PEOPLE, name="pessoas_duplicadas_andamento"),
    path("consumidores/duplicados/procurar/", duplicates.search, PEOPLE, name="pessoas_duplicadas_procurar"),
    path("consumidores/duplicados/<int:pk>/", duplicates.group, PEOPLE, name="pessoa_duplicada"),
    path("consumidores/duplicados/<int:pk>/nao-sao/", duplicates.dismiss, PEOPLE, name="pessoa_duplicada_nao_sao"),
    path("fornecedores/<int:pk>/corrigir/", registry.correct_company, name="fornecedor_corrigir"),
]
