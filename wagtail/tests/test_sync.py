import json
import os
import stat
import sys
import tempfile
from io import StringIO

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from .test_export import Sample

STANDS_IN = """#!{python}
import json, sys
path = sys.argv[sys.argv.index("--desired") + 1]
document = json.load(open(path, encoding="utf-8"))
json.dump({{"argv": sys.argv[1:], "path": path, "offerings": len(document["offerings"])}}, open({seen!r}, "w"))
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

    @override_settings(SAILPLAN={**settings.SAILPLAN, "command": None})
    def test_without_sailplan_it_says_so(self):
        path, os.environ["PATH"] = os.environ["PATH"], self.folder
        try:
            with self.assertRaisesMessage(CommandError, "sailplan was not found"):
                call_command("sync_wagtail_to_saleor")
        finally:
            os.environ["PATH"] = path
