"""Paths from a page to a value: `field`, `relation.field` or `child_items.term`, with dots or double underscores."""

import difflib
from functools import lru_cache

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Manager, Model


#: Names in a hint.
SHOWN = 12


def parts_of(path):
    return path.replace("__", ".").split(".")


def follow(start, path):
    """The value at the end of `path`; a list (flat) if any step of it leads to several."""
    value = start
    for part in parts_of(path):
        if isinstance(value, list):
            value = [found for each in value for found in as_list(_step(each, part))]
        else:
            value = _step(value, part)
    return value


def as_list(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def plain(value):
    """Managers, querysets and other collections as a list; a method's result."""
    if callable(value) and not isinstance(value, (type, Manager)) and not hasattr(value, "all"):
        value = value()
    if hasattr(value, "all") and callable(value.all):
        return list(value.all())
    if isinstance(value, (tuple, set, frozenset)) or (hasattr(value, "__next__") and hasattr(value, "__iter__")):
        return list(value)
    if not isinstance(value, (list, str, bytes, dict, Model)) and hasattr(value, "iterator"):
        return list(value)
    return value


def _step(value, part):
    if value is None:
        return None
    try:
        if isinstance(value, Model) and (rows := _tag_rows(type(value), part)):
            return [row.tag for row in getattr(value, rows).all()]
        return plain(value[part] if isinstance(value, dict) else getattr(value, part))
    except (ObjectDoesNotExist, KeyError):  # a reverse one-to-one, or a key, that is not there
        return None


@lru_cache
def _tag_rows(model, name):
    """The rows of a ClusterTaggableManager's through model, by their accessor: they can be prefetched, its tags cannot."""
    try:
        field = model._meta.get_field(name)
        if type(field).__name__ != "ClusterTaggableManager":
            return None
        return field.remote_field.through._meta.get_field("content_object").remote_field.get_accessor_name()
    except (FieldDoesNotExist, AttributeError):
        return None


class Missing:
    """What getattr gives where there is nothing."""


MISSING = Missing()


class NoSuchPath(Exception):
    """`part` is no attribute of `model`; `near` are those that it could be."""

    def __init__(self, model, part, near):
        super().__init__(f"{model._meta.label} has no {part!r}" if part else "the path has an empty part")
        self.model, self.part, self.near = model, part, near


def end_of(model, path):
    """(field, related model or None) where `path` leads, as far as the models tell.

    (None, None): a property, a method or JSON, which models do not describe. Raises NoSuchPath.
    """
    current, field = model, None
    parts = parts_of(path)
    for index, part in enumerate(parts):
        if current is None:
            return None, None
        field = field_of(current, part)
        if field is None:
            # A manager is the model's, and what begins with _ is Django's.
            if not part or part.startswith("_") or isinstance(getattr(current, part, MISSING), (Manager, Missing)):
                raise NoSuchPath(current, part, near(part, names_of(current)))
            current = None
            continue
        related, is_last = related_model(field), index == len(parts) - 1
        if related is None and not is_last and not _has_members(field):
            raise NoSuchPath(current, f"{part}.{parts[index + 1]}", [])
        current = related
    return field, current if field is not None else None


def _has_members(field):
    """Whether a value of this field may have attributes of its own: JSON, files, StreamField."""
    return field.get_internal_type() not in {
        "CharField", "TextField", "BooleanField", "IntegerField", "DecimalField", "FloatField", "SlugField",
        "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField", "BigIntegerField", "URLField",
    }  # fmt: skip


def field_of(model, name):
    """The field, forward or reverse (by its accessor), of that name."""
    try:
        found = model._meta.get_field(name)
        if not found.auto_created or found.concrete or found.get_accessor_name() == name:
            return found
    except FieldDoesNotExist:
        pass
    return next((rel for rel in model._meta.related_objects if rel.get_accessor_name() == name), None)


def related_model(field):
    return field.related_model if getattr(field, "is_relation", False) else None


def prefetches(model, path):
    """The relations of `path`, as prefetch_related wants them; "" for none."""
    relations, current = [], model
    for part in parts_of(path):
        field = field_of(current, part)
        related = related_model(field) if field is not None else None
        if related is None or isinstance(related, str):
            break
        if rows := _tag_rows(current, part):
            relations.extend([rows, "tag"])
            break
        # These have managers that prefetch_related does not know.
        if type(field).__name__ in ("ClusterTaggableManager", "GenericForeignKey"):
            break
        relations.append(part)
        current = related
    return "__".join(relations)


def names_of(model):
    """Names that a person may have meant: fields, relations, properties."""
    own = [field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete]
    reverse = [rel.get_accessor_name() for rel in model._meta.related_objects]
    members = [
        name
        for cls in model.__mro__
        if not cls.__module__.startswith(("django.", "wagtail.", "modelcluster.", "treebeard."))
        for name, member in vars(cls).items()
        if isinstance(member, property) and not name.startswith("_")
    ]
    return [name for name in dict.fromkeys([*own, *reverse, *members]) if name and not name.endswith("+")]


def suggestion(error):
    """What a NoSuchPath could have meant."""
    if error.near:
        return f"Did you mean {' or '.join(map(repr, error.near))}?"
    from wagtail.models import Page

    own = [name for name in names_of(error.model) if not hasattr(Page, name)] or names_of(error.model)
    more = ", …" if len(own) > SHOWN else ""
    return f"{error.model._meta.label} has {', '.join(own[:SHOWN])}{more}."


def leads_to_many(model, path):
    """The first part of `path` that leads to several objects, or None."""
    current = model
    for part in parts_of(path):
        field = field_of(current, part) if current is not None else None
        if field is None:
            return None
        if field.is_relation and (field.many_to_many or field.one_to_many):
            return part
        current = related_model(field)
    return None


def near(name, names, count=3):
    return difflib.get_close_matches(name, list(names), n=count, cutoff=0.5)
