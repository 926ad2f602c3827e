"""A fictitious office and one year of its work, built through the ordinary services."""
