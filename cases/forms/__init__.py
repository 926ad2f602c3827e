"""Forms of cases: they check shape; the services check law."""
