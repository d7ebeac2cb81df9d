"""A catalogue in two languages by wagtail-localize: UUID keys, translatable terms, a manager that hides, image addresses."""

import uuid

from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import DraftStateMixin, Page, RevisionMixin, TranslatableMixin
from wagtail.snippets.models import register_snippet


class InUse(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(retired=False)


class Term(models.Model):
    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handle = models.SlugField(max_length=60)
    caption = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self):
        return self.caption


@register_snippet
class Trade(TranslatableMixin, Term):
    class Meta(TranslatableMixin.Meta):
        pass


@register_snippet
class Goal(TranslatableMixin, Term):
    class Meta(TranslatableMixin.Meta):
        pass


@register_snippet
class Skill(Term):
    retired = models.BooleanField(default=False)
    objects = models.Manager()
    in_use = InUse()


@register_snippet
class Seal(DraftStateMixin, RevisionMixin, Term):
    pass


class ProductPage(Page):
    sku_in_shop = models.SlugField(blank=True)
    control_id = models.UUIDField(null=True, blank=True)
    trades = ParentalManyToManyField(Trade, blank=True, related_name="+")
    goals = ParentalManyToManyField(Goal, blank=True, related_name="+")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    skills = ParentalManyToManyField(Skill, blank=True, related_name="+")
    seals = ParentalManyToManyField(Seal, blank=True, related_name="+")
    market = models.CharField(max_length=20, choices=[("Big", [("enterprise", "Enterprise")]), ("smb", "Small")])
    free_until = models.DateField(null=True, blank=True)
    cover_url = models.CharField(max_length=300, blank=True)
    teaser = models.TextField(blank=True)
