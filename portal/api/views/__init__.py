"""The addresses' answers, each one screen of function."""
