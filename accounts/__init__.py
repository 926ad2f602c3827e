"""People who work here: log-in, papéis, unidades."""
