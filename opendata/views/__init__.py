"""Open data without a log-in; for staff, conduct on consumidor.gov.br."""
