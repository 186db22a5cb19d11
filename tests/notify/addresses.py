"""The house's addresses with those of notify."""

from django.urls import include, path

from dinh.website import urls

urlpatterns = [*urls.urlpatterns]
if not any(getattr(pattern, "app_name", "") == "notify" for pattern in urlpatterns):
    urlpatterns.append(path("", include("dinh.foundation.notify.urls")))
