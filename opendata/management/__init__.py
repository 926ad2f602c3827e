"""Commands that the office types."""
