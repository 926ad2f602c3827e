"""The public pages, which need no log-in."""
