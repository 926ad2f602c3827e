"""What every service of cases is called with, so that it succeeds; what is left out, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from cases import services
from cases.models import Parcela, Proposta
from cases.services import bulk, contingency, counter, drafts, handouts, privacy, queue, retention, saved, texts
from tests.cases.files import picture, uploaded
from tests.conftest import NOW
from tests.hostile.office import Office

CDC = "CDC, art. 42"
Given = Callable[[Office], dict[str, Any]]

#: Service → what it is called with: like this it succeeds.
SERVICES: dict[str, tuple[Callable[..., Any], Given]] = {
    "register": (
        services.register,
        lambda o: {
            "unidade": o.cast.unidade, "tipo": "atendimento_preliminar", "canal": "pessoal", "consumidor": o.cast.ana,
            "fornecedores": [o.cast.loja], "assunto": o.open.assunto, "relato": "Cobraram.", "pedido": "Devolução.",
            "valor": Decimal("199.90"), "data_compra": date(2026, 1, 2), "protocolo_externo": "P-1",
            "compra": {"contrato": "C", "contato_relato": "Nada.", "data_defeito": date(2026, 2, 1)},
            "orientacao": "Vá.",
            "representante": {"nome": "Rui", "qualidade": "procurador", "documentos": ["identidade", "procuracao"]},
        },
    ),
    "register_at_counter": (
        counter.register_at_counter,
        lambda o: {
            "unidade": o.cast.unidade, "tipo": "simples_consulta", "consumer": {"nome": "Célia", "cpf": None},
            "fornecedores": [], "new_supplier": {"razao_social": "Loja Nova", "cnpj": None}, "canal": "pessoal",
            "assunto": o.open.assunto, "relato": "Perguntou.", "orientacao": "Disse.",
        },
    ),
    "reserve_forms": (
        contingency.reserve_forms,
        lambda o: {"unidade": o.cast.unidade, "quantidades": {"calculo": 1, "de_oficio": 2}},
    ),
    "correct_case": (
        services.correct_case,
        lambda o: {
            "atendimento": o.open, "motivo": "Engano.",
            "told": {
                "relato": "Outro.", "pedido": "Troca.", "valor": Decimal(1), "data_compra": date(2026, 1, 1),
                "canal": "telefone", "contrato": "C-2", "contato_relato": "Nada.", "forma_compra": "",
            },
        },
    ),
    "add_number": (services.add_number, lambda o: {"atendimento": o.open, "sistema": "sindec", "numero": "FA 77"}),
    "take_number_back": (services.take_number_back, lambda o: {"numero": o.number, "motivo": "Engano."}),
    "record_contact": (
        services.record_contact,
        lambda o: {"reclamado": o.party, "resultado": "nao_resolvido", "com_quem": "Rita", "relato": "Não."},
    ),
    "settle_at_once": (services.settle_at_once, lambda o: {"atendimento": o.settled, "motivo": "Trocaram."}),
    "send_cip": (services.send_cip, lambda o: {"cip": o.issued, "meio": "ar", "rastreio": "AB123456789BR"}),
    "acknowledge_cip": (services.acknowledge_cip, lambda o: {"cip": o.sent, "on": NOW.date()}),
    "answer_cip": (
        services.answer_cip,
        lambda o: {
            "cip": o.running, "resposta": "Não.", "especie": "proposta", "proposta": "Metade.", "respondente": "Rita",
            "qualidade": "preposta",
        },
    ),
    "request_extension": (
        services.request_extension, lambda o: {"cip": o.running, "dias": 5, "motivo": "Férias.", "quem": "Rita"}
    ),
    "extend_cip": (services.extend_cip, lambda o: {"cip": o.running, "dias": 5, "motivo": "Férias."}),
    "decide_extension": (
        services.decide_extension, lambda o: {"pedido": o.request, "deferir": True, "motivo": "Cabe."}
    ),
    "analyze_cip": (services.analyze_cip, lambda o: {"cip": o.answered, "motivo": "Ver."}),
    "close_cip": (services.close_cip, lambda o: {"cip": o.answered, "resultado": "sem_resolucao"}),
    "cancel_cip": (services.cancel_cip, lambda o: {"cip": o.running, "motivo": "Engano."}),
    "record_manifestation": (
        services.record_manifestation,
        lambda o: {"cip": o.answered, "aceita": False, "texto": "Não quero.", "canal": "pessoal"},
    ),
    "tell_by_hand": (
        services.tell_by_hand,
        lambda o: {"atendimento": o.answered.reclamado.atendimento, "meio": "por telefone", "on": NOW.date()},
    ),
    "open_reclamacao": (services.open_reclamacao, lambda o: {"atendimento": o.open, "motivo": "Sem solução."}),
    "close_case": (
        services.close_case, lambda o: {"atendimento": o.open, "desfecho": "desistencia", "motivo": "Desistiu."}
    ),
    "rectify_case": (
        services.rectify_case,
        lambda o: {"atendimento": o.open, "status": "encerrado", "desfecho": "orientado", "motivo": "Engano."},
    ),
    "reopen_case": (services.reopen_case, lambda o: {"atendimento": o.closed, "motivo": "Voltou."}),
    "notify_reclamado": (services.notify_reclamado, lambda o: {"reclamado": o.accused, "meio": "ar"}),
    "receive_notice": (services.receive_notice, lambda o: {"defesa": o.notified, "on": NOW.date()}),
    "receive_defence": (services.receive_defence, lambda o: {"defesa": o.waited, "texto": "Não devemos."}),
    "extend_defence": (services.extend_defence, lambda o: {"defesa": o.waited, "dias": 5, "motivo": "Férias."}),
    "write_opinion": (
        services.write_opinion,
        lambda o: {
            "reclamacao": o.defended, "analise": "Provado.", "base_legal": CDC, "conclusao": "Fundada.",
            "propostas": [
                Proposta(reclamado=item, valor="nao_fundamentada", motivo="Sem prova.")
                for item in o.defended.atendimento.reclamados.all()
            ],
        },
    ),
    "return_opinion": (services.return_opinion, lambda o: {"reclamacao": o.analysed, "motivo": "Falta."}),
    "decide": (
        services.decide,
        lambda o: {
            "reclamado": o.analysed.atendimento.reclamados.get(), "valor": "nao_fundamentada", "motivo": "Sem prova.",
            "base_legal": CDC,
        },
    ),
    "serve_decision": (services.serve_decision, lambda o: {"classificacao": o.decided, "on": NOW.date()}),
    "lodge_appeal": (
        services.lodge_appeal,
        lambda o: {"classificacao": o.served, "de_quem": "fornecedor", "on": NOW.date(), "texto": "Devolvemos."},
    ),
    "judge_appeal": (
        services.judge_appeal,
        lambda o: {
            "recurso": o.appeal, "resultado": "provido", "motivo": "Provou.", "valor": "fundamentada_atendida",
            "base_legal": CDC,
        },
    ),
    "make_agreement": (
        services.make_agreement,
        lambda o: {
            "reclamado": o.party, "origem": "atendimento", "texto": "Troca.", "firmado_em": NOW.date(),
            "conferir_em": date(2026, 4, 1), "total": Decimal(100),
            "parcelas": [Parcela(vencimento=date(2026, 4, 1), valor=Decimal(100))],
        },
    ),
    "pay_instalment": (services.pay_instalment, lambda o: {"parcela": o.agreed.parcelas.get(), "on": NOW.date()}),
    "keep_agreement": (services.keep_agreement, lambda o: {"acordo": o.agreed, "observacao": "Sim."}),
    "break_agreement": (services.break_agreement, lambda o: {"acordo": o.agreed, "observacao": "Não."}),
    "lose_sight": (services.lose_sight, lambda o: {"acordo": o.asked, "observacao": "Mudou-se."}),
    "complain_of_breach": (services.complain_of_breach, lambda o: {"acordo": o.broken, "motivo": "Nada."}),
    "attach": (
        services.attach,
        lambda o: {
            "atendimento": o.open, "arquivo": uploaded(picture(), "foto.jpg"), "nome": "foto.jpg",
            "origem": "balcao", "descricao": "Nota",
        },
    ),
    "remove_attachment": (services.remove_attachment, lambda o: {"anexo": o.paper, "motivo": "Engano."}),
    "calculate": (
        services.calculate,
        lambda o: {
            "atendimento": o.open, "especie": "juros_simples",
            "entrada": {
                "principal": Decimal(100), "taxa": Decimal(1), "periodo": "mes", "tipo_taxa": "efetiva",
                "prazo": Decimal(3), "unidade_prazo": "mes",
            },
        },
    ),
    "issue_attendance": (
        handouts.issue_attendance,
        lambda o: {
            "atendimento": o.open, "dia": NOW.date(), "inicio": time(9), "fim": time(10), "finalidade": "trabalho",
        },
    ),
    "note": (bulk.note, lambda o: {"atendimento": o.open, "texto": "Ligou."}),
    "save_draft": (
        drafts.save_draft,
        lambda o: {"envio": UUID(int=1), "dados": {"nome": ["Ana"], "relato": ["Cobraram."]}},
    ),
    "save_filter": (saved.save_filter, lambda o: {"nome": "Meus", "consulta": "status=aberto&q=ana"}),
    "write_text": (texts.write_text, lambda o: {"uso": "relato", "titulo": "Cobrança", "texto": "Olá, {consumidor}."}),
    "issue_ticket": (queue.issue_ticket, lambda o: {"unidade": o.cast.unidade, "ordem": 2, "primeiro_nome": "Ana"}),
    "call_next": (queue.call_next, lambda o: {"unidade": o.cast.unidade, "guiche": "1"}),
    "register_request": (
        privacy.register_request,
        lambda o: {
            "solicitante": "Ana", "pedido": "acesso", "texto": "O que têm?", "recebida_em": NOW.date(),
            "consumidor": o.cast.ana, "responder_ate": date(2026, 3, 20),
        },
    ),
    "answer_request": (privacy.answer_request, lambda o: {"solicitacao": o.asking, "resposta": "Isto."}),
    "change_retention": (
        retention.change_retention, lambda o: {"tipo": "calculo", "anos": 5, "fonte": "CDC, art. 27"}
    ),
}  # fmt: skip
#: Who may do it, where it is not Dora, who holds every papel but these people's.
BY = {
    "decide": "edu", "judge_appeal": "frida", "return_opinion": "edu", "write_opinion": "bruno",
    "register_request": "gil", "answer_request": "gil", "change_retention": "gil",
}  # fmt: skip
#: Services that take the clock alone: no moment of the act.
TIMELESS = {"save_filter", "change_retention"}
#: What takes nothing that somebody writes: an object, the clock, or what another row passes on.
LEFT_OUT = {
    "acordo: the clock": {"ask_due", "finalize_due", "lapse_due_cips", "lapse_due_defences", "warn_idle_cases"},
    "the office's other turns": {"archive_idle_cases", "finalize", "scan_attachments", "lapse_cip", "lapse_defence"},
    "an object alone": {
        "issue_cip", "open_letter", "default_by_absence", "read_attachment", "issue_espelho", "add_reclamado",
        "remove_reclamado", "closing_paper", "archive",
    },
    "a reason alone, as above": {"archive_for_absence", "archive_for_inertia"},
    "many of one above": {"acknowledge_cips", "close_cips", "issue_cips", "send_cips", "attach_all"},
    "passed on to one above": {"answer_in_public", "work_out"},
    "reads": {"case_data", "cip_by_code", "consumer_data", "supplier_data", "term_data"},
}  # fmt: skip
