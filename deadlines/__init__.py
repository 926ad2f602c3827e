"""Legal terms: a pure calendar, pure rules, and the computed terms that are stored."""
