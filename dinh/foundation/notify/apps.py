from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "dinh.foundation.notify"
    label = "notify"
    verbose_name = "Thông báo"
    default_auto_field = "django.db.models.BigAutoField"
