"""Addresses of the calendars."""

from django.urls import path

from dinh.foundation.calendars import views

app_name = "calendars"

urlpatterns = [
    path("quan-tri/lich-lam-viec/", views.year, name="year"),
    path("quan-tri/lich-lam-viec/lap-lich/", views.open_own, name="open"),
    path("quan-tri/lich-lam-viec/<uuid:calendar_id>/khai-bao/", views.declare, name="declare"),
    path("quan-tri/lich-lam-viec/<uuid:calendar_id>/gio-lam-viec/", views.declare_week, name="declare_week"),
    path("quan-tri/lich-lam-viec/<uuid:calendar_id>/bo-khai-bao/", views.withdraw, name="withdraw"),
    path("quan-tri/lich-lam-viec/<uuid:calendar_id>/them-nam/", views.prepare, name="prepare"),
    path("quan-tri/lich-lam-viec/<uuid:calendar_id>/bo-ban-nhap/", views.discard, name="discard"),
    path("quan-tri/lich-lam-viec/<uuid:calendar_id>/cong-bo/", views.publish, name="publish"),
]
