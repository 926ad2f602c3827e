"""What the office types at the terminal."""
