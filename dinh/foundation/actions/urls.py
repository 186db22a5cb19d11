"""Addresses of the audit log."""

from django.urls import path

from dinh.foundation.actions import views

app_name = "actions"

urlpatterns = [
    path("quan-tri/nhat-ky/", views.log, name="log"),
    path("quan-tri/nhat-ky/tai-ve/", views.export, name="export"),
    path("quan-tri/nhat-ky/<int:number>/", views.entry, name="entry"),
]
