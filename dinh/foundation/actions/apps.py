from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from dinh.kernel.errors import N_


class ActionsConfig(AppConfig):
    name = "dinh.foundation.actions"
    label = "actions"
    verbose_name = N_("Đường ghi")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Handlers, verbs and channels register themselves when their modules are imported."""
        autodiscover_modules("actions", "handlers", "channels")
