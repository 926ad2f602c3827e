"""The door: log-in, second factor, sessions, passwords, and what was typed when a session ended."""
