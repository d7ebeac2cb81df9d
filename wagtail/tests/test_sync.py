import errno
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from io import StringIO
from unittest import mock

from django.conf import settings
from django.core.management import CommandError, call_command, load_command_class
from django.test import SimpleTestCase, override_settings

from wagtail_sailplan.command import NoCommand, find_command

from .test_export import Sample

STANDS_IN = """#!{python}
import json, sys
seen = {{"argv": sys.argv[1:], "path": None, "offerings": None}}
if "--desired" in sys.argv:
    seen["path"] = sys.argv[sys.argv.index("--desired") + 1]
    seen["offerings"] = len(json.load(open(seen["path"], encoding="utf-8"))["offerings"])
json.dump(seen, open({seen!r}, "w"))
sys.exit({code})
"""


class Sync(Sample):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def run_with(self, *flags, code=0):
        """What a sailplan that only looks was given, and the command's exit code."""
        seen = os.path.join(self.folder, "seen.json")
        stands_in = os.path.join(self.folder, "sailplan")
        with open(stands_in, "w", encoding="utf-8") as handle:
            handle.write(STANDS_IN.format(python=sys.executable, seen=seen, code=code))
        os.chmod(stands_in, stat.S_IRWXU)
        with (
            override_settings(SAILPLAN={**settings.SAILPLAN, "command": [stands_in, "sync"]}),
            self.assertRaises(SystemExit) as ended,
        ):
            call_command("sync_wagtail_to_saleor", *flags, stderr=StringIO())
        with open(seen, encoding="utf-8") as handle:
            return json.load(handle), ended.exception.code

    def test_dry_run_is_the_default(self):
        seen, code = self.run_with()
        self.assertEqual(seen["argv"], ["sync", "--desired", seen["path"], "--dry-run"])
        self.assertEqual((seen["offerings"], code), (19, 0))
        self.assertFalse(os.path.exists(seen["path"]), "the export is left behind")

    def test_every_flag_of_the_specification(self):
        flags = [
            "--no-dry-run",
            "--strict",
            "--create-missing",
            "--sync-attributes",
            "--sync-products",
            "--limit=5",
            "--only-slugs=a,-b",
            "--report-path=out.json",
        ]
        seen, _ = self.run_with(*flags, "--locale=de", "--", "--adopt")
        self.assertEqual(seen["argv"][3:], [*flags, "--adopt"])
        self.assertEqual(seen["offerings"], 3)

    def test_the_exit_code_is_passed_on(self):
        for code in (1, 2, 3, 4, 5):
            self.assertEqual(self.run_with(code=code)[1], code)

    def test_an_approved_plan_needs_no_export(self):
        seen, code = self.run_with("--no-dry-run", "--plan", "0c2f4b7a91d3e855", "--", "--no-policy", code=5)
        self.assertEqual(seen["argv"], ["sync", "--plan=0c2f4b7a91d3e855", "--no-dry-run", "--no-policy"])
        self.assertEqual(code, 5)
        self.assertEqual(self.run_with("--plan=x")[0]["argv"], ["sync", "--plan=x"])
        for flags in (["--plan=x", "--export-only"], ["--plan=x", "--locale=de"], ["--plan=x", "--include-private"]):
            with self.assertRaisesMessage(CommandError, "--plan and --"):
                call_command("sync_wagtail_to_saleor", *flags)

    def test_an_own_contract_is_sailplans_too(self):
        contract = os.path.join(self.folder, "contract.json")
        with open(contract, "w", encoding="utf-8") as handle:
            json.dump({"format": "sailplan-contract", "attributes": [], "metadata": []}, handle)
        with override_settings(SAILPLAN={**settings.SAILPLAN, "contract": contract}):
            self.assertEqual(self.run_with()[0]["argv"][-1], f"--contract={contract}")
            self.assertEqual(self.run_with("--", "--contract=c")[0]["argv"][-1], "--contract=c")

    def test_export_only_needs_no_sailplan(self):
        path, out = os.path.join(self.folder, "catalog.json"), StringIO()
        with override_settings(SAILPLAN_COMMAND="/nowhere/sailplan"):
            call_command("sync_wagtail_to_saleor", "--export-only", path, stderr=StringIO())
            call_command("sync_wagtail_to_saleor", "--export-only", stdout=out)
        with open(path, encoding="utf-8") as handle:
            self.assertEqual(json.load(handle)["content_sha256"], json.loads(out.getvalue())["content_sha256"])

    def test_wrong_usage_ends_with_1_and_drift_with_2(self):
        for name in ("sync_wagtail_to_saleor", "export_catalog"):
            for flags in (["--nothing"], ["--limit", "x"], ["--limit", "0"], ["--locale"], ["--site", ""]):
                parser = load_command_class("wagtail_sailplan", name).create_parser("manage.py", name)
                parser.called_from_command_line = True
                with mock.patch("sys.stderr", StringIO()), self.assertRaises(SystemExit) as ended:
                    parser.parse_args(flags)
                self.assertEqual(ended.exception.code, 1, (name, flags))
        self.assertEqual(self.run_with("--strict", code=2)[1], 2)


