"""Which fields the contract reads of a page, and as what. The built-in gtm-v1, or a contract file of your own."""

import json
from dataclasses import dataclass

#: field -> (shape, taxonomy or None); the same as sailplan's built-in contract, which a test compares.
GTM_V1 = {
    "category": ("term", "categories"),
    "roles": ("terms", "roles"),
    "outcomes": ("terms", "outcomes"),
    "capabilities": ("terms", "capabilities"),
    "integrations": ("terms", "integrations"),
    "languages": ("terms", "languages"),
    "modalities": ("terms", "modalities"),
    "deployment_modes": ("terms", "deployment_modes"),
    "trial_available": ("boolean", None),
    "verified": ("boolean", None),
    "badges": ("terms", "badges"),
    "maturity": ("term", "maturity_levels"),
    "cp_offering_id": ("text", None),
    "cp_offering_version_id": ("text", None),
    "credits_estimate_min": ("number", None),
    "credits_estimate_max": ("number", None),
    "credits_estimate_label": ("text", None),
    "card_tagline": ("text", None),
    "primary_outcome": ("term", "outcomes"),
    "primary_role": ("term", "roles"),
    "card_image": ("image", None),
}
#: Every page has these in the export, whatever the contract.
PRODUCT = {"saleor_product_id": ("text", None), "saleor_product_slug": ("text", None)}
#: A page may lack these: sailplan derives the label, one of the two product fields is enough.
OPTIONAL = {*PRODUCT, "credits_estimate_label", "cp_offering_version_id"}
#: What a field holds that is mapped to None.
EMPTY = {"boolean": False, "terms": []}

_ATTRIBUTES = {"BOOLEAN": "boolean", "DROPDOWN": "term", "MULTISELECT": "terms"}
_METADATA = {"estimate_label": "text"}


@dataclass(frozen=True)
class Contract:
    #: field -> (shape, taxonomy or None)
    fields: dict
    #: whether it was read from a file
    is_own: bool = False

    def shape(self, name):
        return self.fields.get(name, (None, None))[0]

    def taxonomy(self, name):
        return self.fields.get(name, (None, None))[1]

    @property
    def taxonomies(self):
        return list(dict.fromkeys(taxonomy for _, taxonomy in self.fields.values() if taxonomy))


def load_contract(path=None):
    """The contract at `path`, or gtm-v1. Raises OSError, ValueError or KeyError for a file that is no contract."""
    if path is None:
        return Contract({**PRODUCT, **GTM_V1})
    with open(path, encoding="utf-8") as handle:
        document = json.load(handle)
    if not isinstance(document, dict) or document.get("format") != "sailplan-contract":
        raise ValueError('its "format" is not "sailplan-contract"')
    fields = {}
    for rule in document["attributes"]:
        fields.setdefault(rule["source"], (_ATTRIBUTES[rule["input_type"]], rule.get("taxonomy")))
    for rule in document["metadata"]:
        fields.setdefault(rule["source"], (_METADATA.get(rule["type"], rule["type"]), rule.get("taxonomy")))
        for end in ("min", "max"):
            if end in rule:
                fields.setdefault(rule[end], ("number", None))
    return Contract({**PRODUCT, **fields}, is_own=True)
