"""Migrates, loads the sample and gives the two users their tokens. argv: number of further offerings.

Prints the admin's token for API v3, where there is one.
"""

import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

call_command("migrate", verbosity=0)
call_command("load_sample", extra=int(sys.argv[1]), stdout=sys.stderr)
for name, letter in (("admin", "a"), ("reader", "b")):
    Token.objects.get_or_create(user=get_user_model().objects.get(username=name), defaults={"key": letter * 40})
if settings.HAS_V3:
    from wagtail.models import APIToken

    print(APIToken.create_token(user=get_user_model().objects.get(username="admin"), name="tests")[1])
