"""Load a repeatable sample: taxonomies, offering pages and the awkward cases. Run on an empty database."""

import base64
import datetime
import io
import random
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.images import ImageFile
from django.core.management.base import BaseCommand
from django.db import transaction
from PIL import Image as PILImage
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Site

from catalog.fields import TAXONOMIES as MODELS
from catalog.models import HomePage, OfferingIndexPage, OfferingPage

TAXONOMIES = {name: apps.get_model(model) for name, model in MODELS.items()}
TERMS = {
    "categories": "sales marketing support finance legal hr engineering operations",
    "roles": "sales_rep marketer support_agent accountant lawyer recruiter developer ops_manager analyst founder "
    "product_manager designer",
    "outcomes": "save_time reduce_cost grow_revenue improve_quality reduce_risk faster_response better_insight "
    "happier_customers",
    "capabilities": "text_summarization text_generation text_classification entity_extraction translation "
    "sentiment_analysis question_answering semantic_search document_parsing table_extraction ocr speech_to_text "
    "text_to_speech image_generation image_classification object_detection code_generation code_review "
    "data_enrichment forecasting anomaly_detection lead_scoring email_drafting meeting_notes web_browsing "
    "tool_calling workflow_automation knowledge_base ticket_routing report_building",
    "integrations": "slack hubspot salesforce zendesk jira github gmail google_drive notion sharepoint shopify stripe "
    "zapier",
    "languages": "en de fr es it pt nl pl sv da fi cs ja ko zh",
    "modalities": "text image audio video tabular",
    "deployment_modes": "cloud private_cloud on_premise edge hybrid",
    "badges": "new popular staff_pick eco enterprise_ready open_source",
    "maturity_levels": "experimental alpha beta stable deprecated",
}


