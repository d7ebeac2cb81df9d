import argparse
import os
import shutil
import subprocess
import sys
import tempfile

from django.core.management.base import BaseCommand, CommandError

from shopsync.conf import conf

from .export_catalog import add_source_arguments, document_of, write_document


class Command(BaseCommand):
    help = (
        "Make Saleor's filter attributes and product metadata equal to this site: exports the catalog in one "
        "transaction and hands it to sailplan, with the same flags. Ends with sailplan's exit code. "
        "SALEOR_API_URL and SALEOR_TOKEN are read by sailplan from the environment."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run",
            action=argparse.BooleanOptionalAction,
            default=True,
            help="plan and report only, write nothing (the default); --no-dry-run: after approval, write",
        )
        parser.add_argument("--strict", action="store_true", help="fail if anything is missing; create nothing")
        parser.add_argument("--create-missing", action="store_true", help="create attribute values that Saleor lacks")
        parser.add_argument("--sync-attributes", action="store_true", help="attributes exist and are assigned")
        parser.add_argument("--sync-products", action="store_true", help="attribute values and metadata of products")
        parser.add_argument("--limit", type=int, help="only the first N offerings")
        parser.add_argument("--only-slugs", help="slug1,slug2 of Saleor's products")
        parser.add_argument("--report-path", help="where the JSON report goes")
        add_source_arguments(parser)
        parser.add_argument("more", nargs="*", help="after --: further flags for sailplan, as they are")

    def handle(self, *args, **options):
        command = _command()
        document = document_of(options)
        # mkdtemp: only this user may look into it; the export can hold pages that are not public.
        with tempfile.TemporaryDirectory(prefix="shopsync-") as folder:
            path = os.path.join(folder, "catalog.json")
            write_document(document, path)
            self.stderr.write(f"exported {len(document['offerings'])} offerings, {document['content_sha256']}")
            done = subprocess.run([*command, "--desired", path, *_flags(options)], check=False)
        # A signal's number is negative; shells say 128 + N.
        sys.exit(done.returncode if done.returncode >= 0 else 128 - done.returncode)


def _command():
    if conf().command:
        return list(conf().command)
    for names in (["sync_wagtail_to_saleor"], ["sailplan", "sync"]):
        if found := shutil.which(names[0]):
            return [found, *names[1:]]
    raise CommandError('sailplan is not on PATH: install it (npm install -g sailplan) or set SHOPSYNC["command"].')


def _flags(options):
    flags = ["--dry-run" if options["dry_run"] else "--no-dry-run"]
    for name in ("strict", "create_missing", "sync_attributes", "sync_products"):
        flags += [f"--{name.replace('_', '-')}"] if options[name] else []
    for name in ("limit", "only_slugs", "report_path"):
        # One word with "=", so that no value is ever taken for a flag.
        flags += [f"--{name.replace('_', '-')}={options[name]}"] if options[name] is not None else []
    return [*flags, *options["more"]]
