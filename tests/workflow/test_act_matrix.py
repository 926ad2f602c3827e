"""Every act × state × papel, against the law written down a second time, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Subquery

from accounts.models import Atribuicao, Papel, User
from cases.models import CIP, Acordo, Atendimento, Reclamacao
from cases.services import register
from documents.models import Documento
from hearings.models import Audiencia, Sala, Termo
from tests.conftest import NOW, Cast
from workflow.acts import ActTable
from workflow.errors import ActNotAllowed
from workflow.models import Evento
from workflow.services import advance

#: model | act | from | to | who
LAW = """
cases.Atendimento  EMITIR_CIP              aberto,aguarda_fornecedor,aguarda_consumidor                aguarda_fornecedor  atendente,coordenador
cases.Atendimento  RESOLVER_NO_ATENDIMENTO aberto                                                      encerrado           atendente,coordenador
cases.Atendimento  AGUARDAR_CONSUMIDOR     aguarda_fornecedor                                          aguarda_consumidor  atendente,coordenador,sistema
cases.Atendimento  INSTAURAR_RECLAMACAO    aberto,aguarda_consumidor                                   em_reclamacao       atendente,coordenador
cases.Atendimento  ENCERRAR                aberto,aguarda_fornecedor,aguarda_consumidor,em_reclamacao  encerrado           atendente,coordenador,conciliador
cases.Atendimento  ENCERRAR_POR_ACEITACAO  aguarda_consumidor                                          encerrado           atendente,coordenador,conciliador,sistema,integracao
cases.Atendimento  ARQUIVAR_POR_INERCIA    aguarda_consumidor                                          encerrado           coordenador,sistema
cases.Atendimento  ARQUIVAR_POR_AUSENCIA   aguarda_consumidor,em_reclamacao                            encerrado           coordenador,sistema
cases.Atendimento  REABRIR                 encerrado                                                   aberto              coordenador
cases.Atendimento  REABRIR_EM_RECLAMACAO   encerrado                                                   em_reclamacao       coordenador
cases.Atendimento  INSTAURAR_POR_DESCUMPRIMENTO aberto,aguarda_consumidor,encerrado                         em_reclamacao       atendente,coordenador
cases.CIP          ENVIAR_CIP              emitida                                                     enviada             atendente,coordenador,sistema
cases.CIP          DAR_CIENCIA             enviada                                                     cientificada        atendente,coordenador,sistema
cases.CIP          RESPONDER_CIP           emitida,enviada,cientificada,prazo_decorrido                respondida          atendente,coordenador,sistema
cases.CIP          DECORRER_PRAZO          cientificada                                                prazo_decorrido     sistema
cases.CIP          ANALISAR_CIP            respondida,prazo_decorrido                                  em_analise          atendente,coordenador
cases.CIP          BAIXAR_CIP              respondida,prazo_decorrido,em_analise                       baixada             atendente,coordenador,conciliador,sistema
cases.CIP          ACEITAR_RESPOSTA        respondida,em_analise                                       baixada             atendente,coordenador,conciliador,sistema,integracao
cases.CIP          CANCELAR_CIP            emitida,enviada,cientificada                                baixada             atendente,coordenador,conciliador
cases.Reclamacao   NOTIFICAR_RECLAMACAO       instaurada,notificada                                       notificada          atendente,coordenador
cases.Reclamacao   CONCLUIR_DEFESAS           notificada                                                  defesa_recebida     atendente,coordenador,conciliador,sistema
cases.Reclamacao   DECLARAR_REVELIA           notificada                                                  revelia             atendente,coordenador,conciliador,sistema
cases.Reclamacao   EMITIR_PARECER             defesa_recebida,revelia,em_analise                          em_analise          atendente,coordenador
cases.Reclamacao   DEVOLVER_PARECER           em_analise                                                  em_analise          autoridade
cases.Reclamacao   DECIDIR                    em_analise                                                  decidida            autoridade
cases.Reclamacao   INTERPOR_RECURSO           decidida                                                    decidida            atendente,coordenador
cases.Reclamacao   JULGAR_RECURSO             decidida                                                    decidida            autoridade
cases.Reclamacao   ARQUIVAR_RECLAMACAO        instaurada,notificada,defesa_recebida,revelia,em_analise,decidida arquivada           atendente,coordenador,conciliador,sistema
cases.Reclamacao   REABRIR_RECLAMACAO         arquivada                                                   instaurada          coordenador
cases.Reclamacao   REABRIR_EM_ANALISE         arquivada                                                   em_analise          coordenador
cases.Reclamacao   RETOMAR_POR_DESCUMPRIMENTO arquivada                                                   instaurada          atendente,coordenador
cases.Acordo       CUMPRIR_ACORDO             firmado,nao_informado                                       cumprido            atendente,coordenador,conciliador
cases.Acordo       DESCUMPRIR_ACORDO          firmado,nao_informado                                       descumprido         atendente,coordenador,conciliador
cases.Acordo       SEM_NOTICIA_DO_ACORDO      firmado                                                     nao_informado       atendente,coordenador
hearings.Audiencia NOTIFICAR               agendada                                                    notificada          atendente,coordenador,conciliador,sistema
hearings.Audiencia CONFIRMAR               agendada,notificada                                         confirmada          atendente,coordenador,conciliador,sistema
hearings.Audiencia REALIZAR                agendada,notificada,confirmada                              realizada           atendente,coordenador,conciliador
hearings.Audiencia REGISTRAR_AUSENCIA      agendada,notificada,confirmada                              nao_realizada       atendente,coordenador,conciliador
hearings.Audiencia REDESIGNAR              agendada,notificada,confirmada                              redesignada         atendente,coordenador,conciliador
hearings.Audiencia CANCELAR                agendada,notificada,confirmada                              cancelada           atendente,coordenador,conciliador,sistema
hearings.Termo     FECHAR_TERMO            em_redacao                                                  fechado             atendente,coordenador,conciliador
hearings.Termo     ANULAR_TERMO            em_redacao                                                  sem_efeito          atendente,coordenador,conciliador,sistema
hearings.Termo     SUBSTITUIR_TERMO        fechado                                                     substituido         atendente,coordenador,conciliador
"""  # noqa: E501  a table reads by its columns

ROWS = [line.split() for line in LAW.strip().splitlines()]

#: A closed termo has its letter.
CLOSED: dict[str, Any] = {
    "documento_id": Subquery(Documento.objects.order_by("-pk").values("pk")[:1]),
    "fechado_em": NOW,
    "fechado_por_id": Subquery(User.objects.filter(usuario="carla").values("pk")),
}
#: What else a row must carry in a status, for the database to accept it.
CONSISTENT: dict[tuple[str, str], dict[str, Any]] = {
    ("cases.Atendimento", "encerrado"): {"desfecho": "orientado", "encerrado_em": NOW},
    ("cases.CIP", "baixada"): {"resultado": "decurso", "baixada_em": NOW},
    ("hearings.Audiencia", "realizada"): {"resultado": "acordo"},
    ("hearings.Audiencia", "nao_realizada"): {"resultado": "ausentes_ambos"},
    ("hearings.Termo", "fechado"): CLOSED,
    ("hearings.Termo", "substituido"): CLOSED,
}
PLAIN: dict[str, dict[str, Any]] = {
    "cases.Atendimento": {"desfecho": "", "encerrado_em": None},
    "cases.CIP": {"resultado": "", "baixada_em": None},
    "cases.Reclamacao": {},
    "cases.Acordo": {},
    "hearings.Audiencia": {"resultado": ""},
    "hearings.Termo": {"documento_id": None, "fechado_em": None, "fechado_por_id": None},
}


def _fields(model: str, status: str) -> dict[str, Any]:
    return PLAIN[model] | CONSISTENT.get((model, status), {})


def _instance(model: str, cast: Cast) -> Any:
    case = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="calculo", canal="pessoal", consumidor=cast.ana)
    if model == "cases.Atendimento":
        return case
    if model == "cases.Reclamacao":
        return Reclamacao.objects.create(atendimento=case, instaurada_em=NOW)
    if model == "cases.Acordo":
        return Acordo.objects.create(
            reclamado=case.reclamados.create(atendimento=case, fornecedor=cast.loja),
            origem="atendimento",
            texto="Troca.",
            firmado_em=NOW.date(),
            conferir_em=NOW.date(),
            registrado_por=cast.bruno,
        )
    if model == "cases.CIP":
        return CIP.objects.create(
            reclamado=case.reclamados.create(atendimento=case, fornecedor=cast.loja), emitida_em=NOW
        )
    room = Sala.objects.create(unidade=cast.unidade, nome="Sala 1")
    hearing = Audiencia.objects.create(
        atendimento=case,
        sala=room,
        conciliador=cast.carla,
        inicio=NOW,
        fim=NOW.replace(hour=11),
        agendada_em=NOW,
    )
    return _termo(hearing, cast) if model == "hearings.Termo" else hearing


def _termo(hearing: Audiencia, cast: Cast) -> Termo:
    letter = {
        "tipo": "termo_de_audiencia",
        "titulo": "Termo",
        "dados": {},
        "modelo": "",
        "modelo_hash": "",
        "tamanho": 1,
    }
    Documento.objects.create(codigo="TESTE", arquivo="x", sha256="", emitido_em=NOW, emitido_por=cast.carla, **letter)
    return Termo.objects.create(audiencia=hearing, conteudo_sha256="0" * 64, alterado_em=NOW, alterado_por=cast.carla)


def _people(cast: Cast) -> dict[str, User]:
    people = {Papel.SISTEMA.value: cast.sistema}
    for papel in Papel.values:
        if papel not in people:
            user = User.objects.create_user(f"so-{papel}", nome=papel)
            Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=papel)
            people[papel] = user
    return people


def _allowed(instance: Any, act: Any, by: User, before: int) -> bool:
    """Try the act and take it back: `before` so many events, one more when it was done, no more when it was refused."""
    try:
        with transaction.atomic():
            advance(instance, act, by=by, at=NOW, changes=_fields(act.model, act.target))
            assert Evento.objects.count() == before + 1
            transaction.set_rollback(True)
    except ActNotAllowed:
        assert Evento.objects.count() == before
        return False
    return True


def test_the_law_names_every_act_and_no_other() -> None:
    built = {(act.model, act.name, act.target) for table in ActTable.registry.values() for act in table}

    assert {(model, name, target) for model, name, _, target, _ in ROWS} == built


@pytest.mark.parametrize(("model", "name", "sources", "target", "roles"), ROWS, ids=[row[1] for row in ROWS])
def test_act_matrix(cast: Cast, model: str, name: str, sources: str, target: str, roles: str) -> None:
    act = ActTable.registry[model][name]
    instance = _instance(model, cast)
    people = _people(cast)
    before = Evento.objects.count()
    moved = set()
    for status in type(instance).Status.values:
        type(instance).objects.filter(pk=instance.pk).update(status=status, **_fields(model, status))
        fresh = apps.get_model(model)._base_manager.get(pk=instance.pk)
        for papel, user in people.items():
            if _allowed(fresh, act, user, before):
                moved.add((status, papel))
                fresh = apps.get_model(model)._base_manager.get(pk=instance.pk)
            assert fresh.status == status

    assert moved == {(source, role) for source in sources.split(",") for role in roles.split(",")}
    assert act.target == target


def test_nobody_acts_in_a_unidade_where_they_hold_nothing(cast: Cast) -> None:
    case = _instance("cases.Atendimento", cast)

    with pytest.raises(ActNotAllowed, match="o ato cabe a Atendente, Coordenador"):
        advance(case, ActTable.registry["cases.Atendimento"]["EMITIR_CIP"], by=cast.eva, at=NOW)


def test_the_slower_of_two_is_told(cast: Cast) -> None:
    first = _instance("cases.Atendimento", cast)
    second = Atendimento.objects.get(pk=first.pk)
    act = ActTable.registry["cases.Atendimento"]["INSTAURAR_RECLAMACAO"]
    advance(first, act, by=cast.bruno, at=NOW)

    with pytest.raises(ActNotAllowed, match="Alguém foi mais rápido"):
        advance(second, act, by=cast.dora, at=NOW)

    assert Evento.objects.filter(ato="INSTAURAR_RECLAMACAO").count() == 1
