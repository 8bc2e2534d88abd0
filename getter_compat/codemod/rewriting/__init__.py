"""Answers in, text out: what the rules decided is written here, and nothing is decided."""
