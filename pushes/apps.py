from django.apps import AppConfig


class PushesConfig(AppConfig):
    name = "pushes"
    label = "pushes"
    verbose_name = "推送"
