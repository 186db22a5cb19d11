"""Addresses of sign-in."""

from django.urls import path

from dinh.sso import views

app_name = "sso"

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("chon-chuc-vu/", views.choose_position, name="choose_position"),
]
