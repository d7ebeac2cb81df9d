"""A page's fields as the export has them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.utils.encoding import force_str

from .conf import A_SHAPE, _is_image
from .paths import as_list, follow, plain


@dataclass(frozen=True)
class ImageSource:
    """An image that is made into an address later: making a rendition writes."""

    image: object
    spec: str | None


def read(page, source, conf):
    """Text, number, boolean or None; a key, a sorted list of keys; an ImageSource. Raises what the page's code raises."""
    raw = _raw(page, source)
    if source.shape == "image":
        return _image(raw, source)
    if source.shape == "term":
        keys = keys_of(raw, source, conf)
        return keys if len(keys) > 1 else next(iter(keys), None)
    if source.shape == "terms":
        return keys_of(raw, source, conf)
    if source.shape in ("text", "number", "boolean") and isinstance(raw, (list, dict)):
        raise TypeError(f"it is a {type(raw).__name__}, but the contract reads {A_SHAPE[source.shape]}")
    if source.shape == "number" and raw == "":
        return None
    if source.shape == "text":
        return raw if raw is None or isinstance(raw, str) else force_str(raw)
    if source.shape is None:
        return _guessed(raw, source, conf)
    return scalar(raw)


def _raw(page, source):
    if source.is_constant:
        return source.value
    return plain(source.call(page)) if source.call else follow(page, source.path)


def keys_of(raw, source, conf):
    """Each once and sorted: the order of a relation carries no meaning and would change the digest."""
    return sorted({key_of(item, source, conf) for item in as_list(raw) if item is not None and item != ""})


def key_of(item, source, conf):
    taxonomy = conf.taxonomy_of(source, item)
    if isinstance(item, Model):
        if taxonomy is None:
            raise ValueError(f"leads to {item._meta.label}, which is in no taxonomy")
        return part_of(item, taxonomy.key)
    raw = force_str(getattr(item, "value", item))
    return taxonomy.key(raw) if taxonomy is not None and taxonomy.model is None and callable(taxonomy.key) else raw


def part_of(term, path):
    """A term's key or label as text."""
    value = path(term) if callable(path) else follow(term, path)
    return "" if value is None else force_str(value)


def scalar(value):
    """A decimal as text ("15.50"), as Django REST framework writes it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if value is None or isinstance(value, (bool, int, str)) else force_str(value)


def _image(raw, source):
    first = next(iter(as_list(raw)), None)
    return ImageSource(first, source.rendition) if first else None


def _guessed(raw, source, conf):
    """Of a field that the contract does not name."""
    if isinstance(raw, FieldFile) or (isinstance(raw, Model) and _is_image(type(raw))):
        return _image(raw, source)
    if isinstance(raw, list):
        return keys_of(raw, source, conf)
    return key_of(raw, source, conf) if isinstance(raw, Model) else scalar(raw)
