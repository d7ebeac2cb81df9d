"""Made by manage.py shell -c "import work.load"."""

import base64
import io

from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Site
from work.models import AgentPage, Benefit, BenefitLink, Branch, BundlePage, Connector, ConnectorLink, Facts
from work.models import Persona, PersonaLink, Stage

home = Site.objects.get(is_default_site=True).root_page
branches = [Branch.objects.create(code=code, name=code.title()) for code in ("retail", "health", "public_sector")]
personas = [Persona.objects.create(code=f"persona_{n}", name=f"Persona {n}") for n in range(7)]
benefits = [Benefit.objects.create(code=f"benefit_{n}", name=f"Benefit {n}") for n in range(5)]
connectors = [Connector.objects.create(code=code, vendor=code.title()) for code in ("zeta", "mail", "erp_10", "erp_9")]
buffer = io.BytesIO()
Picture.new("RGB", (800, 600), (10, 90, 200)).save(buffer, "PNG")
image = get_image_model().objects.create(title="One", file=ImageFile(buffer, name="one.png"))
for number in range(1, 31):
    page = AgentPage(
        title=f"Agent {number}",
        shop_ref=base64.b64encode(f"Product:{number}".encode()).decode(),
        contract_no=1000 + number,
        branch=branches[number % 3],
        stage=list(Stage)[number % 3],
        hosting="cloud" if number % 2 else "own_servers",
        picture=image if number % 4 else None,
        facts=Facts.objects.create(promise=f"Promise {number}", credits=number) if number % 5 else None,
    )
    home.add_child(instance=page)
    page.persona_links = [PersonaLink(persona=personas[(number + n) % 7]) for n in range(number % 4)]
    page.benefit_links = [BenefitLink(benefit=benefits[(number + n) % 5], is_main=n == 1) for n in range(3)]
    page.connector_links = [ConnectorLink(connector=connectors[(number + n) % 4]) for n in range(2)]
    page.tags.add("Text summary", "ocr" if number % 2 else "Speech to text")
    page.save_revision().publish()
for number in range(31, 34):
    page = BundlePage(
        title=f"Bundle {number}",
        shop_ref=base64.b64encode(f"Product:{number}".encode()).decode(),
        contract_no=1000 + number,
        branch=branches[0],
        pitch="Several in one",
        picture=image,
    )
    home.add_child(instance=page)
