"""The directory's addresses beside the website's own, so that its screens can be opened in tests."""

from django.urls import include, path

urlpatterns = [path("", include("dinh.foundation.directory.urls")), path("", include("dinh.website.urls"))]
handler404 = "dinh.website.errors.not_found"
handler403 = "dinh.website.errors.forbidden"
