from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "dinh.website"
    label = "website"
    verbose_name = "Trang"
    default_auto_field = "django.db.models.BigAutoField"
