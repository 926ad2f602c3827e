"""What the office's law and practice say, without Django and without a clock: one topic per module."""
