"""The case: atendimento, reclamados, CIP, reclamação, taxonomy."""
