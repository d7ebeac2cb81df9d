"""All live terms of a taxonomy."""

from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import QuerySet
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


class TaxonomyFailed(Exception):
    """The project's code of a taxonomy raised an error; the message names the taxonomy and the term."""


def rows_of(taxonomy, language=None):
    """By primary key. `language`: that of lazy labels. Raises TaxonomyFailed and DatabaseError."""
    try:
        return _rows_of(taxonomy, language)
    except (DatabaseError, TaxonomyFailed):
        raise
    except Exception as error:  # noqa: BLE001  a callable, manager or property of the project
        raise TaxonomyFailed(_failed(taxonomy, error)) from error


def _failed(taxonomy, error, place=""):
    return f'SAILPLAN["taxonomies"]["{taxonomy.name}"]{place}: {type(error).__name__}: {error}'


def _rows_of(taxonomy, language):
    with translation.override(language) if language else translation.override(translation.get_language()):
        if taxonomy.model is None:
            return [Row(index, key, label, None) for index, (key, label) in enumerate(taxonomy.terms(), 1)]
        return [_row(term, taxonomy) for term in _queryset(taxonomy)]


def _row(term, taxonomy):
    try:
        key, label = part_of(term, taxonomy.key), part_of(term, taxonomy.label)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  as above
        raise TaxonomyFailed(_failed(taxonomy, error, f", {type(term).__name__} {term.pk}")) from error
    return Row(scalar(term.pk), key, label, term.locale.language_code if isinstance(term, TranslatableMixin) else None)


def _queryset(taxonomy):
    model, source = taxonomy.model, taxonomy.queryset
    if source is None:
        queryset = model._default_manager.all()
    else:
        queryset = source() if callable(source) else getattr(model, source).all()
        if not isinstance(queryset, QuerySet) or not issubclass(queryset.model, model):
            raise TypeError(f"queryset must give a QuerySet of {model._meta.label}, not {queryset!r:.80}")
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
