"""What a fixture of new terms needs to know of the models: sailplan writes one for values that only the shop has."""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import NOT_PROVIDED, AutoField, DateTimeField
from wagtail.models import Locale, TranslatableMixin

#: Fields of a translatable model that sailplan gives with the key.
GIVEN = {"locale", "translation_key"}


def models_of(taxonomies):
    """Taxonomy -> how a row of its model is written. Without those whose key or label is no field of the model."""
    described = {name: _described(taxonomy) for name, taxonomy in taxonomies.items() if taxonomy.model}
    return {name: model for name, model in described.items() if model is not None}


def _described(taxonomy):
    model = taxonomy.model
    key, label = _field(model, taxonomy.key), _field(model, taxonomy.label)
    if key is None or label is None or key is label:
        return None
    is_translatable = issubclass(model, TranslatableMixin)
    return {
        "model": model._meta.label_lower,
        "key": key.name,
        "label": label.name,
        **({"key_max": key.max_length} if key.max_length else {}),
        **({"label_max": label.max_length} if label.max_length else {}),
        **({"is_key_primary": True} if key.primary_key else {}),
        **({"locales": dict(Locale.objects.values_list("language_code", "pk"))} if is_translatable else {}),
        **({"needs": needs} if (needs := _needs(model, key, label)) else {}),
    }


def _field(model, name):
    """A text field of the model's own table; None for a callable, a path and a property."""
    try:
        field = model._meta.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        return None
    is_text = field is not None and field.concrete and field.get_internal_type() in ("CharField", "SlugField", "TextField")
    return field if is_text and field.model is model else None


def _needs(model, key, label):
    """Names of the fields that have no default, so that a row cannot be written without them."""
    return sorted(
        field.name
        for field in model._meta.concrete_fields
        if field not in (key, label)
        and field.name not in GIVEN
        and not field.null
        and field.default is NOT_PROVIDED
        and not field.empty_strings_allowed
        and not isinstance(field, AutoField)
        and not (isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add))
    )
