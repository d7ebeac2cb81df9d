"""Which of a project's models and fields are what the contract reads: a first draft of SAILPLAN."""

from dataclasses import dataclass, field

from django.db import models
from taggit.models import TagBase
from wagtail.models import Page, get_page_models

from .conf import DEFAULT_RENDITION, _choices_of, _is_image
from .contract import OPTIONAL, load_contract
from .paths import names_of, near

#: Words for the same thing, beyond the contract's own; the first that a page has is taken.
ALSO = {
    "saleor_product_id": ["saleor_id", "shop_product_id", "product_id", "saleor_product", "product_ref"],
    "saleor_product_slug": ["product_slug", "saleor_slug", "shop_slug", "shop_product_slug"],
    "category": ["kind", "type", "group", "section", "topic"],
    "roles": ["audience", "audiences", "personas", "users", "professions", "jobs"],
    "outcomes": ["benefits", "goals", "value_streams", "results", "values"],
    "capabilities": ["skills", "features", "abilities", "tags"],
    "integrations": ["connectors", "connections", "systems", "tools", "apps"],
    "languages": ["locales", "tongues", "supported_languages"],
    "modalities": ["media", "formats", "inputs", "modes"],
    "deployment_modes": ["deployments", "deployment", "hosting", "environments"],
    "trial_available": ["trial", "has_trial", "free_trial", "is_trial_available", "trialable"],
    "verified": ["is_verified", "certified", "approved", "is_certified"],
    "badges": ["labels", "awards", "seals", "marks"],
    "maturity": ["stage", "lifecycle", "maturity_level", "status", "level"],
    "cp_offering_id": ["offering_id", "control_plane_id", "platform_id", "external_id", "cp_id"],
    "cp_offering_version_id": ["offering_version_id", "version_id", "platform_version_id", "cp_version_id"],
    "credits_estimate_min": ["credits_min", "min_credits", "credit_min", "estimate_min", "credits_from"],
    "credits_estimate_max": ["credits_max", "max_credits", "credit_max", "estimate_max", "credits_to"],
    "credits_estimate_label": ["credits_label", "estimate_label"],
    "card_tagline": ["tagline", "teaser", "summary", "subtitle", "strapline", "intro", "short_description"],
    "primary_outcome": ["main_outcome", "lead_outcome", "top_outcome", "main_benefit"],
    "primary_role": ["main_role", "lead_role", "main_audience", "primary_audience"],
    "card_image": ["image", "photo", "picture", "hero_image", "hero", "cover", "cover_image", "thumbnail", "teaser_image"],
}  # fmt: skip
SHAPES = {
    "boolean": (models.BooleanField,),
    "number": (models.IntegerField, models.DecimalField, models.FloatField),
    "text": (models.CharField, models.TextField, models.UUIDField, models.IntegerField),
}


@dataclass
class Way:
    """One thing that a page leads to."""

    path: str
    shape: str
    #: name of the field and of the model that it ends at
    names: list
    model: type | None = None
    choices: bool = False


@dataclass
class Draft:
    page: type
    #: field -> Way or None
    fields: dict
    taxonomies: dict = field(default_factory=dict)
    unused: list = field(default_factory=list)
    #: other page types that have something of the contract
    others: list = field(default_factory=list)


def offering_pages():
    """The project's page types, the likeliest first."""
    contract = load_contract()
    found = [model for model in get_page_models() if model is not Page and not _is_wagtails(model)]
    return sorted(found, key=lambda model: -_score(_fields(model, contract)))


def _score(fields):
    product = [fields.get("saleor_product_id"), fields.get("saleor_product_slug")]
    return sum(way is not None for way in fields.values()) + (10 if any(product) else 0)


def draft_for(page):
    """The likeliest source of every field of gtm-v1, and the taxonomies that need saying."""
    contract = load_contract()
    fields = _fields(page, contract)
    taken = {way.path for way in fields.values() if way is not None}
    taxonomies = {}
    for name, way in fields.items():
        taxonomy = contract.taxonomy(name)
        if way is None or taxonomy is None or taxonomy in taxonomies:
            continue
        if way.model is not None and (members := _members(way.model)):
            taxonomies[taxonomy] = {"model": way.model._meta.label, **members}
    return Draft(page, fields, taxonomies, [way for way in ways_of(page) if way.path not in taken], _others(page))


def _others(page):
    """Pages of a subclass are exported with their parent's fields."""
    contract = load_contract()
    return [
        model
        for model in offering_pages()
        if not issubclass(model, page) and any(way is not None for way in _fields(model, contract).values())
    ]


