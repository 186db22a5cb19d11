"""Addresses of sign-in."""

from django.urls import path

from dinh.sso.views import identities
from dinh.sso.views import sign_in as views

app_name = "sso"

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-nhap/cong-quoc-gia/", identities.start, name="national_sign_in"),
    path("dang-nhap/cong-quoc-gia/tro-ve/", identities.back, name="national_back"),
    path("dang-nhap/cong-quoc-gia/dong-y/<uuid:trip_id>/", identities.confirm, name="national_confirm"),
    path("dang-nhap/cong-quoc-gia/lien-ket/", identities.link, name="national_link"),
    path("dang-nhap/cong-quoc-gia/go-lien-ket/", identities.unlink, name="national_unlink"),
    path("dang-nhap/cong-quoc-gia/xac-nhan/", identities.confirm_password, name="national_prove"),
    path("da-dang-xuat/", identities.signed_out, name="signed_out"),
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
