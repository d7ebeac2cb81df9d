"""What the README says to add to settings and URLs."""

LANGUAGES = {"en": "English", "de": "German", "fr": "French"}
NO_RELATIONS = dict.fromkeys(["roles", "outcomes", "primary_outcome", "capabilities", "integrations"])
SAILPLAN = {
    "page": {
        "work.AgentPage": {},
        "work.BundlePage": {
            **NO_RELATIONS,
            "languages": {"value": ["en"]},
            "deployment_modes": {"value": ["cloud"]},
            "verified": True,
            "card_tagline": "pitch",
        },
    },
    "fields": {
        "saleor_product_id": "shop_ref",
        "saleor_product_slug": "shop_handle",
        "category": "branch",
        "roles": "persona_links.persona",
        "outcomes": "benefit_links.benefit",
        "primary_outcome": "work.catalogue:main_benefit",
        "primary_role": None,
        "capabilities": "tags",
        "integrations": "connector_links.connector",
        "languages": "speaks",
        "modalities": {"value": ["text"]},
        "deployment_modes": "hosting",
        "badges": None,
        "maturity": "stage",
        "trial_available": False,
        "verified": "is_checked",
        "cp_offering_id": "contract_no",
        "credits_estimate_min": "facts.credits",
        "credits_estimate_max": "facts.credits",
        "card_tagline": "facts.promise",
        "card_image": {"path": "picture", "rendition": "width-300|format-webp|preserve-svg"},
    },
    "taxonomies": {
        "categories": {"model": "work.Branch", "key": "code", "label": "name"},
        "roles": {"model": "work.Persona", "key": "code", "label": "name"},
        "outcomes": {"model": "work.Benefit", "key": "code", "label": "name"},
        "integrations": {"model": "work.Connector", "key": "code", "label": "vendor"},
        "languages": {"terms": LANGUAGES},
        "modalities": {"terms": {"text": "Text", "image": "Image"}},
        "deployment_modes": {"terms": "work.models:Hosting"},
        "maturity_levels": {"choices": "work.AgentPage.stage"},
    },
    "export_tokens": ["export-token-1"],
}
