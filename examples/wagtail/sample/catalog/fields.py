"""Names of the offering page's fields, once for the models."""

VALUES = [
    "saleor_product_id",
    "saleor_product_slug",
    "trial_available",
    "verified",
    "cp_offering_id",
    "cp_offering_version_id",
    "credits_estimate_min",
    "credits_estimate_max",
    "card_tagline",
]
TERM = ["category", "maturity", "primary_outcome", "primary_role"]
TERMS = [
    "roles",
    "outcomes",
    "capabilities",
    "integrations",
    "languages",
    "modalities",
    "deployment_modes",
    "badges",
]
CARD = "fill-600x400|format-webp|preserve-svg"

TAXONOMIES = {
    "categories": "catalog.Category",
    "roles": "catalog.Role",
    "outcomes": "catalog.Outcome",
    "capabilities": "catalog.Capability",
    "integrations": "catalog.Integration",
    "languages": "catalog.Language",
    "modalities": "catalog.Modality",
    "deployment_modes": "catalog.DeploymentMode",
    "badges": "catalog.Badge",
    "maturity_levels": "catalog.MaturityLevel",
}

# The names are the contract's, so the page is all that must be said.
SAILPLAN = {"page": "catalog.OfferingPage", "rendition": CARD}
