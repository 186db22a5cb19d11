"""Addresses of the sample authority's services; they stand in every sample certificate."""

from django.urls import path, re_path

from dinh.foundation.signing import views

app_name = "signing"

urlpatterns = [
    path("ky-so/mau/tsa", views.time_stamp, name="time-stamp"),
    path("ky-so/mau/ocsp", views.ocsp, name="ocsp"),
    path("ky-so/mau/ocsp/<path:encoded>", views.ocsp, name="ocsp-get"),
    re_path(r"^ky-so/mau/crl/(?P<name>issuing|root)$", views.crl, name="crl"),
]
