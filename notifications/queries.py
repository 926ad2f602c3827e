"""Reads of the outbox, and the two statements by which a worker takes messages for itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import connection, models

from accounts.models import CASE_READERS, Papel, User
from workflow.queries import prepared

if TYPE_CHECKING:
    from notifications.models import Mensagem

    _Mensagens = models.QuerySet[Mensagem]
else:
    _Mensagens = models.QuerySet

#: How the kinds of message begin that are about somebody's account (access/services).
ABOUT_ACCOUNTS = "acesso_"
#: What failed for good, or came back: it waits for a person.
UNDELIVERED = ("falhou", "devolvida")

# ARRAY(…) is computed once; with IN the planner may run the inner SELECT again and take more than the limit.
CLAIM = """
UPDATE notifications_mensagem SET situacao = 'em_envio', reservada_ate = %(until)s
WHERE id = ANY(ARRAY(
    SELECT id FROM notifications_mensagem
    WHERE situacao = 'pendente' AND canal = %(canal)s AND proxima_tentativa_em <= %(now)s
    ORDER BY proxima_tentativa_em, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING *
"""

# A lease that ran out belongs to a process that is gone. A try without an answer was the one in flight; it goes to the
# end of the queue, a minute later for each try, so that a message that kills its process does not hold up the others.
RECLAIM = """
WITH lost AS (
    UPDATE notifications_mensagem AS m SET situacao = 'pendente', reservada_ate = NULL,
        proxima_tentativa_em = CASE
            WHEN EXISTS (SELECT FROM notifications_tentativa t
                         WHERE t.mensagem_id = m.id AND t.resposta = '' AND NOT t.enviada)
            THEN %(now)s + (m.tentativas_feitas - 1) * interval '1 minute'
            ELSE m.proxima_tentativa_em END
    WHERE id = ANY(ARRAY(
        SELECT id FROM notifications_mensagem
        WHERE situacao = 'em_envio' AND reservada_ate <= %(now)s
        ORDER BY reservada_ate LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING id
), told AS (
    UPDATE notifications_tentativa SET resposta = %(answer)s
    WHERE resposta = '' AND NOT enviada AND mensagem_id IN (SELECT id FROM lost)
)
SELECT count(*) FROM lost
"""

# The lease is renewed and the try opened by one statement: nothing where the message is no longer whose lease it shows.
OPEN_TRY = """
WITH mine AS (
    UPDATE notifications_mensagem SET reservada_ate = %(lease)s, tentativas_feitas = tentativas_feitas + 1
    WHERE id = %(mensagem)s AND situacao = 'em_envio' AND reservada_ate = %(until)s RETURNING id, remessa
)
INSERT INTO notifications_tentativa (mensagem_id, quando, enviada, resposta, remessa)
SELECT id, %(now)s, false, '', remessa FROM mine RETURNING id
"""

# The try is joined to the message so that the message is written first, as RECLAIM does it: else the two could wait for
# each other.
SENT = """
WITH done AS (
    UPDATE notifications_mensagem SET situacao = 'enviada', enviada_em = %(now)s, reservada_ate = NULL, motivo = ''
    WHERE id = %(mensagem)s RETURNING id
)
UPDATE notifications_tentativa t SET enviada = true, resposta = %(answer)s FROM done
WHERE t.id = %(tentativa)s AND t.mensagem_id = done.id RETURNING t.id
"""


class MensagemQuerySet(_Mensagens):
    """Messages of the outbox."""

    def visible_to(self, user: User) -> Self:
        """The messages of the unidades where `user` reads cases; an administrador's are those about accounts.

        Who reads cases does not see those: a link to choose a password is nobody's but its owner's.
        """
        accounts = models.Q(tipo__startswith=ABOUT_ACCOUNTS)
        return self.filter(
            models.Q(~accounts, unidade_id__in=user.unidades_com(CASE_READERS))
            | models.Q(accounts, unidade_id__in=user.unidades_com({Papel.ADMINISTRADOR}))
        )

    def search(self, text: str) -> Self:
        """Messages whose addressee, subject or reference contains `text`."""
        return self.filter(
            models.Q(destinatario__unaccent__icontains=text)
            | models.Q(assunto__unaccent__icontains=text)
            | models.Q(endereco__iexact=text)
            | models.Q(referencia=text)
        )

    def undelivered(self) -> Self:
        """Messages that did not reach their addressee, which somebody should look at."""
        return self.filter(situacao__in=UNDELIVERED)

    def claim(self, *, canal: str, now: datetime, until: datetime, limit: int) -> list[Mensagem]:
        """Take up to `limit` due messages of a channel by one statement; whoever claims at the same time skips them.

        The lease `until` is also the proof of ownership: see `notifications.services`.
        """
        rows = self.raw(CLAIM, {"canal": canal, "now": now, "until": until, "limit": limit})
        return sorted(rows, key=lambda row: row.pk)

    def open_try(self, *, mensagem: Mensagem, lease: datetime, now: datetime) -> int | None:
        """Renew the lease and open a try in the ledger, if the message is still ours by its lease; the try's key."""
        told = {"mensagem": mensagem.pk, "until": mensagem.reservada_ate, "lease": lease, "now": now}
        opened = prepared(OPEN_TRY, told)
        return int(opened[0][0]) if opened else None

    def settle_sent(self, *, mensagem: int, tentativa: int, answer: str, now: datetime) -> None:
        """Write that the server took the message, and what it answered to this try."""
        told = {"mensagem": mensagem, "tentativa": tentativa, "answer": answer, "now": now}
        prepared(SENT, told)

    def in_order(self) -> Self:
        """These rows, locked one after the other as they are numbered.

        Whoever holds several messages takes them in this order (a worker's batch, an act that calls some off), or two
        would wait for each other. Use inside a transaction, as the rows of an UPDATE.
        """
        return self.filter(pk__in=self.order_by("pk").select_for_update().values("pk"))

    def reclaim(self, *, now: datetime, answer: str, limit: int) -> int:
        """Give back the messages whose lease ran out, and write `answer` on the try that nobody finished."""
        with connection.cursor() as cursor:
            cursor.execute(RECLAIM, {"now": now, "answer": answer, "limit": limit})
            return int(cursor.fetchone()[0])
