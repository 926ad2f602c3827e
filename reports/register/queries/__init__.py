"""Reads of decisions, of the law's terms, and of the national register."""
