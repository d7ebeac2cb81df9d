"""What of your project is exported: the setting SAILPLAN, with defaults by the contract's names (see the README)."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.db import models
from django.dispatch import receiver
from django.utils.module_loading import import_string

from .contract import EMPTY, OPTIONAL, Contract, load_contract
from .paths import NoSuchPath, end_of, leads_to_many, near, plain, suggestion

#: sailplan takes no shorter secret, since it removes secrets from its output by their value.
SHORTEST_TOKEN = 8
#: Of `card_image`, where the setting names no other.
DEFAULT_RENDITION = "fill-600x400|format-webp|preserve-svg"

#: The hint of what needs no other.
README = "See \"The mapping\" in the README of wagtail-sailplan."

MEMBERS = {"page", "fields", "taxonomies", "rendition", "contract", "export_tokens", "command"}
SOURCE_MEMBERS = {"path", "call", "value", "taxonomy", "rendition"}
TAXONOMY_MEMBERS = {"model", "choices", "terms", "key", "label", "queryset"}

#: What the contract reads, in a message.
A_SHAPE = {
    "term": "one term",
    "terms": "a set of terms",
    "boolean": "a boolean",
    "text": "a text",
    "number": "a number",
    "image": "an image",
}
#: Fields whose values can never be of that shape; what is not listed may be, e.g. a number in a CharField.
UNFIT = {
    "boolean": (models.CharField, models.TextField, models.IntegerField, models.DecimalField, models.FloatField),
    "number": (models.BooleanField, models.DateField, models.TimeField, models.FileField),
    "text": (models.BooleanField,),
    "image": (models.BooleanField, models.IntegerField, models.DecimalField, models.FloatField, models.DateField),
}


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with the setting, as a system check tells it."""

    code: str
    text: str
    hint: str | None = None
    is_error: bool = True


@dataclass(frozen=True)
class Source:
    """Where a field of the export comes from: one of a path, a callable of the page, a constant, or nothing."""

    name: str
    shape: str | None
    taxonomy: str | None = None
    path: str | None = None
    call: Callable | None = None
    is_constant: bool = False
    value: Any = None
    rendition: str | None = None


@dataclass(frozen=True)
class Taxonomy:
    """A snippet model, the choices of a field, or a constant list. `model` is None for the latter two."""

    name: str
    model: type | None = None
    key: str | Callable = "key"
    label: str | Callable = "label"
    queryset: str | Callable | None = None
    #: (key, label) of a closed list; called at each reading, so that lazy labels are in the language asked for
    terms: Callable | None = None


@dataclass(frozen=True)
class Conf:
    contract: Contract
    #: page model -> field -> Source
    pages: dict
    taxonomies: dict
    export_tokens: list = field(default_factory=list)
    command: Any = None

    @property
    def page_type(self):
        """Sorted, as sailplan names them: the order in the setting means nothing."""
        return ",".join(sorted(model._meta.label for model in self.pages))

    def sources_of(self, model):
        """Of the nearest listed page type; None for any other page."""
        return next((self.pages[cls] for cls in model.__mro__ if cls in self.pages), None)

    def taxonomy_of(self, source, item=None):
        """The taxonomy of a field's terms: the one that is named, else the one of the term's model."""
        if source.taxonomy is not None:
            return self.taxonomies.get(source.taxonomy)
        return next((each for each in self.taxonomies.values() if each.model and isinstance(item, each.model)), None)


def conf():
    """The checked setting. Raises ImproperlyConfigured with everything that is wrong."""
    found, problems = load()
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        text = "; ".join(problem.text for problem in errors)
        raise ImproperlyConfigured(f"{text}. Run `manage.py check` for hints.")
    return found


@lru_cache(maxsize=1)
def load():
    """(Conf or None, problems)."""
    return _Reader(getattr(settings, "SAILPLAN", None)).read()


@receiver(setting_changed)
def _forget(setting, **_):
    if setting == "SAILPLAN":
        load.cache_clear()


