"""All live terms of a taxonomy."""

from dataclasses import dataclass

from django.utils import translation
from wagtail.models import DraftStateMixin, TranslatableMixin

from .values import part_of, scalar


@dataclass(frozen=True)
class Row:
    id: int | str
    key: str
    label: str
    #: of a translatable model; None: of every locale
    language: str | None


def rows_of(taxonomy, language=None):
    """By primary key. `language`: that of lazy labels."""
    with translation.override(language) if language else translation.override(translation.get_language()):
        if taxonomy.model is None:
            return [Row(index, key, label, None) for index, (key, label) in enumerate(taxonomy.terms(), 1)]
        return [
            Row(
                scalar(term.pk),
                part_of(term, taxonomy.key),
                part_of(term, taxonomy.label),
                term.locale.language_code if isinstance(term, TranslatableMixin) else None,
            )
            for term in _queryset(taxonomy)
        ]


def _queryset(taxonomy):
    model, source = taxonomy.model, taxonomy.queryset
    if source is None:
        queryset = model._default_manager.all()
    else:
        queryset = source() if callable(source) else getattr(model, source).all()
    if issubclass(model, DraftStateMixin):
        queryset = queryset.filter(live=True)
    if issubclass(model, TranslatableMixin):
        queryset = queryset.select_related("locale")
    return queryset.order_by("pk")


def terms_of(rows, language):
    """As sailplan reads the API: rows of the locale are terms, others lend them their labels by key.

    A key that the locale lacks keeps the label of its first row, since pages of any locale may use it.
    """
    labels, first = {}, {}
    for row in rows:
        first.setdefault(row.key, row)
        if row.language is not None:
            labels.setdefault(row.key, {}).setdefault(row.language, row.label)
    own = [row for row in rows if row.language in (None, language)]
    own_keys = {row.key for row in own}
    terms = []
    for row in own + [row for key, row in first.items() if key not in own_keys]:
        others = {name: text for name, text in labels.get(row.key, {}).items() if name != language}
        terms.append(
            {"id": row.id, "key": row.key, "label": row.label, **({"translations": others} if others else {})}
        )
    return sorted(terms, key=lambda term: (term["key"], term["label"]))
