from django.apps import AppConfig


class SailplanConfig(AppConfig):
    name = "wagtail_sailplan"
    verbose_name = "sailplan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import checks  # noqa: F401  registers the system checks
