"""Addresses of the workspace."""

from django.urls import include, path

from dinh.workspace.views import (
    apologies,
    batches,
    books,
    counter,
    dossiers,
    files,
    lists,
    national,
    overview,
    panels,
    payments,
    procedures,
    queue,
    reports,
    returns,
    steps,
)

app_name = "workspace"

_work = [
    path("", lists.work, name="work"),
    path("tong-quan/", overview.overview_page, name="overview"),
    path("viec/<uuid:step_id>/", panels.step, name="panel"),
    path("cung-luc/", batches.batch, name="batch"),
    path("cung-luc/ky/", batches.sign_batch, name="sign-batch"),
    path("ho-so/", lists.dossiers, name="dossiers"),
    path("ho-so/xuat.csv", lists.export, name="export"),
    path("tim/", lists.search, name="search"),
    path("ho-so/<uuid:dossier_id>/", dossiers.dossier, name="dossier"),
    path("ho-so/<uuid:dossier_id>/tiep-nhan/", dossiers.accept_dossier, name="accept"),
    path("ho-so/<uuid:dossier_id>/bo-sung/", dossiers.supplement, name="supplement"),
    path("ho-so/<uuid:dossier_id>/tu-choi/", dossiers.refuse_dossier, name="refuse"),
    path("goi-so/", queue.queue, name="queue"),
    path("goi-so/tiep/", queue.queue_next, name="queue-next"),
    path("goi-so/<uuid:number_id>/goi-lai/", queue.queue_again, name="queue-again"),
    path("goi-so/<uuid:number_id>/<str:verb>/", queue.queue_end, name="queue-end"),
    path("xin-loi/", apologies.apologies, name="apologies"),
    path("ho-so/<uuid:dossier_id>/xin-loi/", apologies.apology, name="apology"),
    path("ho-so/<uuid:dossier_id>/van-ban/", dossiers.agency_papers, name="agency-papers"),
    path("ho-so/<uuid:dossier_id>/ket-qua/", files.result_file, name="result-file"),
    path("giay-to/<uuid:part_id>/", files.part_file, name="part-file"),
    path("van-ban/<uuid:paper_id>/", files.paper_file, name="paper-file"),
    path("buoc/<uuid:step_id>/y-kien/", files.opinion_file, name="opinion-file"),
    path("buoc/<uuid:step_id>/nhan/", steps.claim_step, name="claim"),
    path("buoc/<uuid:step_id>/tra-lai/", steps.release_step, name="release"),
    path("buoc/<uuid:step_id>/tra-buoc/", returns.send_back, name="send-back"),
    path("buoc/<uuid:step_id>/de-nghi-tra-buoc/", returns.ask_to_send_back, name="ask-back"),
    path("buoc/<uuid:step_id>/hoan-tac/", steps.undo_step, name="undo"),
    path("tra-buoc/<uuid:return_id>/dong-y/", returns.approve, name="return-approve"),
    path("tra-buoc/<uuid:return_id>/khong-dong-y/", returns.decline, name="return-decline"),
    path("buoc/<uuid:step_id>/giao/", steps.assign_step, name="assign"),
    path("buoc/<uuid:step_id>/xu-ly/", steps.complete_step, name="complete"),
    path("buoc/<uuid:step_id>/du-thao/", steps.draft_step, name="draft"),
    path("buoc/<uuid:step_id>/ky/", steps.sign_step, name="sign"),
    path("buoc/<uuid:step_id>/phat-hanh/", steps.issue_step, name="issue"),
    path("buoc/<uuid:step_id>/tra-ket-qua/", steps.return_step, name="return"),
    path("buoc/<uuid:step_id>/thong-bao-tu-choi/", steps.announce_step, name="announce"),
    path("ho-so/<uuid:dossier_id>/phi/", payments.fees, name="fees"),
    path("ho-so/<uuid:dossier_id>/thu-phi/", payments.collect, name="collect"),
    path("ho-so/<uuid:dossier_id>/ma-qr/", payments.show_code, name="show-code"),
    path("ho-so/<uuid:dossier_id>/mien-giam/", payments.decide, name="exemption"),
    path("ho-so/<uuid:dossier_id>/mien-giam/giay-to/", payments.proof, name="exemption-proof"),
    path("ho-so/<uuid:dossier_id>/hoan-phi/", payments.give_back, name="ask-refund"),
    path("ho-so/<uuid:dossier_id>/hoan-phi/<uuid:refund_id>/", payments.hand_out, name="hand-out"),
    path("lenh/<uuid:order_id>/", payments.order, name="order"),
    path("so-quy/", books.book, name="cash-book"),
    path("hoan-phi/", books.refunds, name="refunds"),
    path("hoan-phi/<uuid:refund_id>/duyet/", books.approve, name="approve-refund"),
    path("hoan-phi/<uuid:refund_id>/khong-duyet/", books.decline, name="decline-refund"),
    path("khoan-thu/xuat.csv", books.payments_export, name="payments-export"),
    path("doi-soat/", books.comparisons, name="comparisons"),
    path("doi-soat/<uuid:reconciliation_id>/", books.comparison, name="comparison"),
    path("doi-soat/<uuid:reconciliation_id>/xuat.csv", books.comparison_export, name="comparison-export"),
    path("chenh-lech/<uuid:difference_id>/nhan/", books.claim, name="claim-difference"),
    path("chenh-lech/<uuid:difference_id>/xu-ly/", books.settle, name="settle-difference"),
    path("tai-khoan-thu/", books.accounts, name="accounts"),
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
