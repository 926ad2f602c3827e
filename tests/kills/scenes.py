"""What each task of the office is in the middle of when its worker is killed, and what must be there afterwards.

Every scene prepares two things for its task to do, the second of which it cannot finish: a transaction of the test
holds a row or a table that the task needs, or the other side of the line stops. One task, one function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import redis
from django.core.files.uploadedfile import SimpleUploadedFile

from access.models import Sessao
from cases.models import CIP, Acordo, Anexo, Atendimento, ItemDoLote, Parcela, Rascunho, Reclamado
from cases.services import (
    acknowledge_cip,
    answer_cip,
    attach,
    make_agreement,
    notify_reclamado,
    open_reclamacao,
    receive_notice,
)
from cases.services.cip_lots import ask_issue
from deadlines.models import RegraDePrazo
from documents.models import Documento
from hearings.models import Sala
from notifications.models import Mensagem, Tentativa
from parties.models import AdesaoCipEletronica, BuscaDeDuplicados
from parties.services import enroll_supplier, request_search
from portal.models import Entrega, RespostaGuardada
from portal.services import send_test
from procon.environment import with_redis_database
from procon.models import Copia
from reports.models import ItemDoCadastro, PedidoDeCorrecao
from reports.register.services.corrections import answer_correction
from reports.totals import differences
from tests.cases.files import pdf_with
from tests.conftest import NOW
from tests.hearings.conftest import Stage
from tests.hearings.test_absence import missed
from tests.kills.ground import Ground, Scene, acts, history, of, once, row, table
from tests.kills.outside import Pause
from tests.notifications.scripted import put
from tests.notifications.test_returns import bounce
from tests.portal.conftest import make_program
from tests.portal.receiver import listen
from tests.reports.register.conftest import UNMET, Register, auditor, decided
from tests.reports.register.test_corrections import ask
from workflow.models import GONE

# ---- cases ----


def lapse_due_cips(ground: Ground) -> Scene:
    cips = ground.cips("Prazo", "em_maos")
    for cip in cips:
        acknowledge_cip(cip=cip, on=NOW.date(), by=ground.cast.bruno, at=NOW)
    return once("DECORRER_PRAZO", of(cips))


def presume_receipts(ground: Ground) -> Scene:
    RegraDePrazo.objects.filter(nome="cip_presuncao").update(vigente_de=date(2026, 1, 1))
    supplier = ground.supplier("Ciência")
    term = {"termo": "12", "assinado_por": "Rui", "assinado_em": date(2026, 3, 2), "by": ground.cast.dora, "at": NOW}
    enroll_supplier(supplier=supplier, **term)
    return once("DAR_CIENCIA", of(ground.cips("Ciência", "portal", supplier)))


def run_batches(ground: Ground) -> Scene:
    cases = ground.cases("Lote")
    lote = ask_issue(reclamados=[case.reclamados.get() for case in cases], by=ground.cast.bruno, at=ground.now)

    def look() -> Any:
        items = ItemDoLote.objects.filter(lote=lote).order_by("ordem")
        issued = CIP.objects.filter(reclamado__atendimento__in=cases).values_list("documento__tipo", flat=True)
        return list(issued), [(item.feito_em is not None, item.recusa) for item in items]

    return Scene(look, ([], [(False, "")] * 2), (["cip", "cip"], [(True, "")] * 2), history(cases[1]))


def mind_complaints(ground: Ground) -> Scene:
    cases = ground.cases("Revelia")
    for case in cases:
        open_reclamacao(atendimento=case, by=ground.cast.bruno, at=NOW, motivo="Sem solução.")
        turn = notify_reclamado(reclamado=case.reclamados.get(), meio="em_maos", by=ground.cast.bruno, at=NOW)
        receive_notice(defesa=turn, on=NOW.date(), by=ground.cast.bruno, at=NOW)
    return once("CERTIFICAR_REVELIA", cases)


def ask_about_agreements(ground: Ground) -> Scene:
    cases = ground.cases("Acordo")
    for case in cases:
        part = Parcela(vencimento=date(2026, 3, 10), valor=300)
        make_agreement(
            reclamado=case.reclamados.get(), origem="atendimento", texto="Devolução.", firmado_em=NOW.date(), total=300,
            parcelas=[part], by=ground.cast.bruno, at=NOW,
        )  # fmt: skip
    asked = acts("PERGUNTAR_DO_ACORDO", cases)

    def look() -> Any:
        keys = Acordo.objects.filter(reclamado__atendimento__in=cases).order_by("pk").values_list("pk", flat=True)
        return asked(), [Mensagem.objects.filter(chave__startswith=f"acordo:{key}:conferir:").count() for key in keys]

    return Scene(look, ([1, 0], [1, 0]), ([1, 1], [1, 1]), history(cases[1]))


def follow_idle_cases(ground: Ground) -> Scene:
    cips = ground.cips("Inércia", "em_maos")
    for cip in cips:
        answer_cip(cip=cip, resposta="Devolvemos.", by=ground.cast.bruno, at=NOW)
    return once("AVISAR_INERCIA", of(cips))


def scan_attachments(ground: Ground) -> Scene:
    keys = []
    for place, case in enumerate(ground.cases("Antivírus")):
        paper = SimpleUploadedFile("nota.pdf", pdf_with(b"<< /Numero %d >>" % place))
        made = attach(atendimento=case, arquivo=paper, nome="nota.pdf", origem="balcao", by=ground.cast.bruno, at=NOW)
        keys.append(made.pk)
    Anexo.objects.filter(pk__in=keys).update(situacao="quarentena")

    def look() -> list[str]:
        return list(Anexo.objects.filter(pk__in=keys).order_by("pk").values_list("situacao", flat=True))

    return Scene(look, ["limpo", "quarentena"], ["limpo", "limpo"], row("cases_anexo", keys[1]))


def forget_drafts(ground: Ground) -> Scene:
    old = {"usuario": ground.cast.bruno, "criado_em": NOW, "alterado_em": NOW}
    keys = [Rascunho.objects.create(envio=uuid4(), **old).pk for _ in range(2)]
    return Scene(lambda: Rascunho.objects.filter(pk__in=keys).count(), 2, 0, row("cases_rascunho", keys[1]))


# ---- hearings ----


def announce_waiting(ground: Ground) -> Scene:
    dates = ground.hearings()

    def look() -> list[tuple[int, int]]:
        return [
            (
                Documento.objects.filter(historico=item.atendimento.historico_id).count(),
                Mensagem.objects.filter(referencia=item.referencia).count(),
            )
            for item in dates
        ]

    return Scene(look, [(2, 8), (0, 0)], [(2, 8), (2, 8)], row("hearings_audiencia", dates[1].pk))


def cancel_of_closed_cases(ground: Ground) -> Scene:
    closed = {"status": "encerrado", "desfecho": "orientado", "encerrado_em": NOW}
    return once("CANCELAR", [item.atendimento for item in ground.hearings(avisada_em=NOW, **closed)])


def archive_absences(ground: Ground) -> Scene:
    cast, cases = ground.cast, []
    for clock in ("09:00", "09:30"):
        case = ground.bare_case()
        rooms = [Sala.objects.create(unidade=cast.unidade, nome=f"Sala {clock} {n}") for n in "ab"]
        parties = [Reclamado.objects.create(atendimento=case, fornecedor=who) for who in (cast.loja, cast.banco)]
        missed(Stage(cast, *rooms, case, *parties, cast.carla), clock=clock)
        cases.append(case)
    Mensagem.objects.filter(tipo="justificativa_ausencia").update(situacao="enviada")

    def look() -> list[str]:
        keys = [case.pk for case in cases]
        return list(Atendimento.objects.filter(pk__in=keys).order_by("pk").values_list("status", flat=True))

    return Scene(look, ["encerrado", "aguarda_consumidor"], ["encerrado"] * 2, history(cases[1]))


# ---- parties, access, the office itself ----


def end_expired_enrolments(ground: Ground) -> Scene:
    term = {"termo": "12", "assinado_por": "Rui", "assinado_em": date(2026, 3, 2), "vale_ate": date(2026, 3, 31)}
    suppliers = [ground.supplier(f"Adesão {name}") for name in "ab"]
    for supplier in suppliers:
        enroll_supplier(supplier=supplier, by=ground.cast.dora, at=NOW, **term)
    rows = AdesaoCipEletronica.objects.filter(fornecedor__in=suppliers, encerrada_em__isnull=True)
    return Scene(rows.count, 2, 0, row("parties_fornecedor", suppliers[1].pk))


def search_duplicates(ground: Ground) -> Scene:
    for _ in range(2):
        ground.supplier("Comercial Repetida de Móveis Ltda")
    made = request_search(by=auditor("alice", ground.cast.unidade), at=ground.now)

    def look() -> tuple[bool, bool]:
        found = BuscaDeDuplicados.objects.get(pk=made.pk)
        return found.aberta, found.encontrados > 0

    return Scene(look, (True, False), (False, True), table("parties_grupodeduplicados"))


def forget_ended(ground: Ground) -> Scene:
    keys = [letter * 64 for letter in "ab"]
    for key in keys:
        Sessao.objects.create(session_key=key, session_data="", expire_date=NOW)
    rows = Sessao.objects.filter(session_key__in=keys)
    return Scene(rows.count, 2, 0, row("access_sessao", keys[1], "session_key"))


def pulse(ground: Ground) -> Scene:
    """One statement to the Redis: there is no middle, so it is killed while it waits its turn."""
    address = with_redis_database(ground.office.variables["REDIS_URL"], 1)

    def look() -> bool:
        with redis.Redis.from_url(address) as cache:
            return bool(cache.exists(":1:vida:pulso"))

    with redis.Redis.from_url(address) as cache:
        cache.delete(":1:vida:pulso")
    return Scene(look, False, True)


def keep_copies(ground: Ground) -> Scene:
    folder = ground.office.home / "copias"

    def look() -> tuple[int, int]:
        return len(list(folder.glob("procon-*.copia"))), Copia.objects.filter(tamanho__gt=0).count()

    return Scene(look, (0, 0), (1, 1), table("procon_demonstracao", "ACCESS EXCLUSIVE"))


# ---- messages ----


def deliver_due(ground: Ground) -> Scene:
    keys = [put(ground.cast, f"queda:{name}").pk for name in "ab"]
    pause = Pause()
    ground.outside["mail"].script = [None, pause]
    return Scene(lambda: _sent(keys) == 2, False, True, pause=pause)


def deliver_texts(ground: Ground) -> Scene:
    sms = {"canal": "sms", "endereco": "+5511912345678"}
    keys = [put(ground.cast, f"sms:{name}", **sms).pk for name in "ab"]
    pause = Pause()
    ground.outside["gateway"].script = [202, pause]
    return Scene(lambda: _sent(keys), 1, 2, pause=pause)


def _sent(keys: Sequence[int]) -> int:
    return Mensagem.objects.filter(pk__in=keys, situacao="enviada").count()


def read_returns(ground: Ground) -> Scene:
    rows = [put(ground.cast, f"devolvida:{name}") for name in "ab"]
    for place, mensagem in enumerate(rows):
        Mensagem.objects.filter(pk=mensagem.pk).update(situacao="enviada")
        (ground.office.home / "devolucoes" / "new" / str(place)).write_bytes(bounce(mensagem))

    def look() -> list[tuple[str, int]]:
        found = [Mensagem.objects.get(pk=mensagem.pk) for mensagem in rows]
        return [(item.situacao, Tentativa.objects.filter(mensagem=item).count()) for item in found]

    return Scene(
        look,
        [("devolvida", 1), ("enviada", 0)],
        [("devolvida", 1), ("devolvida", 1)],
        row("notifications_mensagem", rows[1].pk),
    )


# ---- the portal, the reports ----


def deliver_webhooks(ground: Ground) -> Scene:
    pause = Pause()
    ground.outside["portal"].script = [204, pause]
    hooks = []
    for name in "ab":
        program = make_program(ground.cast, f"Portal avisado {name}")
        hooks.append(listen(program.integracao, ground.outside["portal"], "cip.respondida").webhook)
        send_test(webhook=hooks[-1], at=NOW)
    rows = Entrega.objects.filter(webhook__in=hooks, situacao="entregue")
    return Scene(rows.count, 1, 2, pause=pause)


def forget_expired_answers(ground: Ground) -> Scene:
    program = make_program(ground.cast, "Portal esquecido")
    old = {"integracao": program.integracao, "pedido_hash": "x", "resposta": b"x", "criada_em": NOW}
    keys = [RespostaGuardada.objects.create(chave_hash=name, **old).pk for name in "ab"]
    rows = RespostaGuardada.objects.filter(pk__in=keys)
    return Scene(rows.count, 2, 0, row("portal_respostaguardada", keys[1]))


def fold_totals(ground: Ground) -> Scene:
    def look() -> tuple[list[Any], bool]:
        return list(differences()), ground.office.sql("SELECT count(*) = 0 FROM reports_lancamento")[0][0]

    return Scene(look, ([], False), ([], True), table("reports_soma"))


def forget_correction_requesters(ground: Ground) -> Scene:
    decided(ground.cast, ground.cast.banco, UNMET, date(2025, 4, 25), told=date(2025, 4, 10))
    register_of = Register(ground.cast, auditor("olga", ground.cast.unidade), ground.cast.banco, ground.cast.loja)
    version = register_of.publish()
    ana = {"de_quem": "consumidor", "requerente": "Ana Souza", "texto": "Fui atendida em parte."}
    made = [ask(register_of, version, **ana) for _ in range(2)]
    for request in made:
        answer_correction(pedido=request, deferido=False, motivo="Não provou.", by=register_of.alice, at=NOW)
    gone = f"UPDATE {ItemDoCadastro._meta.db_table} SET publico_ate = '2026-03-31'"
    ground.office.sql(f"SET session_replication_role = replica; {gone}")

    def look() -> list[str]:
        keys = [request.pk for request in made]
        return list(PedidoDeCorrecao.objects.filter(pk__in=keys).values_list("requerente", flat=True))

    return Scene(look, ["Ana Souza"] * 2, [GONE] * 2, row(PedidoDeCorrecao._meta.db_table, made[1].pk))


SCENES: dict[str, Callable[[Ground], Scene]] = {
    "access.tasks.forget_ended": forget_ended,
    "cases.tasks.ask_about_agreements": ask_about_agreements,
    "cases.tasks.follow_idle_cases": follow_idle_cases,
    "cases.tasks.forget_drafts": forget_drafts,
    "cases.tasks.lapse_due_cips": lapse_due_cips,
    "cases.tasks.mind_complaints": mind_complaints,
    "cases.tasks.presume_receipts": presume_receipts,
    "cases.tasks.run_batches": run_batches,
    "cases.tasks.scan_attachments": scan_attachments,
    "hearings.tasks.announce_waiting": announce_waiting,
    "hearings.tasks.archive_absences": archive_absences,
    "hearings.tasks.cancel_of_closed_cases": cancel_of_closed_cases,
    "notifications.tasks.deliver_due": deliver_due,
    "notifications.tasks.deliver_texts": deliver_texts,
    "notifications.tasks.read_returns": read_returns,
    "parties.tasks.end_expired_enrolments": end_expired_enrolments,
    "parties.tasks.search_duplicates": search_duplicates,
    "portal.tasks.deliver_webhooks": deliver_webhooks,
    "portal.tasks.forget_expired_answers": forget_expired_answers,
    "procon.tasks.keep_copies": keep_copies,
    "reports.tasks.fold_totals": fold_totals,
    "reports.tasks.forget_correction_requesters": forget_correction_requesters,
    "procon.tasks.pulse": pulse,  # the last: it finds no free thread
}
