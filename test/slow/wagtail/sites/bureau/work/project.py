"""What the README says to add to settings and URLs."""

TERM = {"key": "work.catalogue:term_key", "label": "caption"}
SAILPLAN = {
    "page": "work.ProductPage",
    "fields": {
        "saleor_product_slug": "sku_in_shop",
        "category": "market",
        "roles": "trades",
        "outcomes": "goals",
        "primary_outcome": "goal",
        "primary_role": None,
        "capabilities": "skills",
        "integrations": None,
        "languages": None,
        "modalities": None,
        "deployment_modes": None,
        "badges": "seals",
        "maturity": None,
        "trial_available": "work.catalogue:has_trial",
        "verified": {"value": True},
        "cp_offering_id": "control_id",
        "credits_estimate_min": None,
        "credits_estimate_max": None,
        "card_tagline": "teaser",
        "card_image": "cover_url",
    },
    "taxonomies": {
        "roles": {"model": "work.Trade", **TERM},
        "outcomes": {"model": "work.Goal", **TERM},
        "capabilities": {"model": "work.Skill", "queryset": "in_use", **TERM},
        "badges": {"model": "work.Seal", **TERM},
    },
    "export_tokens": ["export-token-1"],
}
WAGTAIL_I18N_ENABLED = True
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "German")]
MORE_APPS = ["wagtail_localize", "wagtail_localize.locales"]
