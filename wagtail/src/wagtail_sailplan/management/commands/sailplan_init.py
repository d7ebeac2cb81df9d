import os
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError

from wagtail.models import Page

from wagtail_sailplan.guess import draft_for, offering_pages, printed

from .export_catalog import ExitCommand

FILE = "sailplan_settings.py"


class Command(ExitCommand):
    help = f"Write {FILE} beside your settings: what of your models is what sailplan's contract reads."
    # It is there to mend what the checks refuse.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--page", help="app.Model of the offering page (default: the best match)")
        parser.add_argument("--print", action="store_true", dest="print_only", help="print it and write nothing")
        parser.add_argument("--force", action="store_true", help=f"overwrite an existing {FILE}")

    def handle(self, *args, **options):
        draft = draft_for(self._page(options["page"]))
        text = printed([draft])
        if options["print_only"]:
            self.stdout.write(text, ending="")
            return
        module = import_module(os.environ.get("DJANGO_SETTINGS_MODULE") or settings.SETTINGS_MODULE)
        path = os.path.join(os.path.dirname(os.path.abspath(module.__file__)), FILE)
        if os.path.exists(path) and not options["force"]:
            raise CommandError(f"{path} already exists. Give --force to overwrite it, or --print to see it.")
        try:
            with open(path, "w", encoding="utf-8") as handle:
                handle.write(text)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}. --print shows it.") from None
        self._tell(draft, path, os.path.dirname(path))

    def _page(self, label):
        found = offering_pages()
        if label is not None:
            try:
                model = apps.get_model(label)
            except (LookupError, ValueError):
                model = None
            if model is None or not issubclass(model, Page):
                there = ", ".join(each._meta.label for each in found) or "none of this project"
                raise CommandError(f"There is no page type {label!r}; available: {there}.")
            return model
        if not found:
            raise CommandError("The project defines no page type. Give --page app.Model.")
        return found[0]

    def _tell(self, draft, path, folder):
        mapped = [name for name, way in draft.fields.items() if way is not None]
        guessed = [f"{name} ← {way.path}" for name, way in draft.fields.items() if way is not None and way.path != name]
        package = os.path.basename(folder)
        main = "base.py" if os.path.exists(os.path.join(folder, "base.py")) else "your settings"
        self.stdout.write(f"Written: {path}")
        self.stdout.write(f"Page: {draft.page._meta.label}, {len(mapped)} of {len(draft.fields)} fields found.")
        if draft.others:
            self.stdout.write(f"Further page types: {', '.join(model._meta.label for model in draft.others)}; see the file.")
        if guessed:
            self.stdout.write(f"Guessed: {', '.join(guessed)}.")
        dot = "." if os.path.exists(os.path.join(folder, "__init__.py")) or package == "settings" else ""
        self.stdout.write(
            f"Next:\n  1. Read the file and correct it.\n  2. In {main}: from {dot}{FILE.removesuffix('.py')} "
            "import SAILPLAN\n  3. python manage.py check"
        )
