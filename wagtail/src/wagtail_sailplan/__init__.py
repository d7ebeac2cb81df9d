"""Exports a Wagtail site's catalogue for sailplan. No models, no migrations: see the README."""

__version__ = "0.1.0"


def snake_case(text):
    """`Data analyst`, `data-analyst` → `data_analyst`: a key for terms that have only a slug or a name."""
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in str(text).lower())
    return "_".join(words.split())
