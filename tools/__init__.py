"""Programs for whoever works on the project; nothing here runs in the office."""
