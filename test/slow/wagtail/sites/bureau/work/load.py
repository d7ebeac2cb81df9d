"""Made by manage.py shell -c "import work.load"."""

import datetime
import uuid

from wagtail.models import Locale, Site
from work.models import Goal, ProductPage, Seal, Skill, Trade

en = Locale.objects.get(language_code="en")
de, _ = Locale.objects.get_or_create(language_code="de")
home = Site.objects.get(is_default_site=True).root_page
home_de = home.copy_for_translation(de)
home_de.save_revision().publish()
trades = [Trade.objects.create(handle=f"trade-{n}", caption=f"Trade {n}", locale=en) for n in range(4)]
goals = [Goal.objects.create(handle=f"goal-{n}", caption=f"Goal {n}", locale=en) for n in range(6)]
skills = [Skill.objects.create(handle=f"skill-{n}", caption=f"Skill {n}", retired=n == 5) for n in range(6)]
seals = [Seal.objects.create(handle=f"seal-{n}", caption=f"Seal {n}", live=n > 0) for n in range(3)]
for goal in goals[:3]:
    caption = f"Ziel {goal.handle}"
    Goal.objects.create(handle=goal.handle, caption=caption, locale=de, translation_key=goal.translation_key)
for number in range(1, 26):
    page = ProductPage(
        title=f"Product {number}",
        slug=f"product-{number}",
        sku_in_shop=f"product-{number}",
        control_id=uuid.UUID(int=number),
        goal=goals[number % 6],
        market="enterprise" if number % 2 else "smb",
        free_until=datetime.date(2030, 1, 1) if number % 3 else None,
        cover_url=f"/media/cover-{number}.png" if number % 4 else "",
        teaser=f"Teaser {number}",
    )
    home.add_child(instance=page)
    page.trades = trades[: number % 4]
    page.goals = goals[number % 3 :]
    page.skills = skills[number % 6 :]
    page.seals = seals[number % 3 :]
    page.save_revision().publish()
    if number < 4:
        translated = page.copy_for_translation(de, alias=number == 3)
        if number < 3:
            translated.title = f"Produkt {number}"
            translated.save_revision().publish()
