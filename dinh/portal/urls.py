"""Addresses of the portal."""

from django.urls import path

from dinh.portal.views import (
    dossiers,
    drafts,
    files,
    home,
    own_papers,
    papers,
    pieces,
    queue,
    representation,
    results,
    statistics,
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
    path("nop-ho-so/<uuid:draft_id>/kiem-tra/", drafts.check, name="check"),
    path("nop-ho-so/<uuid:draft_id>/nop/", drafts.send, name="send"),
    path("nop-ho-so/<uuid:draft_id>/bo/", drafts.discard, name="discard"),
    path("nop-ho-so/tep/<uuid:draft_file_id>/", files.draft_file, name="draft-file"),
    path("tai-len/", pieces.begin, name="upload-begin"),
    path("tai-len/<uuid:upload_id>/", pieces.one_upload, name="upload-piece"),
    path("dai-dien/", representation.represented, name="represented"),
    path("dai-dien/them/", representation.add, name="representation-add"),
    path("dai-dien/<uuid:representation_id>/cham-dut/", representation.end, name="representation-end"),
    path(
        "dai-dien/<uuid:representation_id>/giay-to/", representation.proof_file, name="representation-proof"
    ),
    path("giay-to-cua-toi/", own_papers.kept_papers, name="kept-papers"),
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
    path("lay-so/", queue.choose_desk, name="queue"),
    path("lay-so/<str:code>/", queue.draw, name="queue-draw"),
    path("lay-so/<str:code>/bang-goi/", queue.board, name="queue-board"),
    path("so-cua-toi/<uuid:number_id>/", queue.number, name="queue-number"),
    path("so-cua-toi/<uuid:number_id>/bo/", queue.leave, name="queue-leave"),
    path("thong-ke/", statistics.statistics, name="statistics"),
    path("tra-cuu/", tracking.track_dossier, name="track"),
    path("kiem-tra-ket-qua/", results.check_result, name="check-result"),
]
