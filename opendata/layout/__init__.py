"""The layouts of the files that come in and go out, each pure: SINDEC's, and that of consumidor.gov.br."""