def product_id(number):
    return base64.b64encode(f"Product:{number}".encode()).decode()


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--few", action="store_true", help="12 plain offerings instead of 40, for quick tests")
        parser.add_argument("--extra", type=int, default=0, help="that many further plain offerings, for load tests")

    @transaction.atomic
    def handle(self, *args, **options):
        if OfferingPage.objects.exists():
            self.stdout.write("already loaded")
            return
        self.random = random.Random(42)
        self.users()
        self.tree()
        self.terms()
        self.images()
        self.offerings(12 if options["few"] else 40)
        self.awkward()
        for number in range(100, 100 + options["extra"]):
            self.make(number, with_revision=False)
        self.stdout.write(f"{OfferingPage.objects.count()} offering pages")

    def users(self):
        User = get_user_model()
        # For a site on your own machine only.
        User.objects.create_superuser("admin", "admin@example.com", "admin")
        User.objects.create_user("reader", "reader@example.com", "reader")

    def tree(self):
        self.en, _ = Locale.objects.get_or_create(language_code="en")
        self.de, _ = Locale.objects.get_or_create(language_code="de")
        root = Page.objects.get(depth=1)
        Site.objects.all().delete()
        for page in Page.objects.filter(depth=2):
            page.delete()
        root = Page.objects.get(depth=1)
        self.home = root.add_child(instance=HomePage(title="Home", slug="home", locale=self.en))
        self.index = self.home.add_child(instance=OfferingIndexPage(title="Offerings", slug="offerings"))
        self.partners = self.home.add_child(instance=OfferingIndexPage(title="Partners only", slug="partners"))
        PageViewRestriction.objects.create(page=self.partners, restriction_type=PageViewRestriction.LOGIN)
        at = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        Site.objects.create(
            hostname=at.hostname, port=at.port or 80, site_name="Sample", root_page=self.home, is_default_site=True
        )
        second = root.add_child(instance=HomePage(title="Second home", slug="second-home", locale=self.en))
        self.second_index = second.add_child(instance=OfferingIndexPage(title="Second offerings", slug="offerings"))
        Site.objects.create(hostname="second.example.com", port=80, site_name="Second", root_page=second)
        self.home_de = self.home.copy_for_translation(self.de)
        self.home_de.title = "Startseite"
        self.home_de.save_revision().publish()
        self.index_de = self.index.copy_for_translation(self.de)
        self.index_de.save_revision().publish()

    def terms(self):
        self.by_name = {}
        for name, keys in TERMS.items():
            model = TAXONOMIES[name]
            extra = {"locale": self.en} if name == "outcomes" else {}
            self.by_name[name] = [
                model.objects.create(
                    key=key,
                    label=key.replace("_", " ").capitalize(),
                    description=f"About {key}." if number % 2 else "",
                    sort_order=number,
                    **extra,
                )
                for number, key in enumerate(keys.split())
            ]
        for outcome in list(self.by_name["outcomes"])[:4]:
            translated = outcome.copy_for_translation(self.de)
            translated.label = f"{outcome.label} (DE)"
            translated.save()
        Badge = TAXONOMIES["badges"]
        # Draftable snippet: never published.
        self.draft_badge = Badge.objects.create(key="secret_badge", label="Not announced yet", live=False)
        self.draft_badge.save_revision()
        # Draftable snippet: live, with a changed label waiting in a draft.
        badge = self.by_name["badges"][0]
        badge.label = "New (draft label, not live)"
        badge.save_revision()

    def images(self):
        Image = get_image_model()
        self.image_list = []
        for number in range(12):
            buffer = io.BytesIO()
            PILImage.new("RGB", (1200, 800), (number * 20, 90, 200 - number * 10)).save(buffer, "PNG")
            buffer.seek(0)
            self.image_list.append(
                Image.objects.create(title=f"Card {number}", file=ImageFile(buffer, name=f"card-{number}.png"))
            )

    def some(self, name, low, high):
        return self.random.sample(self.by_name[name], self.random.randint(low, high))

    def make(self, number, parent=None, live=True, with_revision=True, **override):
        low = self.random.choice([5, 10, 15, None])
        fields = {
            "title": f"Offering {number:02d}",
            "slug": f"offering-{number:02d}",
            "saleor_product_id": product_id(number) if number % 3 else "",
            "saleor_product_slug": "" if number % 3 else f"offering-{number:02d}",
            "category": self.random.choice(self.by_name["categories"]),
            "maturity": self.random.choice(self.by_name["maturity_levels"]),
            "primary_outcome": self.random.choice(self.by_name["outcomes"]),
            "primary_role": self.random.choice(self.by_name["roles"]),
            "trial_available": self.random.random() < 0.5,
            "verified": self.random.random() < 0.7,
            "cp_offering_id": f"off_{number:04d}" if number % 2 else "",
            "cp_offering_version_id": f"ver_{number:04d}_1" if number % 2 else "",
            "credits_estimate_min": low,
            "credits_estimate_max": low if low is None or number % 2 else low + 10,
            "card_tagline": f"Tagline of offering {number:02d}",
            "card_image": self.image_list[number % 12],
            **override,
        }
        page = (parent or self.index).add_child(instance=OfferingPage(live=live, **fields))
        page.roles = self.some("roles", 1, 4)
        page.outcomes = self.some("outcomes", 1, 3)
        page.capabilities = self.some("capabilities", 3, 10)
        page.integrations = self.some("integrations", 0, 5)
        page.languages = self.some("languages", 1, 8)
        page.modalities = self.some("modalities", 1, 3)
        page.deployment_modes = self.some("deployment_modes", 1, 3)
        page.badges = self.some("badges", 0, 2)
        page.save()
        if with_revision and live:
            page.save_revision().publish()
        elif with_revision:
            page.save_revision()
        return page

    def offerings(self, plain):
        for number in range(1, plain + 1):
            self.make(number)
        for number in range(41, 46):  # never published
            self.make(number, live=False)
        for number in range(46, 49):  # published once, then taken down
            self.make(number).unpublish()
        for number in range(49, 53):  # live, with unpublished changes
            page = self.make(number)
            page.title = f"{page.title} (draft title)"
            page.roles = self.by_name["roles"][:1]
            page.save_revision()
        for number in range(53, 55):  # private subtree
            self.make(number, parent=self.partners)
        self.make(55, parent=self.second_index)  # another site
        # private by itself, with a password
        private = self.make(56)
        PageViewRestriction.objects.create(
            page=private, restriction_type=PageViewRestriction.PASSWORD, password="letmein"
        )
        # scheduled: goes live in the future
        scheduled = self.make(57, live=False)
        scheduled.go_live_at = datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)
        scheduled.save_revision().publish()

    def awkward(self):
        # 58: nothing filled in but the title
        bare = self.index.add_child(instance=OfferingPage(title="Offering 58 bare", slug="offering-58"))
        bare.save_revision().publish()
        # 59 and 1: the same product
        self.make(59, saleor_product_id=product_id(1), saleor_product_slug="")
        # 60: an image whose file is gone, a draft badge, min > max
        Image = get_image_model()
        broken = Image.objects.create(title="Broken", width=1200, height=800, file="original_images/does-not-exist.png")
        page = self.make(60, card_image=broken, credits_estimate_min=50, credits_estimate_max=5)
        page.badges = [self.draft_badge]
        page.save_revision().publish()
        # Integration has no validation: duplicate, malformed and empty keys
        Integration = TAXONOMIES["integrations"]
        duplicate = Integration.objects.create(key="slack", label="Slack (again)")
        bad = Integration.objects.create(key="MS Teams!", label="MS Teams")
        empty = Integration.objects.create(key="", label="No key")
        space = Integration.objects.create(key="hubspot ", label="Trailing space")
        page.integrations = [duplicate, bad, empty, space]
        page.save_revision().publish()
        # translations (the same product, another locale) and an alias in the private-free tree
        for number in (1, 2, 4):
            source = OfferingPage.objects.get(slug=f"offering-{number:02d}")
            german = source.copy_for_translation(self.de)
            german.title = f"Angebot {number:02d}"
            german.save_revision().publish()
        OfferingPage.objects.get(slug="offering-05").copy_for_translation(self.de, alias=True)
        source = OfferingPage.objects.get(slug="offering-07", locale=self.en)
        source.create_alias(parent=self.index, update_slug="offering-07-alias")
