"""Reads of what goes out as open data, and of what came in from consumidor.gov.br."""
