"""Rooms, hearings and the reservations that keep anybody from being in two places."""
