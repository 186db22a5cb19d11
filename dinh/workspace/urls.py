"""Addresses of the workspace."""

from django.urls import include, path

from dinh.workspace.views import (
    counter,
    dossiers,
    exports,
    files,
    indicators,
    lists,
    national,
    overview,
    panels,
    procedures,
    reports,
    steps,
)

app_name = "workspace"

_work = [
    path("", lists.work, name="work"),
    path("tong-quan/", overview.overview_page, name="overview"),
    path("viec/<uuid:step_id>/", panels.step, name="panel"),
    path("ho-so/", lists.dossiers, name="dossiers"),
    path("ho-so/xuat.csv", lists.export, name="export"),
    path("ho-so/xuat/", exports.export_dossiers, name="dossiers-export"),
    path("tep-xuat/", exports.exports_page, name="exports"),
    path("tep-xuat/<uuid:export_id>/", exports.export_file, name="export-file"),
    path("tep-xuat/<uuid:export_id>/bo/", exports.drop, name="export-drop"),
    path("tim/", lists.search, name="search"),
    path("ho-so/<uuid:dossier_id>/", dossiers.dossier, name="dossier"),
    path("ho-so/<uuid:dossier_id>/tiep-nhan/", dossiers.accept_dossier, name="accept"),
    path("ho-so/<uuid:dossier_id>/bo-sung/", dossiers.supplement, name="supplement"),
    path("ho-so/<uuid:dossier_id>/tu-choi/", dossiers.refuse_dossier, name="refuse"),
    path("ho-so/<uuid:dossier_id>/thu-phi/", dossiers.collect, name="collect"),
    path("ho-so/<uuid:dossier_id>/van-ban/", dossiers.agency_papers, name="agency-papers"),
    path("ho-so/<uuid:dossier_id>/ket-qua/", files.result_file, name="result-file"),
    path("giay-to/<uuid:part_id>/", files.part_file, name="part-file"),
    path("van-ban/<uuid:paper_id>/", files.paper_file, name="paper-file"),
    path("buoc/<uuid:step_id>/y-kien/", files.opinion_file, name="opinion-file"),
    path("buoc/<uuid:step_id>/nhan/", steps.claim_step, name="claim"),
    path("buoc/<uuid:step_id>/tra-lai/", steps.release_step, name="release"),
    path("buoc/<uuid:step_id>/xu-ly/", steps.complete_step, name="complete"),
    path("buoc/<uuid:step_id>/du-thao/", steps.draft_step, name="draft"),
    path("buoc/<uuid:step_id>/ky/", steps.sign_step, name="sign"),
    path("buoc/<uuid:step_id>/phat-hanh/", steps.issue_step, name="issue"),
    path("buoc/<uuid:step_id>/tra-ket-qua/", steps.return_step, name="return"),
    path("buoc/<uuid:step_id>/thong-bao-tu-choi/", steps.announce_step, name="announce"),
    path("tiep-nhan/", counter.choose, name="counter"),
    path("tiep-nhan/xong/<uuid:dossier_id>/", counter.received, name="received"),
    path("tiep-nhan/giay-to/<uuid:search_id>/<str:ref>/", counter.found_file, name="found-file"),
    path("tiep-nhan/<str:code>/", counter.receive, name="receive"),
]

_procedures = [
    path("", procedures.procedure_list, name="procedures"),
    path("tai-len/", procedures.upload_draft, name="procedure-upload"),
    path("<uuid:version_id>/", procedures.version_page, name="procedure"),
    path("<uuid:version_id>/cong-bo/", procedures.publish_draft, name="procedure-publish"),
]

_reports = [
    path("", reports.result_report_page, name="report"),
    path("doi-soat/", reports.checks, name="figure-checks"),
    path("xuat/", exports.export_report, name="report-export"),
    path("danh-gia/", indicators.ranking, name="indicators"),
    path("danh-gia/<uuid:agency_id>/", indicators.agency, name="agency-indicators"),
]

_national = [
    path("", national.summary, name="national"),
    path("dong-bo-lai/", national.synchronise, name="national-synchronise"),
    path("ho-so/<uuid:dossier_id>/", national.fates, name="national-dossier"),
    path("tin/<uuid:message_id>/gui-lai/", national.resend, name="national-resend"),
    path("tin/<uuid:message_id>/thay/", national.replace, name="national-replace"),
]

urlpatterns = [
    path("lam-viec/", include(_work)),
    path("lam-viec/bao-cao/", include(_reports)),
    path("quan-tri/thu-tuc/", include(_procedures)),
    path("quan-tri/cong-quoc-gia/", include(_national)),
]