def callable_of(value):
    """A callable, or the one that "module:name" names."""
    if callable(value):
        return value
    return import_string(value.replace(":", "."))


def is_import(value):
    return isinstance(value, str) and value.count(":") == 1


def contract_path(value):
    """Relative paths start at BASE_DIR: a web server's folder is another one than manage.py's."""
    base = getattr(settings, "BASE_DIR", None)
    return os.path.join(base, value) if base and not os.path.isabs(value) else os.fspath(value)


def key_and_label(model):
    """Names of the two, where the setting says none: the specification's; of tags those that they have."""
    from taggit.models import TagBase

    if issubclass(model, TagBase):
        from . import snake_case

        return (lambda tag: snake_case(tag.slug)), "name"
    return "key", "label"


class _Reader:
    def __init__(self, given):
        self.given = given
        self.problems = []

    def wrong(self, code, text, hint=None, is_error=True):
        problem = Problem(code, text, hint or README, is_error)
        # Two page types share the mapping, and one fault of it is one problem.
        if problem not in self.problems:
            self.problems.append(problem)

    def read(self):
        given = self.given
        if not given:
            self.wrong("E001", "The setting SAILPLAN is missing", _how_to_begin())
            return None, self.problems
        if not isinstance(given, dict):
            self.wrong("E001", f"SAILPLAN must be a dict, not {type(given).__name__}")
            return None, self.problems
        self._unknown("SAILPLAN", given, MEMBERS)
        contract = self._contract(given.get("contract"))
        models = self._pages(given.get("page"))
        fields = self._dict("fields")
        if contract is None or not models:
            return None, self.problems
        declared = {name: value for name, value in self._dict("taxonomies").items()}
        self.contract, self.declared = contract, declared
        self.own = models
        pages = {model: self._sources(model, {**fields, **own}) for model, own in models.items()}
        taxonomies = self._taxonomies(pages)
        self._unknown_fields({**fields, **{name: 1 for own in models.values() for name in own}})
        self._unread_taxonomies(pages)
        for model, sources in pages.items():
            for source in sources.values():
                self._check_terms(model, source, taxonomies)
        found = Conf(
            contract=contract,
            pages=pages,
            taxonomies=taxonomies,
            export_tokens=[token for token in self._tokens(given.get("export_tokens")) if token],
            command=given.get("command"),
        )
        return found, self.problems

    def _unknown(self, place, given, known):
        for name in given:
            if name not in known:
                close = near(str(name), known, 1)
                hint = f"Did you mean {close[0]!r}?" if close else f"It knows {', '.join(sorted(known))}."
                self.wrong("E001", f"{place} has an unknown member {name!r}", hint)

    def _dict(self, name):
        return self._names(self.given.get(name), f'SAILPLAN["{name}"]')

    def _names(self, value, place):
        """A dict whose keys are names."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong("E001", f"{place} must be a dict, not {type(value).__name__}")
            return {}
        for name in value:
            if not isinstance(name, str):
                self.wrong("E001", f"{place} has the member {name!r}, which is not a name")
        return {name: each for name, each in value.items() if isinstance(name, str)}

    def _tokens(self, value):
        if not isinstance(value or [], (list, tuple, set)) or not all(isinstance(each, str) for each in value or []):
            hint = 'For example os.environ.get("CATALOG_EXPORT_TOKENS", "").split().'
            self.wrong("E001", 'SAILPLAN["export_tokens"] must be a list of strings', hint)
            return []
        if any(0 < len(each) < SHORTEST_TOKEN for each in value or []):
            hint = 'For example `python -c "import secrets; print(secrets.token_urlsafe(24))"`.'
            text = f'SAILPLAN["export_tokens"] has a token of fewer than {SHORTEST_TOKEN} characters'
            self.wrong("W008", f"{text}; sailplan refuses to send it", hint, is_error=False)
        return value or []

    def _contract(self, path):
        try:
            if path is not None and not isinstance(path, (str, os.PathLike)):
                raise TypeError("it is not a path")
            return load_contract(None if path is None else contract_path(path))
        except (OSError, ValueError, KeyError, TypeError) as error:
            hint = "Give the path of sailplan's contract file, or leave it out for gtm-v1."
            self.wrong("E009", f'SAILPLAN["contract"]: {path} cannot be read: {error}', hint)
            return None

    # Pages

    def _pages(self, value):
        """page model -> its own fields"""
        from wagtail.models import Page, get_page_models

        if isinstance(value, dict):
            given = value
        elif isinstance(value, (str, type)):
            given = {value: None} if value else {}
        elif isinstance(value or [], (list, tuple, set)):
            given = dict.fromkeys(value or [])
        else:
            text = f'SAILPLAN["page"] must be app.Model, or a list or dict of these, not {type(value).__name__}'
            self.wrong("E002", text)
            return {}
        if not given:
            hint = 'Name your offering page, e.g. "page": "catalog.OfferingPage".'
            self.wrong("E002", 'SAILPLAN["page"] is missing', hint)
        found = {}
        labels = [model._meta.label for model in get_page_models()]
        for label, own in given.items():
            model = self._model(label, 'SAILPLAN["page"]', "E002", labels)
            if model is not None and not issubclass(model, Page):
                self.wrong("E002", f'SAILPLAN["page"]: {label} is not a page model', _one_of(label, labels))
            elif model is not None:
                found[model] = self._names(own, f'SAILPLAN["page"]["{model._meta.label}"]')
        return found

    def _model(self, label, place, code, labels=None):
        if isinstance(label, type):
            return label
        try:
            return apps.get_model(label)
        except (LookupError, ValueError, AttributeError, TypeError):
            labels = labels or [model._meta.label for model in apps.get_models()]
            self.wrong(code, f"{place}: there is no model {label!r}", _one_of(label, labels))
            return None

    # Fields

    def _sources(self, model, given):
        sources, lacking = {}, []
        for name in self.contract.fields:
            if name in given:
                continue
            if hasattr(model, name) or any(each.name == name for each in model._meta.get_fields()):
                given = {**given, name: name}
            elif name in OPTIONAL:
                given = {**given, name: None}
            else:
                lacking.append(name)
        if lacking:
            names = ", ".join(map(repr, lacking))
            text = f"{model._meta.label} has no {names}, and the contract reads it: sailplan will skip its pages"
            hint = 'Map what is missing in SAILPLAN["fields"]; None means not mapped, which counts as empty.'
            self.wrong("W004", text, hint, is_error=False)
        for name, value in given.items():
            source = self._source(model, name, value)
            if source is not None:
                sources[name] = source
        return sources

    def _place(self, model, name):
        own = self.own.get(model, {})
        return f'SAILPLAN["page"]["{model._meta.label}"]["{name}"]' if name in own else f'SAILPLAN["fields"]["{name}"]'

    def _source(self, model, name, value):
        place = self._place(model, name)
        shape, taxonomy = self.contract.shape(name), self.contract.taxonomy(name)
        if value is None:
            return Source(name, shape, taxonomy, is_constant=True, value=EMPTY.get(shape))
        if isinstance(value, bool):
            return self._constant(Source(name, shape, taxonomy, is_constant=True, value=value), place)
        if not isinstance(value, dict):
            value = {"call" if callable(value) or is_import(value) else "path": value}
        self._unknown(place, value, SOURCE_MEMBERS)
        kinds = [kind for kind in ("path", "call", "value") if kind in value]
        if len(kinds) != 1:
            self.wrong("E004", f"{place} must have exactly one of path, call and value")
            return None
        taxonomy = value.get("taxonomy", taxonomy)
        if kinds == ["value"]:
            return self._constant(Source(name, shape, taxonomy, is_constant=True, value=value["value"]), place)
        if kinds == ["call"]:
            call = self._callable(value["call"], place)
            return call and Source(name, shape, taxonomy, call=call, rendition=self._spec(value, name, place))
        path = value["path"]
        if not isinstance(path, str) or not path:
            self.wrong("E004", f"{place} must be a path, not {path!r}", 'A path is e.g. "category" or "crew.person".')
            return None
        try:
            end, related = end_of(model, path)
        except NoSuchPath as error:
            hint = suggestion(error)
            if name not in self.own[model] and any(_has(other, path) for other in self.own):
                label = model._meta.label
                hint += f' Or map it for this page type alone: "page": {{"{label}": {{"{name}": …}}, …}}.'
            self.wrong("E004", f"{place}: {error}", hint)
            return None
        if not self._fits(model, path, Source(name, shape, path=path), place):
            return None
        spec = self._spec(value, name, place)
        if _is_image(related):
            if shape not in (None, "image"):
                self.wrong("E006", f"{place} leads to an image, but the contract reads {A_SHAPE[shape]}")
                return None
            if spec is None:
                hint = f'Say which rendition: {{"path": "{path}", "rendition": "{DEFAULT_RENDITION}"}}.'
                self.wrong("E007", f"{place} leads to an image and has no rendition spec", hint)
                return None
            self._check_spec(spec, place)
        elif related is not None and shape in ("boolean", "text", "number"):
            hint = f'Lead on to a field of it, e.g. "{path}.{_text_field(related)}".'
            text = f"{place} leads to {related._meta.label}, but the contract reads {A_SHAPE[shape]}"
            self.wrong("E006", text, hint)
            return None
        elif shape == "image" and related is not None:
            hint = f'Lead on to its image or its URL, e.g. "{path}.image".'
            self.wrong("E006", f"{place} leads to {related._meta.label}, and the contract reads an image", hint)
            return None
        return Source(name, shape, taxonomy, path=path, rendition=spec)

    def _constant(self, source, place):
        """The source, if its value is of the contract's shape."""
        value, shape = source.value, source.shape
        is_right = {
            "boolean": isinstance(value, bool),
            "terms": isinstance(value, (list, tuple, set)) and all(isinstance(each, str) for each in value),
            "term": isinstance(value, str),
            "number": isinstance(value, (int, Decimal, str)) and not isinstance(value, bool),
            "text": isinstance(value, (str, int)) and not isinstance(value, bool),
            "image": isinstance(value, str),
            None: isinstance(value, (bool, int, str, Decimal, list, tuple)),
        }[shape]
        if is_right or value is None:
            return source
        reads = A_SHAPE.get(shape, "a value")
        self.wrong("E006", f"{place} is always {value!r}, but the contract reads {reads}")
        return None

    def _fits(self, model, path, source, place):
        """Whether the field at the end of `path` can hold what the contract reads."""
        end, related = end_of(model, path)
        shape = source.shape
        many = leads_to_many(model, path)
        if many and shape in ("boolean", "text", "number"):
            hint = 'Choose one with a callable of the page: "module:name".'
            text = f"{place}: {many!r} leads to several, but the contract reads {A_SHAPE[shape]}"
            self.wrong("E006", text, hint)
            return False
        if many and shape == "term":
            hint = 'A page that has several is skipped. Choose one with a callable of the page: "module:name".'
            text = f"{place}: {many!r} leads to several, but the contract reads {A_SHAPE[shape]}"
            self.wrong("W007", text, hint, is_error=False)
        if related is None and isinstance(end, UNFIT.get(shape, ())):
            hint = 'Convert it with a callable of the page: "module:name".'
            text = f"{place} leads to {end.name!r} ({type(end).__name__}), but the contract reads {A_SHAPE[shape]}"
            self.wrong("E006", text, hint)
            return False
        return True

    def _spec(self, value, name, place):
        if "rendition" in value:
            return value["rendition"] or None
        return self.given.get("rendition") or (DEFAULT_RENDITION if name == "card_image" else None)

    def _check_spec(self, spec, place):
        from wagtail.images.models import Filter, InvalidFilterSpecError

        cleaned = "|".join(each for each in str(spec).split("|") if each != "preserve-svg")
        try:
            operations = Filter(spec=cleaned).operations
            if not operations:
                raise InvalidFilterSpecError("it has no operation")
            if any(0 in (getattr(each, "width", 1), getattr(each, "height", 1)) for each in operations):
                raise InvalidFilterSpecError("a side of 0 pixels")
        except (InvalidFilterSpecError, ValueError, KeyError, TypeError) as error:
            error = "wrong number of values" if "construct()" in str(error) else error
            hint = f"For example {DEFAULT_RENDITION!r}; see Wagtail's documentation of image renditions."
            self.wrong("E007", f"{place}: {spec!r} is not a rendition spec: {error}", hint)
            return
        extensions = getattr(settings, "WAGTAILIMAGES_EXTENSIONS", [])
        if "svg" in extensions and "preserve-svg" not in str(spec).split("|"):
            hint = f'Add "|preserve-svg": {spec + "|preserve-svg"!r}.'
            self.wrong("W006", f"{place}: SVG images are allowed, and {spec!r} fails on them", hint, is_error=False)

    def _callable(self, value, place):
        try:
            found = callable_of(value)
            if callable(found):
                return found
            text = f"{value!r} is not callable"
        except Exception as error:  # noqa: BLE001  importing runs the team's own module
            text = f"{value!r} cannot be imported: {error}"
        self.wrong("E008", f"{place}: {text}", 'It is a callable, or "module.path:name" of one.')
        return None

    def _unknown_fields(self, given):
        known = self.contract.fields
        for name in given:
            if name in known or self.contract.is_own:
                continue
            close = near(name, known, 1)
            hint = f"Did you mean {close[0]!r}? " if close else ""
            hint += 'Or name your contract file: SAILPLAN["contract"].'
            self.wrong("W005", f'SAILPLAN["fields"]: gtm-v1 reads no field {name!r}', hint, is_error=False)

    def _unread_taxonomies(self, pages):
        read = {source.taxonomy for sources in pages.values() for source in sources.values()}
        known = [*self.contract.taxonomies, *(name for name in read if name)]
        for name in self.declared:
            if name not in known:
                close = near(name, known, 1)
                hint = f"Did you mean {close[0]!r}?" if close else f"It knows {', '.join(self.contract.taxonomies)}."
                self.wrong("W005", f'SAILPLAN["taxonomies"]: no field reads {name!r}', hint, is_error=False)

    # Taxonomies

    def _taxonomies(self, pages):
        names = [*self.contract.taxonomies, *(name for name in self.declared if name not in self.contract.taxonomies)]
        found = {}
        for name in names:
            if name in self.declared:
                taxonomy = self._taxonomy(name, self.declared[name])
            else:
                taxonomy = self._default_taxonomy(name, pages)
            if taxonomy is not None:
                found[name] = taxonomy
        return found

    def _default_taxonomy(self, name, pages):
        """What the fields of this taxonomy lead to: a model, or the choices of a field."""
        is_mapped = False
        for model, sources in pages.items():
            for source in sources.values():
                if source.taxonomy != name:
                    continue
                is_mapped = is_mapped or not source.is_constant
                if source.path is None:
                    continue
                field, related = end_of(model, source.path)
                if related is not None:
                    return self._of_model(name, related, {})
                if choices := _choices_of(field):
                    return Taxonomy(name, terms=lambda choices=choices: _pairs(choices))
        if is_mapped:
            hint = f'Say what it lists: SAILPLAN["taxonomies"]["{name}"], a model, choices or terms.'
            self.wrong("E003", f"The taxonomy {name!r} cannot be derived from the fields that use it", hint)
            return None
        return Taxonomy(name, terms=lambda: [])

    def _taxonomy(self, name, value):
        place = f'SAILPLAN["taxonomies"]["{name}"]'
        if value is None:
            return Taxonomy(name, terms=lambda: [])
        if not isinstance(value, dict):
            value = {"model": value}
        self._unknown(place, value, TAXONOMY_MEMBERS)
        kinds = [kind for kind in ("model", "choices", "terms") if kind in value]
        if len(kinds) != 1:
            self.wrong("E003", f"{place} must have exactly one of model, choices and terms")
            return None
        if kinds == ["model"]:
            model = self._model(value["model"], place, "E003")
            return model and self._of_model(name, model, value)
        key = value.get("key", str)
        key = self._callable(key, f"{place}: key") if not isinstance(key, type) else key
        if key is None:
            return None
        if kinds == ["choices"]:
            choices = self._choices(value["choices"], place)
        else:
            choices = self._listed(value["terms"], place)
        if choices is None:
            return None
        if not callable(choices):
            try:
                _pairs(choices)
            except (TypeError, ValueError, IndexError) as error:
                hint = "Terms are a dict key → label, or a list of keys or of pairs (key, label)."
                self.wrong("E003", f"{place}: these are no terms: {error}", hint)
                return None
        return Taxonomy(name, key=key, terms=lambda: [(key(raw), label) for raw, label in _pairs(choices)])

    def _of_model(self, name, model, value):
        place = f'SAILPLAN["taxonomies"]["{name}"]'
        default_key, default_label = key_and_label(model)
        key, label = value.get("key", default_key), value.get("label", default_label)
        queryset = value.get("queryset")
        is_right = True
        made = {}
        for member, given in (("key", key), ("label", label)):
            if not callable(given) and (not isinstance(given, str) or not given):
                hint = f'{_like_key(model, member)}It is a field, a path, or a callable of the term.'
                self.wrong("E005", f"{place}: the {member} of a term must be a name, not {given!r}", hint)
                is_right = False
                continue
            if callable(given) or is_import(given):
                made[member] = self._callable(given, f"{place}: {member}")
                is_right = is_right and made[member] is not None
                continue
            path, _, filtered = given.partition("|")
            made[member] = _snake_of(path) if filtered == "snake_case" else given
            try:
                if filtered not in ("", "snake_case"):
                    raise NoSuchPath(model, given, [])
                end_of(model, path)
            except NoSuchPath as error:
                hint = f'{_like_key(model, member)}Name it: "{name}": {{"model": "{model._meta.label}", "{member}": …}}.'
                self.wrong("E005", f"{place}: the {member} of a term: {error}", hint)
                is_right = False
        if isinstance(queryset, str) and not is_import(queryset):
            if not hasattr(getattr(model, queryset, None), "all"):
                has = ", ".join(each.name for each in model._meta.managers)
                hint = f'It has {has}. A callable is written "module:name".'
                self.wrong("E005", f"{place}: {model._meta.label} has no manager {queryset!r}", hint)
                is_right = False
        elif queryset is not None:
            queryset = self._callable(queryset, f"{place}: queryset")
            is_right = is_right and queryset is not None
        return Taxonomy(name, model=model, queryset=queryset, **made) if is_right else None

    def _choices(self, value, place):
        """Of "app.Model.field"."""
        label, _, name = value.rpartition(".") if isinstance(value, str) else ("", "", "")
        if label.count(".") != 1:
            hint = 'A list is written {"terms": [("key", "label"), …]}.'
            self.wrong("E003", f'{place}: choices must be "app.Model.field", not {value!r}', hint)
            return None
        model = self._model(label, place, "E003")
        if model is None:
            return None
        try:
            field, _ = end_of(model, name)
        except NoSuchPath as error:
            hint = f"Did you mean {' or '.join(map(repr, error.near))}?" if error.near else None
            self.wrong("E003", f"{place}: {error}", hint)
            return None
        choices = _choices_of(field)
        if not choices:
            self.wrong("E003", f"{place}: {value} has no choices")
        return choices or None

    def _listed(self, value, place):
        if is_import(value) or callable(value):
            value = self._callable(value, place)
        if value is None:
            return None
        if callable(value) or isinstance(value, (dict, list, tuple)):
            return value
        self.wrong("E003", f"{place}: terms must be a dict key → label, a list of keys or pairs, or a callable")
        return None

    def _check_terms(self, model, source, taxonomies):
        """A relation must lead to the model of its taxonomy."""
        if source.shape not in ("term", "terms") or source.path is None:
            return
        place = f'SAILPLAN["fields"]["{source.name}"]'
        _, related = end_of(model, source.path)
        taxonomy = taxonomies.get(source.taxonomy)
        if related is None or taxonomy is None:
            if source.taxonomy is not None and taxonomy is None and source.taxonomy not in self.contract.taxonomies:
                hint = f"There are {', '.join(taxonomies) or 'none'}."
                self.wrong("E003", f"{place}: there is no taxonomy {source.taxonomy!r}", hint)
            return
        if taxonomy.model is None or issubclass(related, taxonomy.model) or issubclass(taxonomy.model, related):
            return
        targets = [each.name for each in related._meta.get_fields() if _leads_to(each, taxonomy.model)]
        if targets:
            hint = f'Lead on to the term: "{source.path}.{targets[0]}".'
        else:
            hint = f'Give the path that ends at a {taxonomy.model.__name__}, or another model for "{source.taxonomy}".'
        text = f"{place} leads to {related._meta.label}, and {source.taxonomy!r} lists {taxonomy.model._meta.label}"
        self.wrong("E006", text, hint)


