"""Addresses of sign-in."""

from django.urls import path

from dinh.sso import views

app_name = "sso"

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("chon-chuc-vu/", views.choose_position, name="choose_position"),
    path("phien-dang-nhap/", views.own_sessions, name="sessions"),
    path("phien-dang-nhap/ket-thuc-het/", views.end_other_sessions, name="end_other_sessions"),
    path("phien-dang-nhap/<uuid:session_id>/ket-thuc/", views.end_session, name="end_session"),
    path("quan-tri/phien-dang-nhap/", views.sessions_of_others, name="sessions_of_others"),
    path(
        "quan-tri/phien-dang-nhap/<uuid:session_id>/ket-thuc/",
        views.end_session_of_other,
        name="end_session_of_other",
    ),
    path("dang-ky/", views.register, name="register"),
    path("doi-mat-khau/", views.change_password, name="change_password"),
    path("quen-mat-khau/", views.forgotten_password, name="forgotten_password"),
    path("dat-lai-mat-khau/<str:token>/", views.reset_password, name="reset_password"),
    path("tai-khoan-mau/", views.sample_accounts, name="sample_accounts"),
    path("xac-nhan-mat-khau/", views.confirm_password, name="confirm_password"),
]
