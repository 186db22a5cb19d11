from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "dinh.workspace"
    label = "workspace"
    verbose_name = "Nơi làm việc"
    default_auto_field = "django.db.models.BigAutoField"
