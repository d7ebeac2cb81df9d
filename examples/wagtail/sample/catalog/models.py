"""Taxonomies (snippets) and offering pages: the desired state a shop is made to match."""

from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from rest_framework.fields import CharField
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.images.api.fields import ImageRenditionField
from wagtail.models import DraftStateMixin, Page, RevisionMixin, TranslatableMixin
from wagtail.snippets.models import register_snippet

from wagtail_sailplan.estimate import estimate_label

from .fields import CARD, TERM, TERMS, VALUES

snake_case = RegexValidator(r"^[a-z0-9]+(_[a-z0-9]+)*$", "Use lowercase snake_case.")


class Taxonomy(models.Model):
    """A term with a stable key. The key, never the database id, is the identity."""

    key = models.CharField(max_length=64, unique=True, validators=[snake_case])
    label = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    sort_order = models.PositiveIntegerField(default=0)

    panels = [FieldPanel("key"), FieldPanel("label"), FieldPanel("description"), FieldPanel("sort_order")]
    api_fields = [APIField("key"), APIField("label"), APIField("description"), APIField("sort_order")]

    class Meta:
        abstract = True
        ordering = ["sort_order", "key"]

    def __str__(self):
        return self.label


@register_snippet
class Category(Taxonomy):
    class Meta(Taxonomy.Meta):
        verbose_name_plural = "categories"


@register_snippet
class Role(Taxonomy):
    pass


@register_snippet
class Outcome(TranslatableMixin, Taxonomy):
    """Translatable: the same key exists once per locale, so it is unique per locale only."""

    key = models.CharField(max_length=64, validators=[snake_case])
    # Without this a client cannot tell the locales apart (Locale itself has no api_fields).
    api_fields = [*Taxonomy.api_fields, APIField("locale", serializer=CharField(source="locale.language_code"))]

    class Meta(TranslatableMixin.Meta, Taxonomy.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["locale", "key"], name="outcome_key_per_locale")]


@register_snippet
class Capability(Taxonomy):
    class Meta(Taxonomy.Meta):
        verbose_name_plural = "capabilities"


@register_snippet
class Integration(Taxonomy):
    """On purpose WITHOUT unique and validators: shows what a database can then hold. Do not copy this one."""

    key = models.CharField(max_length=64, blank=True)


@register_snippet
class Language(Taxonomy):
    pass


@register_snippet
class Modality(Taxonomy):
    class Meta(Taxonomy.Meta):
        verbose_name_plural = "modalities"


@register_snippet
class DeploymentMode(Taxonomy):
    pass


@register_snippet
class Badge(DraftStateMixin, RevisionMixin, Taxonomy):
    """Draftable: rows may exist that were never published."""


@register_snippet
class MaturityLevel(Taxonomy):
    pass


class HomePage(Page):
    pass


class OfferingIndexPage(Page):
    subpage_types = ["catalog.OfferingPage"]


def _term(model, **kwargs):
    return models.ForeignKey(
        f"catalog.{model}", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", **kwargs
    )


def _terms(model):
    return ParentalManyToManyField(f"catalog.{model}", blank=True, related_name="+")


class OfferingPage(Page):
    saleor_product_id = models.CharField(max_length=120, blank=True)
    saleor_product_slug = models.CharField(max_length=255, blank=True)

    category = _term("Category")
    roles = _terms("Role")
    outcomes = _terms("Outcome")
    capabilities = _terms("Capability")
    integrations = _terms("Integration")
    languages = _terms("Language")
    modalities = _terms("Modality")
    deployment_modes = _terms("DeploymentMode")
    badges = _terms("Badge")
    maturity = _term("MaturityLevel")
    primary_outcome = _term("Outcome")
    primary_role = _term("Role")

    trial_available = models.BooleanField(default=False)
    verified = models.BooleanField(default=False)
    cp_offering_id = models.CharField(max_length=120, blank=True)
    cp_offering_version_id = models.CharField(max_length=120, blank=True)
    credits_estimate_min = models.PositiveIntegerField(null=True, blank=True)
    credits_estimate_max = models.PositiveIntegerField(null=True, blank=True)
    card_tagline = models.CharField(max_length=200, blank=True)
    card_image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    content_panels = Page.content_panels + [FieldPanel(n) for n in [*VALUES, *TERM, *TERMS, "card_image"]]

    api_fields = [
        *(APIField(name) for name in [*VALUES, *TERM, *TERMS]),
        APIField("credits_estimate_label"),
        APIField("card_image"),
        APIField("card_image_rendition", serializer=ImageRenditionField(CARD.removesuffix("|preserve-svg"), preserve_svg=True, source="card_image")),
    ]
    # Not part of Wagtail's own v2 output; without this only first_published_at is there.
    api_meta_fields = [APIField("last_published_at")]

    parent_page_types = ["catalog.OfferingIndexPage"]
    subpage_types = []

    @property
    def credits_estimate_label(self):
        return estimate_label(self.credits_estimate_min, self.credits_estimate_max)