def _has(model, path):
    try:
        end_of(model, path)
    except NoSuchPath:
        return False
    return True


def _one_of(label, labels):
    close = near(str(label), labels, 3)
    return f"Did you mean {' or '.join(close)}?" if close else f"There are {', '.join(sorted(labels)[:8])}, …"


def _is_image(model):
    from wagtail.images.models import AbstractImage

    return isinstance(model, type) and issubclass(model, AbstractImage)


def _leads_to(field, model):
    related = getattr(field, "related_model", None)
    return isinstance(related, type) and issubclass(related, model)


def _text_field(model):
    texts = [each.name for each in model._meta.get_fields() if isinstance(each, models.CharField)]
    likely = [name for name in ("name", "title", "label", "key") if name in texts]
    return next(iter(likely or texts), "pk")


def _how_to_begin():
    """What is left to do: the file may be written and not be imported yet."""
    package = os.environ.get("DJANGO_SETTINGS_MODULE", "").rpartition(".")[0]
    dot = "." if package else ""
    if find_spec(f"{package}{dot}sailplan_settings") is not None:
        return f"sailplan_settings.py is there; your settings must import it: from {dot}sailplan_settings import SAILPLAN"
    return "`manage.py sailplan_init` writes it for your models."


def _snake_of(path):
    from . import snake_case
    from .values import part_of

    return lambda term: snake_case(part_of(term, path))


