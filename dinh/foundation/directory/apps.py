from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "dinh.foundation.directory"
    label = "directory"
    verbose_name = "Danh bạ"
    default_auto_field = "django.db.models.BigAutoField"
