#!/usr/bin/env python
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # shopsync stands beside the sample site; in your project it is a folder like any other app.
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopsite.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