def _like_key(model, member):
    likely = {"key": ("code", "slug", "identifier", "name"), "label": ("name", "title", "caption", "text")}[member]
    texts = [each.name for each in model._meta.get_fields() if isinstance(each, models.CharField)]
    has = [name for name in likely if name in texts] or texts[:4]
    return f"It has {' and '.join(map(repr, has))}. " if has else ""


def _choices_of(field):
    if field is None:
        return None
    own = getattr(field, "choices", None) or getattr(getattr(field, "base_field", None), "choices", None)
    return own or None


def _pairs(choices):
    """(raw, label) of a field's choices, an enumeration, a dict, a list of keys or pairs, or a callable of these."""
    if isinstance(choices, type) and hasattr(choices, "choices"):
        choices = choices.choices
    elif callable(choices):
        choices = plain(choices())
    if isinstance(choices, dict):
        choices = choices.items()
    pairs = []
    for each in choices:
        if not isinstance(each, (list, tuple)):
            pairs.append((each, each))
        elif len(each) != 2:
            raise ValueError(f"{each!r} is not a pair of key and label")
        elif isinstance(each[1], (list, tuple, dict)):  # a named group
            pairs.extend(each[1].items() if isinstance(each[1], dict) else each[1])
        else:
            pairs.append(tuple(each))
    if wrong := next((each for each in pairs if not isinstance(each, (list, tuple)) or len(each) != 2), None):
        raise ValueError(f"{wrong!r} is not a pair of key and label")
    return [(str(raw), str(label)) for raw, label in pairs if raw not in (None, "")]
