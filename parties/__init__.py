"""Consumers and suppliers: identifiers, spellings, groups."""
