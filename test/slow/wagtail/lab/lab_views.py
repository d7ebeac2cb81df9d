"""Edits as editors make them, each one transaction, named or drawn from a seed."""

import json
import random
import time

from django.db import transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from wagtail.models import PageViewRestriction

from catalog.models import Integration, OfferingPage, Outcome, Role
from wagtail_sailplan.estimate import estimate_label
from wagtail_sailplan.export import build_catalog


def timing(get_response):
    def middleware(request):
        start = time.perf_counter()
        response = get_response(request)
        if hasattr(response, "render") and not response.is_rendered:
            response = response.render()
        response["X-Lab-Ms"] = f"{(time.perf_counter() - start) * 1000:.2f}"
        return response

    return middleware


def export(request):
    return JsonResponse(build_catalog(include_private=request.GET.get("private") == "1"))


@csrf_exempt
def edit(request):
    """{"seed": n} → one random edit; {"name": …} → that one. Answers its name and the export after it."""
    wanted = json.loads(request.body)
    draw = random.Random(wanted.get("seed", 0))
    with transaction.atomic():
        name = wanted.get("name") or draw.choice(sorted(EDITS))
        EDITS[name](draw)
    return JsonResponse({"name": name, "export": build_catalog()})


@csrf_exempt
def estimates(request):
    return JsonResponse({"labels": [estimate_label(low, high) for low, high in json.loads(request.body)]})


def _pages(**filters):
    return OfferingPage.objects.filter(locale__language_code="en", alias_of__isnull=True, **filters).order_by("pk")


def _one(draw, queryset):
    return draw.choice(list(queryset))


def _text(draw):
    page = _one(draw, _pages(live=True))
    page.card_tagline = f"Tagline {draw.random()}"
    page.save_revision().publish()


def _retag(draw):
    page = _one(draw, _pages(live=True))
    page.roles = draw.sample(list(Role.objects.all()), 2)
    page.save_revision().publish()


def _unpublish(draw):
    _one(draw, _pages(live=True)).unpublish()


def _publish(draw):
    """Brings a page back whose content is unchanged: the edit that an unpublish undoes."""
    hidden = list(_pages(live=False))
    if hidden:
        draw.choice(hidden).get_latest_revision().publish()


def _swap(draw):
    """One gone and one back: the count stays."""
    _unpublish(draw)
    _publish(draw)


def _shift(draw):
    """The first page gone and the last of the hidden ones back: every later page moves, and the count stays."""
    hidden = _pages(live=False).last()
    _pages(live=True).public().first().unpublish()
    hidden.get_latest_revision().publish()


def _relabel(draw):
    term = _one(draw, draw.choice([Role, Outcome, Integration]).objects.all())
    term.label = f"Label {draw.random()}"
    term.save()


def _rekey(draw):
    role = _one(draw, Role.objects.all())
    role.key = f"role_{draw.randrange(10**9)}"
    role.save()


def _flip(draw):
    """A label there and back again."""
    role = Role.objects.order_by("pk").first()
    role.label = "Flip" if role.label == "Flop" else "Flop"
    role.save()


def _delete(draw):
    Integration.objects.create(key=f"made_{draw.randrange(10**9)}", label="Made")
    _one(draw, Integration.objects.all()).delete()


def _restrict(draw):
    """A page made private, or public again."""
    page = _pages(live=True).first()
    if not PageViewRestriction.objects.filter(page=page).delete()[0]:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


EDITS = {
    "text": _text,
    "retag": _retag,
    "unpublish": _unpublish,
    "publish": _publish,
    "swap": _swap,
    "shift": _shift,
    "relabel": _relabel,
    "rekey": _rekey,
    "flip": _flip,
    "delete": _delete,
    "restrict": _restrict,
}
