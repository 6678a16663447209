from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "foundation.papers"
    label = "papers"
    verbose_name = "文书"
