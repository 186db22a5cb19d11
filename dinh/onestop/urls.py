"""Addresses that other systems call."""

from django.urls import path

from dinh.onestop import rest

app_name = "onestop"

urlpatterns = [
    path("lien-thong/ho-so/", rest.take_mirrors, name="take-mirrors"),
    path("lien-thong/danh-sach/", rest.take_list, name="take-list"),
]
