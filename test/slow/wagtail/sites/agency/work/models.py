"""A catalogue whose names and shapes are nothing like the sample's: inline relations, choices, tags, UUID and text keys."""

import uuid

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page
from wagtail.snippets.models import register_snippet


class Named(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


@register_snippet
class Persona(Named):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)


@register_snippet
class Branch(Named):
    pass


@register_snippet
class Benefit(Named):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)


@register_snippet
class Connector(models.Model):
    """Its key is its primary key."""

    code = models.CharField(max_length=40, primary_key=True)
    vendor = models.CharField(max_length=80)

    def __str__(self):
        return self.vendor


class Stage(models.TextChoices):
    LAB = "lab", "In the lab"
    BETA = "beta", "Beta"
    GENERAL = "general", "Generally available"


class Hosting(models.TextChoices):
    CLOUD = "cloud", "Cloud"
    OWN = "own_servers", "Own servers"


class Facts(models.Model):
    """Not on the page itself."""

    promise = models.CharField(max_length=200, blank=True)
    credits = models.DecimalField(max_digits=8, decimal_places=2, null=True)


class AgentTag(TaggedItemBase):
    content_object = ParentalKey("work.AgentPage", related_name="tagged", on_delete=models.CASCADE)


class Sellable(models.Model):
    shop_ref = models.CharField(max_length=120, blank=True)
    shop_handle = models.CharField(max_length=120, blank=True)
    contract_no = models.PositiveIntegerField(null=True, blank=True)
    branch = models.ForeignKey(Branch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    facts = models.OneToOneField(Facts, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        abstract = True


class AgentPage(Sellable, Page):
    hosting = models.CharField(max_length=20, choices=Hosting, default=Hosting.CLOUD)
    tags = ClusterTaggableManager(through=AgentTag, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("shop_ref"), InlinePanel("persona_links")]

    @property
    def speaks(self):
        return ["en", "de"] if self.contract_no and self.contract_no % 2 else ["en"]

    def is_checked(self):
        return self.stage == Stage.GENERAL


class PersonaLink(Orderable):
    page = ParentalKey(AgentPage, related_name="persona_links", on_delete=models.CASCADE)
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="+")


class BenefitLink(Orderable):
    page = ParentalKey(AgentPage, related_name="benefit_links", on_delete=models.CASCADE)
    benefit = models.ForeignKey(Benefit, on_delete=models.CASCADE, related_name="+")
    is_main = models.BooleanField(default=False)


class ConnectorLink(Orderable):
    page = ParentalKey(AgentPage, related_name="connector_links", on_delete=models.CASCADE)
    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="+")


class BundlePage(Sellable, Page):
    """The second type of page: fewer fields, and a tagline of its own."""

    pitch = models.CharField(max_length=200, blank=True)
