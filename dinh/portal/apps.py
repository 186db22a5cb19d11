from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dinh.portal"
    label = "portal"
    verbose_name = "Cổng dịch vụ"
    default_auto_field = "django.db.models.BigAutoField"
