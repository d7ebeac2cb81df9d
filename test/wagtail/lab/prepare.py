"""Migrates, loads the sample and gives the two users their tokens. argv: number of further offerings."""

import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

call_command("migrate", verbosity=0)
call_command("load_sample", extra=int(sys.argv[1]))
for name, letter in (("admin", "a"), ("reader", "b")):
    Token.objects.get_or_create(user=get_user_model().objects.get(username=name), defaults={"key": letter * 40})
