"""Addresses of notify."""

from django.urls import path

from dinh.foundation.notify import views

app_name = "notify"

urlpatterns = [
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-xem-het/", views.read_all, name="read_all"),
    path("thong-bao/cai-dat/", views.preferences, name="preferences"),
    path("thong-bao/<uuid:notice_id>/", views.open_notice, name="open"),
    path("hop-thu-mau/", views.sample_mailbox, name="sample_mailbox"),
    path("quan-tri/tin-gui/", views.messages_sent, name="messages"),
    path("quan-tri/tin-gui/gui-lai-het/", views.resend_dead, name="resend_dead"),
    path("quan-tri/tin-gui/<uuid:message_id>/", views.message_sent, name="message"),
    path("quan-tri/tin-gui/<uuid:message_id>/gui-lai/", views.resend_one, name="resend"),
    path("quan-tri/mau-tin/", views.templates, name="templates"),
    path("quan-tri/mau-tin/<str:code>/", views.template, name="template"),
]
