from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "parties"
    label = "parties"
    verbose_name = "行政相对人"
