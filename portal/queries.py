"""Reads of the portal's own rows, starting from who asks; how a worker takes a delivery for itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models.functions import Coalesce

from accounts.models import Papel, User

if TYPE_CHECKING:
    from portal.models import Entrega, Integracao, Webhook

    _Integracoes = models.QuerySet[Integracao]
    _Webhooks = models.QuerySet[Webhook]
    _Entregas = models.QuerySet[Entrega]
else:
    _Integracoes = _Webhooks = _Entregas = models.QuerySet

# One delivery, of the next webhook after the one served last, so that a long queue of one holds up no other. Within a
# case the next waits for the one before; other cases do not. The try is counted here: a process that dies has tried.
CLAIM = """
UPDATE portal_entrega SET situacao = 'em_envio', reservada_ate = %(until)s, tentativas = tentativas + 1,
    primeira_tentativa_em = coalesce(primeira_tentativa_em, %(now)s), ultima_tentativa_em = %(now)s
WHERE id = (
    SELECT due.id FROM (
        SELECT w.id FROM portal_webhook w
        JOIN portal_integracao i ON i.id = w.integracao_id
        JOIN accounts_user u ON u.id = i.user_id AND u.is_active
        WHERE w.situacao = 'ativo' AND (w.pausado_ate IS NULL OR w.pausado_ate <= %(now)s)
        ORDER BY w.id <= %(after)s, w.id
    ) w CROSS JOIN LATERAL (
        SELECT e.id FROM portal_entrega e
        WHERE e.webhook_id = w.id AND e.situacao = 'pendente' AND e.proxima_tentativa_em <= %(now)s
            AND NOT EXISTS (
                SELECT FROM portal_entrega f
                WHERE f.webhook_id = e.webhook_id AND f.historico_id = e.historico_id AND f.id < e.id
                    AND f.situacao IN ('pendente', 'em_envio'))
        ORDER BY e.proxima_tentativa_em, e.id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) due LIMIT 1)
RETURNING *
"""

# A lease that ran out belongs to a process that is gone. What kills its process comes back later each time.
RECLAIM = """
UPDATE portal_entrega SET situacao = 'pendente', reservada_ate = NULL, resposta = %(answer)s,
    proxima_tentativa_em = %(now)s + (tentativas - 1) * interval '1 minute'
WHERE id = ANY(ARRAY(
    SELECT id FROM portal_entrega WHERE situacao = 'em_envio' AND reservada_ate <= %(now)s
    ORDER BY id FOR UPDATE SKIP LOCKED))
"""

# Of webhooks that are told of nothing any more: what an act wrote while the webhook was being switched off, too.
ABANDON = """
UPDATE portal_entrega e SET reservada_ate = NULL, concluida_em = %(now)s, motivo = %(why)s,
    situacao = CASE w.situacao WHEN 'desativado' THEN 'falhou' ELSE 'cancelada' END
FROM portal_webhook w
WHERE e.webhook_id = w.id AND e.id = ANY(ARRAY(
    SELECT e.id FROM portal_entrega e
    JOIN portal_webhook w ON w.id = e.webhook_id
    JOIN portal_integracao i ON i.id = w.integracao_id
    JOIN accounts_user u ON u.id = i.user_id
    WHERE e.situacao = 'pendente' AND (w.situacao <> 'ativo' OR NOT u.is_active)
    ORDER BY e.id FOR UPDATE OF e SKIP LOCKED))
"""


class IntegracaoQuerySet(_Integracoes):
    """The programs that call the API."""

    def visible_to(self, user: User) -> Self:
        """Those that register in a unidade where `user` is administrador."""
        mine = user.unidades_com([Papel.ADMINISTRADOR])
        registers = models.Exists(
            user.atribuicoes.model.objects.filter(
                user=models.OuterRef("user"), papel=Papel.INTEGRACAO, unidade__in=mine
            )
        )
        return self.filter(registers)


class WebhookQuerySet(_Webhooks):
    """Webhooks."""

    def standing(self) -> Self:
        """Those that exist: a removed one does not."""
        return self.exclude(situacao="removido")

    def of_any(self, integracoes: IntegracaoQuerySet) -> Self:
        """Those of these integrations."""
        return self.standing().filter(integracao__in=integracoes)

    def of(self, user: Any) -> Self:
        """Those of the integration that acts as `user`."""
        return self.standing().filter(integracao__user=user)

    def with_counts(self) -> Self:
        """With how many deliveries wait and how many failed."""
        return self.annotate(
            pendentes=self._counted(situacao__in=["pendente", "em_envio"]), falhadas=self._counted(situacao="falhou")
        )

    def _counted(self, **which: Any) -> Coalesce:
        """Each by an index of its own; a join would count all that was ever delivered."""
        rows: Any = self.model._meta.get_field("entregas").related_model
        mine = rows.objects.filter(webhook=models.OuterRef("pk"), **which).order_by().values("webhook")
        return Coalesce(models.Subquery(mine.annotate(n=models.Count("pk")).values("n")), 0)


class EntregaQuerySet(_Entregas):
    """Deliveries."""

    def claim(self, *, now: datetime, until: datetime, after: int) -> Entrega | None:
        """Take one due delivery by one statement; whoever claims at the same time skips it.

        Of the webhook that comes after `after` by number, round and round. The lease `until` proves the ownership.
        """
        rows = self.raw(CLAIM, {"now": now, "until": until, "after": after})
        return next(iter(rows), None)

    def reclaim(self, *, now: datetime, answer: str) -> int:
        """Give back the deliveries whose lease ran out, saying so."""
        return _run(RECLAIM, {"now": now, "answer": answer})

    def abandon(self, *, now: datetime, why: str) -> int:
        """Settle what waits for a webhook that was disabled or removed, or whose integration was revoked."""
        return _run(ABANDON, {"now": now, "why": why})

    def in_order(self) -> Self:
        """These rows, locked one after the other as they are numbered. Use inside a transaction, for an UPDATE."""
        return self.filter(pk__in=self.order_by("pk").select_for_update().values("pk"))


def _run(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
