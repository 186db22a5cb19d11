"""Addresses of the portal."""

from django.urls import path

from dinh.portal.views import (
    dossiers,
    drafts,
    exemptions,
    files,
    home,
    papers,
    payments,
    results,
    supplements,
    tracking,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("thu-tuc/", home.procedures, name="procedures"),
    path("thu-tuc/<str:code>/", home.procedure, name="procedure"),
    path("thu-tuc/<str:code>/nop/", drafts.start, name="start"),
    path("nop-ho-so/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("nop-ho-so/<uuid:draft_id>/co-quan/", drafts.agency, name="agency"),
    path("nop-ho-so/<uuid:draft_id>/khai/<str:page>/", drafts.answers, name="answers"),
    path("nop-ho-so/<uuid:draft_id>/giay-to/", papers.papers, name="papers"),
    path("nop-ho-so/<uuid:draft_id>/giay-to/<str:key>/", papers.upload, name="upload"),
    path("nop-ho-so/<uuid:draft_id>/mien-giam/", exemptions.exemption, name="exemption"),
    path("nop-ho-so/<uuid:draft_id>/kiem-tra/", drafts.check, name="check"),
    path("nop-ho-so/<uuid:draft_id>/nop/", drafts.send, name="send"),
    path("nop-ho-so/<uuid:draft_id>/bo/", drafts.discard, name="discard"),
    path("nop-ho-so/tep/<uuid:draft_file_id>/", files.draft_file, name="draft-file"),
    path("ho-so-cua-toi/", dossiers.dossiers, name="dossiers"),
    path("ho-so-cua-toi/<uuid:dossier_id>/", dossiers.dossier, name="dossier"),
    path("ho-so-cua-toi/<uuid:dossier_id>/da-nop/", dossiers.sent, name="sent"),
    path("ho-so-cua-toi/<uuid:dossier_id>/bien-nhan/", dossiers.proof, name="proof"),
    path("ho-so-cua-toi/<uuid:dossier_id>/rut/", dossiers.withdraw_dossier, name="withdraw"),
    path("ho-so-cua-toi/<uuid:dossier_id>/danh-gia/", dossiers.rate_dossier, name="rate"),
    path("ho-so-cua-toi/<uuid:dossier_id>/bo-sung/", supplements.supplement, name="supplement"),
    path("ho-so-cua-toi/<uuid:dossier_id>/bo-sung/<str:key>/", supplements.upload, name="supplement-upload"),
    path("ho-so-cua-toi/<uuid:dossier_id>/ket-qua/", files.result_file, name="result-file"),
    path("ho-so-cua-toi/<uuid:dossier_id>/chu-ky/", results.own_signatures, name="signatures"),
    path("ho-so-cua-toi/giay-to/<uuid:part_id>/", files.part_file, name="part-file"),
    path("ho-so-cua-toi/van-ban/<uuid:paper_id>/", files.paper_file, name="paper-file"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phi/", payments.fees, name="fees"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phi/<uuid:order_id>/", payments.order, name="order"),
    path("thanh-toan/bao-co/<str:provider>/", payments.notice, name="payment-notice"),
    path("ben-thanh-toan-mau/<str:order_code>/", payments.sample_bank, name="sample-bank"),
    path("tra-cuu/", tracking.track_dossier, name="track"),
    path("kiem-tra-ket-qua/", results.check_result, name="check-result"),
]