class Command(SimpleTestCase):
    """Where sailplan is looked for."""

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(mock.patch.dict(os.environ, {"PATH": self.folder}))
        os.environ.pop("SAILPLAN_COMMAND", None)
        self.enterContext(override_settings(SAILPLAN={"page": "catalog.OfferingPage"}, BASE_DIR=self.folder))

    def program(self, *path, code=0):
        found = os.path.join(self.folder, *path)
        os.makedirs(os.path.dirname(found), exist_ok=True)
        with open(found, "w", encoding="utf-8") as handle:
            handle.write(f"#!/bin/sh\nexit {code}\n")
        os.chmod(found, stat.S_IRWXU)
        return found

    def test_nowhere(self):
        with self.assertRaises(NoCommand) as raised:
            find_command()
        self.assertIn("Install Node 20.20", raised.exception.hint)
        self.program("node")
        with self.assertRaises(NoCommand) as raised:
            find_command()
        self.assertIn("npm install sailplan", raised.exception.hint)
        with self.assertRaisesMessage(CommandError, "sailplan was not found"):
            call_command("sync_wagtail_to_saleor")

    def test_the_order(self):
        npx = self.program("npx")
        self.assertEqual(find_command(), [npx, "--no-install", "sailplan", "sync"])
        own = self.program("sync_wagtail_to_saleor")
        self.assertEqual(find_command(), [own])
        on_path = self.program("sailplan")
        self.assertEqual(find_command(), [on_path, "sync"])
        local = self.program("node_modules", ".bin", "sailplan")
        self.assertEqual(find_command(), [local, "sync"])
        node = self.program("node")
        with mock.patch.dict(os.environ, {"SAILPLAN_COMMAND": "node '/opt/a b/cli.mjs'"}):
            self.assertEqual(find_command(), [node, "/opt/a b/cli.mjs", "sync"])
            with override_settings(SAILPLAN_COMMAND=["node", "/opt/sync.mjs"]):
                self.assertEqual(find_command(), [node, "/opt/sync.mjs"])

    def test_a_path_with_blanks(self):
        blank = self.program("a b", "sailplan")
        with mock.patch.dict(os.environ, {"SAILPLAN_COMMAND": blank}):
            self.assertEqual(find_command(), [blank, "sync"])

    def test_a_script_of_node_without_node(self):
        script = os.path.join(self.folder, "sailplan")
        with open(script, "w", encoding="utf-8") as handle:
            handle.write("#!/usr/bin/env node\n")
        os.chmod(script, stat.S_IRWXU)
        for command in (None, script):
            with override_settings(SAILPLAN_COMMAND=command), self.assertRaisesMessage(NoCommand, "needs Node"):
                find_command()
        self.program("node")
        self.assertEqual(find_command(), [script, "sync"])

    def test_npx_that_has_none(self):
        self.program("npx", code=1)
        with self.assertRaises(NoCommand):
            find_command()

    @override_settings(SAILPLAN_COMMAND="/nowhere/sailplan")
    def test_a_command_that_is_not_there(self):
        with self.assertRaisesMessage(CommandError, "'/nowhere/sailplan', which is not there"):
            call_command("sync_wagtail_to_saleor")


class Ends(Sample):
    """Signals, and places that cannot be written."""

    def test_places_are_looked_at_before_the_export(self):
        with tempfile.TemporaryDirectory() as folder:
            places = {"/nowhere/at/all.json": "there is no folder", folder: "is a folder", f"{folder}/new/": "is a folder"}
            for path, text in places.items():
                for name, flag in (("export_catalog", "--output"), ("sync_wagtail_to_saleor", "--export-only")):
                    looked = mock.patch("wagtail_sailplan.management.commands.export_catalog.build_catalog")
                    with looked as build, self.assertRaisesMessage(CommandError, text):
                        call_command(name, flag, path)
                    build.assert_not_called()

    def test_stdout_that_takes_nothing(self):
        class Full(StringIO):
            def write(self, text):
                raise OSError(errno.ENOSPC, "No space left on device")

        with self.assertRaisesMessage(CommandError, "No space left on device"):
            call_command("export_catalog", stdout=Full())

    def test_a_reader_that_ends_early(self):
        source = (
            "import django; django.setup()\n"
            "from wagtail_sailplan.management.commands.export_catalog import Command, CommandError, _print\n"
            "try: _print(Command(), 'x' * 9000000)\n"
            "except CommandError as error: raise SystemExit(str(error))"
        )
        words = [sys.executable, "-c", source]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            child.stdout.read(50)
            child.stdout.close()
            told = child.stderr.read()
        self.assertEqual((child.returncode, told), (1, "The reader of the export stopped before its end.\n"))

    def ended_by(self, sent):
        """Exit code and stderr, after the signal came while a page was read; and what is left behind."""

        def tagline(page):
            os.kill(os.getpid(), sent)
            return "text"

        told = StringIO()
        with tempfile.TemporaryDirectory() as folder:
            handler = signal.getsignal(signal.SIGTERM)
            # The test runner has one of its own.
            before = signal.signal(signal.SIGINT, signal.default_int_handler)
            self.addCleanup(signal.signal, signal.SIGINT, before)
            with (
                override_settings(SAILPLAN={**settings.SAILPLAN, "fields": {"card_tagline": tagline}}),
                self.assertRaises(SystemExit) as ended,
            ):
                call_command("export_catalog", output=os.path.join(folder, "catalog.json"), stderr=told)
            self.assertEqual(os.listdir(folder), [])
            self.assertIs(signal.getsignal(signal.SIGTERM), handler)
        return ended.exception.code, told.getvalue()

    def test_interrupted_and_terminated(self):
        self.assertEqual(self.ended_by(signal.SIGINT), (130, "Interrupted: nothing was written.\n"))
        self.assertEqual(self.ended_by(signal.SIGTERM), (143, ""))
