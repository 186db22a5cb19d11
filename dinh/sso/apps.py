from django.apps import AppConfig


class SsoConfig(AppConfig):
    name = "dinh.sso"
    label = "sso"
    verbose_name = "Đăng nhập"
    default_auto_field = "django.db.models.BigAutoField"
