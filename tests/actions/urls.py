"""The product's addresses with those of the audit log."""

from django.urls import include, path

from dinh.website.urls import urlpatterns as website

urlpatterns = [*website, path("", include("dinh.foundation.actions.urls"))]
