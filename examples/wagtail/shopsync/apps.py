from django.apps import AppConfig


class ShopsyncConfig(AppConfig):
    name = "shopsync"
    default_auto_field = "django.db.models.BigAutoField"