def _fields(page, contract):
    ways = ways_of(page)
    found, taken = {}, set()
    for exact in (True, False):
        for name in contract.fields:
            if found.get(name) is not None:
                continue
            shape, taxonomy = contract.fields[name]
            free = [way for way in ways if way.path not in taken and _fits(way, shape)]
            way = _best(name, taxonomy, free, exact)
            found[name] = way
            if way is not None:
                taken.add(way.path)
    _pair(found, ways, taken)
    return {name: found[name] for name in contract.fields}


#: How the two ends of a range are told apart.
ENDS = {"credits_estimate_min": {"min", "from", "low", "least"}, "credits_estimate_max": {"max", "to", "high", "most"}}


def _pair(found, ways, taken):
    """What only the other fields tell: the main term of a set, and the two ends of a range."""
    for one, many in (("primary_outcome", "outcomes"), ("primary_role", "roles")):
        if found.get(one) is None and found.get(many) is not None and found[many].model is not None:
            _take(found, taken, one, (way for way in ways if way.shape == "term" and way.model is found[many].model))
    for name, words in ENDS.items():
        if found.get(name) is None:
            fitting = (way for way in ways if way.shape == "number" and words & set(way.path.split("_")))
            _take(found, taken, name, fitting)


def _take(found, taken, name, ways):
    way = next((way for way in ways if way.path not in taken), None)
    if way is not None:
        found[name] = way
        taken.add(way.path)


def _fits(way, shape):
    if shape in ("term", "terms"):
        return way.shape in ("term", "terms") and (shape == "terms" or way.shape == "term")
    return way.shape == shape or (shape == "text" and way.shape == "number" and way.path.endswith("id"))


def _best(name, taxonomy, ways, exact):
    if exact:
        return next((way for way in ways if way.path == name), None)
    wanted = [name, *ALSO.get(name, [])]
    for word in wanted:
        if found := next((way for way in ways if word in way.names), None):
            return found
    # Of terms the model tells too: `Category` is what `categories` lists.
    if taxonomy and (found := next((way for way in ways if _singular(taxonomy) in way.names), None)):
        return found
    for word in wanted[:1]:
        for way in ways:
            if near(word, way.names[:1], 1) and _overlap(word, way.names[0]):
                return way
    images = [way for way in ways if way.shape == "image"]
    return images[0] if name == "card_image" and len(images) == 1 else None


def _overlap(a, b):
    return bool(set(a.split("_")) & set(b.split("_")))


def _singular(word):
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def ways_of(page):
    """Everything of the page's own that the contract could read: fields, relations, children, tags, properties."""
    found = []
    inherited = {each.name for each in Page._meta.get_fields()}
    for each in page._meta.get_fields():
        if each.name in inherited or getattr(each, "parent_link", False):
            continue
        found.extend(_ways(each))
    known = {way.path for way in found}
    for name in names_of(page):
        member = getattr(page, name, None)
        if isinstance(member, property) and name not in known and not hasattr(Page, name):
            for shape in ("text", "boolean", "number"):
                found.append(Way(name, shape, [name]))
    return found


def _ways(each):
    name = each.get_accessor_name() if each.auto_created and not each.concrete else each.name
    if name is None or name.endswith("+"):
        return []
    if not each.is_relation:
        return _plain_way(each, name)
    related = each.related_model
    if not isinstance(related, type):
        return []
    if _is_image(related):
        return [Way(name, "image", [name])]
    if each.auto_created and not each.concrete:
        return _child_ways(each, name, related)
    # A term may be a page, but not of just any type.
    if related is Page or _is_wagtails(related):
        return []
    shape = "terms" if each.many_to_many or each.one_to_many else "term"
    return [Way(name, shape, [name, _snake(related)], model=related)]


def _plain_way(each, name):
    choices = bool(_choices_of(each))
    if choices:
        shape = "terms" if hasattr(each, "base_field") else "term"
        return [Way(name, shape, [name], choices=True)]
    if isinstance(each, models.JSONField):
        return [Way(name, "terms", [name])]
    for shape, classes in SHAPES.items():
        if isinstance(each, classes):
            return [Way(name, shape, [name])]
    return []


def _child_ways(relation, name, child):
    """An inline panel: the page's child rows, each with a foreign key to a term."""
    from modelcluster.fields import ParentalKey

    if not isinstance(relation.field, ParentalKey):
        return []
    found = []
    for each in child._meta.get_fields():
        related = each.related_model if each.is_relation and not each.auto_created else None
        if each is relation.field or not isinstance(related, type) or issubclass(related, Page):
            continue
        if _is_image(related):
            found.append(Way(f"{name}.{each.name}", "image", [each.name]))
        elif not _is_wagtails(related):
            names = [name.removesuffix("_items"), each.name, f"{each.name}s", _snake(related)]
            found.append(Way(f"{name}.{each.name}", "terms", [name, *names], model=related))
        elif related._meta.label == "taggit.Tag":
            found.append(Way(f"{name}.{each.name}", "terms", [name, "tags"], model=related))
    # A through model of tags is found by its manager already.
    return [way for way in found if not (way.model and issubclass(way.model, TagBase))]


