"""The outbox and its ledger; Celery only delivers."""