def _snake(model):
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in model.__name__).strip("_")


def _is_wagtails(model):
    return model.__module__.startswith(("wagtail.", "django.", "modelcluster."))


def _members(model):
    """key and label of a model that has none of those names; else the first two texts."""
    if issubclass(model, TagBase):
        return {}
    texts = [each.name for each in model._meta.get_fields() if isinstance(each, models.CharField)]
    found = {}
    for member, likely in (
        ("key", ["code", "slug", "identifier", "handle", "ref", "ident", "short_name", "short", "name"]),
        ("label", ["name", "title", "caption", "text", "display", "display_name", "label_text"]),
    ):
        if member not in texts:
            free = [name for name in texts if name not in found.values()]
            found[member] = next((name for name in likely if name in free), next(iter(free), None))
    if found.get("key") and not _is_key(found["key"]):
        found["key"] += "|snake_case"
    return found


def _is_key(name):
    """Whether a field of that name holds keys already; slugs and names do not: a-b, A b."""
    return name in ("code", "ref", "identifier")


def printed(drafts):
    """Python source that assigns SAILPLAN."""
    lines = [
        '"""What sailplan reads of this site; a first draft by `manage.py sailplan_init`: check every line."""',
        "",
        "import os",
        "",
        "SAILPLAN = {",
    ]
    first = drafts[0]
    lines.append(f'    "page": "{first.page._meta.label}",')
    if first.others:
        others = ", ".join(model._meta.label for model in first.others)
        lines.append(f"    # There are further page types: {others}.")
        lines.append("    # To export one too, make a dict of this, with what differs from the fields below:")
        label, other = first.page._meta.label, first.others[0]._meta.label
        lines.append(f'    # "page": {{"{label}": {{}}, "{other}": {{"roles": None, "card_tagline": "its_field"}}}},')
    lines.append('    "fields": {')
    lines.extend(f"        {line}" for line in _field_lines(first))
    lines.append("    },")
    if first.taxonomies or _unused_models(first):
        lines.append('    "taxonomies": {')
        lines.extend(f'        "{name}": {_taxonomy(value)},' for name, value in first.taxonomies.items())
        lines.extend(
            f"        # {way.path} leads to {way.model._meta.label}: {_taxonomy(_suggested(way.model))}"
            for way in _unused_models(first)
        )
        lines.append("    },")
    lines.append(f'    "rendition": "{DEFAULT_RENDITION}",')
    lines.append("    # Anybody with one of these tokens may read the export over HTTP. Without tokens nobody may.")
    lines.append('    "export_tokens": os.environ.get("CATALOG_EXPORT_TOKENS", "").split(),')
    lines.append("}")
    return "\n".join(lines) + "\n"


def _unused_models(draft):
    """A way to each model that no field leads to."""
    used = {way.model for way in draft.fields.values() if way is not None}
    found = {way.model: way for way in draft.unused if way.model is not None and way.model not in used}
    return [way for way in found.values() if not issubclass(way.model, TagBase)]


def _suggested(model):
    return {"model": model._meta.label, **_members(model)}


def _field_lines(draft):
    contract = load_contract()
    for name, way in draft.fields.items():
        if way is None:
            if name not in OPTIONAL or name == "saleor_product_id" and draft.fields["saleor_product_slug"] is None:
                shape = contract.shape(name)
                could = [each.path for each in draft.unused if _fits(each, shape) and (each.shape == shape)]
                could = f"; could be {', '.join(dict.fromkeys(could))}" if could else ""
                yield f'"{name}": None,  # {NEEDED.get(name, "not mapped: counts as empty")}{could}'
        elif way.path == name:
            yield f'"{name}": "{way.path}",'
        else:
            yield f'"{name}": "{way.path}",  # a guess'


#: Without these sailplan skips a page.
NEEDED = {
    "saleor_product_id": "needed, or saleor_product_slug: map it",
    "cp_offering_id": "needed: map it",
}


def _taxonomy(value):
    """A member that was not found is written as a place to fill in, which `check` then names."""
    members = {name: each for name, each in value.items() if each is not None}
    text = ", ".join(f'"{name}": "{each}"' for name, each in members.items())
    missing = [name for name, each in value.items() if each is None]
    return "{" + text + "".join(f', "{name}": "FILL_IN"' for name in missing) + "}"
