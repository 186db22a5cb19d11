"""Addresses of the workspace."""

from django.urls import include, path

from dinh.workspace.views import (
    absences,
    apologies,
    batches,
    counter,
    dossiers,
    exports,
    files,
    indicators,
    lists,
    mirrors,
    national,
    overview,
    panels,
    procedures,
    queue,
    registers,
    reports,
    returns,
    slips,
    steps,
    talk,
    visits,
    watching,
)
from dinh.workspace.views.workshop import exchange as workshop_exchange
from dinh.workspace.views.workshop import form as workshop_form
from dinh.workspace.views.workshop import parts as workshop_parts
from dinh.workspace.views.workshop import result as workshop_result
from dinh.workspace.views.workshop import start as workshop
from dinh.workspace.views.workshop import steps as workshop_steps

app_name = "workspace"

_work = [
    path("", lists.work, name="work"),
    path("tong-quan/", overview.overview_page, name="overview"),
    path("viec/<uuid:step_id>/", panels.step, name="panel"),
    path("giam-sat/", watching.watch, name="watch"),
    path("vang-mat/", absences.absences, name="absences"),
    path("vang-mat/chuc-vu/<uuid:position_id>/", absences.mark, name="absence-mark"),
    path("vang-mat/<uuid:absence_id>/ket-thuc/", absences.end, name="absence-end"),
    path("cung-luc/", batches.batch, name="batch"),
    path("cung-luc/ky/", batches.sign_batch, name="sign-batch"),
    path("ho-so/", lists.dossiers, name="dossiers"),
    path("ho-so/xuat.csv", lists.export, name="export"),
    path("ho-so/xuat/", exports.export_dossiers, name="dossiers-export"),
    path("tep-xuat/", exports.exports_page, name="exports"),
    path("tep-xuat/<uuid:export_id>/", exports.export_file, name="export-file"),
    path("tep-xuat/<uuid:export_id>/bo/", exports.drop, name="export-drop"),
    path("tim/", lists.search, name="search"),
    path("ho-so-he-thong-khac/", mirrors.mirrors, name="mirrors"),
    path("ho-so-he-thong-khac/<uuid:mirror_id>/", mirrors.mirror, name="mirror"),
    path("ho-so/<uuid:dossier_id>/", dossiers.dossier, name="dossier"),
    path("ho-so/<uuid:dossier_id>/tiep-nhan/", dossiers.accept_dossier, name="accept"),
    path("ho-so/<uuid:dossier_id>/bo-sung/", dossiers.supplement, name="supplement"),
    path("ho-so/<uuid:dossier_id>/tu-choi/", dossiers.refuse_dossier, name="refuse"),
    path("ho-so/<uuid:dossier_id>/thu-phi/", dossiers.collect, name="collect"),
    path("lich-hen/", visits.day, name="visits"),
    path("lich-hen/ke-hoach/", visits.plan, name="visit-plan"),
    path("lich-hen/<uuid:visit_id>/<str:verb>/", visits.attend, name="visit-attend"),
    path("goi-so/", queue.queue, name="queue"),
    path("goi-so/tiep/", queue.queue_next, name="queue-next"),
    path("goi-so/<uuid:number_id>/goi-lai/", queue.queue_again, name="queue-again"),
    path("goi-so/<uuid:number_id>/<str:verb>/", queue.queue_end, name="queue-end"),
    path("xin-loi/", apologies.apologies, name="apologies"),
    path("ho-so/<uuid:dossier_id>/xin-loi/", apologies.apology, name="apology"),
    path("ho-so/<uuid:dossier_id>/kiem-soat/", slips.slip, name="slip"),
    path("so-theo-doi/", registers.register, name="register"),
    path("so-theo-doi/in/", registers.print_register, name="register-print"),
    path("so-theo-doi/ban-in/", registers.prints, name="register-prints"),
    path("so-theo-doi/ban-in/<uuid:print_id>/", registers.print_file, name="register-file"),
    path("ho-so/<uuid:dossier_id>/van-ban/", dossiers.agency_papers, name="agency-papers"),
    path("ho-so/<uuid:dossier_id>/ket-qua/", files.result_file, name="result-file"),
    path("giay-to/<uuid:part_id>/", files.part_file, name="part-file"),
    path("van-ban/<uuid:paper_id>/", files.paper_file, name="paper-file"),
    path("buoc/<uuid:step_id>/y-kien/", files.opinion_file, name="opinion-file"),
    path("buoc/<uuid:step_id>/nhan/", steps.claim_step, name="claim"),
    path("buoc/<uuid:step_id>/tra-lai/", steps.release_step, name="release"),
    path("ho-so/<uuid:dossier_id>/nhan-tin/", talk.send, name="message"),
    path("ho-so/<uuid:dossier_id>/ghi-chu/", talk.note, name="note"),
    path("ho-so/<uuid:dossier_id>/dung/", dossiers.stop_dossier, name="stop"),
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
    path("tiep-nhan/", counter.choose, name="counter"),
    path("tiep-nhan/xac-nhan/<uuid:form_id>/", counter.offered, name="offered"),
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

_question = "<uuid:version_id>/soan/to-khai/cau-hoi/"
_section = "<uuid:version_id>/soan/to-khai/phan/"
_part = "<uuid:version_id>/soan/phan/<str:part>/"
_way = "<uuid:version_id>/soan/quy-trinh/<str:step>/huong/"
_workshop = [
    path("<uuid:version_id>/so-sanh/", workshop_exchange.comparison, name="procedure-compare"),
    path("<uuid:version_id>/quy-trinh.bpmn", workshop_exchange.diagram_file, name="procedure-diagram"),
    path("<uuid:version_id>/soan/quy-trinh/bpmn/", workshop_exchange.upload_diagram, name="workshop-diagram"),
    path("<uuid:version_id>/soan/thay/", workshop_exchange.upload_definition, name="workshop-replace"),
    path("moi/", workshop.begin, name="workshop-begin"),
    path("<uuid:version_id>/sao/", workshop.copy_draft, name="workshop-copy"),
    path("<uuid:version_id>/soan/", workshop.overview, name="workshop"),
    path("<uuid:version_id>/soan/thong-tin/", workshop.general, name="workshop-general"),
    path("<uuid:version_id>/soan/to-khai/", workshop_form.builder, name="workshop-form"),
    path("<uuid:version_id>/soan/to-khai/xem/", workshop_form.preview, name="workshop-preview"),
    path(f"{_question}", workshop_form.add_question, name="workshop-question-add"),
    path(f"{_question}<str:path>/", workshop_form.change_question, name="workshop-question"),
    path(f"{_question}<str:path>/chuyen/", workshop_form.move_question, name="workshop-question-move"),
    path(f"{_question}<str:path>/bo/", workshop_form.remove_question, name="workshop-question-remove"),
    path(f"{_section}", workshop_form.add_section, name="workshop-section-add"),
    path(f"{_section}<str:key>/", workshop_form.change_section, name="workshop-section"),
    path(f"{_section}<str:key>/chuyen/", workshop_form.move_section, name="workshop-section-move"),
    path(f"{_section}<str:key>/bo/", workshop_form.remove_section, name="workshop-section-remove"),
    path("<uuid:version_id>/soan/giay-to/", workshop_parts.documents, name="workshop-documents"),
    path("<uuid:version_id>/soan/le-phi/", workshop_parts.fees, name="workshop-fees"),
    path("<uuid:version_id>/soan/quy-trinh/", workshop_steps.steps, name="workshop-steps"),
    path("<uuid:version_id>/mau-don/<str:key>/", workshop_parts.blank_file, name="procedure-blank"),
    path("<uuid:version_id>/soan/mau-don/<str:key>/", workshop_parts.put_blank, name="workshop-blank"),
    path(f"{_part}", workshop_parts.add_part, name="workshop-part-add"),
    path(f"{_part}<str:key>/", workshop_parts.change_part, name="workshop-part"),
    path(f"{_part}<str:key>/chuyen/", workshop_parts.move_part, name="workshop-part-move"),
    path(f"{_part}<str:key>/bo/", workshop_parts.remove_part, name="workshop-part-remove"),
    path(f"{_way}", workshop_steps.add_way, name="workshop-way-add"),
    path(f"{_way}<str:key>/", workshop_steps.change_way, name="workshop-way"),
    path(f"{_way}<str:key>/chuyen/", workshop_steps.move_way, name="workshop-way-move"),
    path(f"{_way}<str:key>/bo/", workshop_steps.remove_way, name="workshop-way-remove"),
    path("<uuid:version_id>/soan/ket-qua/", workshop_result.result, name="workshop-result"),
    path(
        "<uuid:version_id>/soan/ket-qua/xem.pdf",
        workshop_result.result_preview,
        name="workshop-result-preview",
    ),
    path("<uuid:version_id>/soan/lich-su/", workshop.history, name="workshop-history"),
    path("<uuid:version_id>/soan/lich-su/<int:number>/tro-lai/", workshop.restore, name="workshop-restore"),
    path("<uuid:version_id>/soan/hoan-tac/", workshop.undo, name="workshop-undo"),
    path("<uuid:version_id>/soan/bo/", workshop.discard, name="workshop-discard"),
]

_reports = [
    path("", reports.result_report_page, name="report"),
    path("doi-soat/", reports.checks, name="figure-checks"),
    path("xuat/", exports.export_report, name="report-export"),
    path("07/", reports.causes, name="causes"),
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

_systems = [
    path("", mirrors.systems, name="systems"),
    path("mo/", mirrors.open_connection, name="system-open"),
    path("chenh-lech/", mirrors.differences, name="differences"),
    path("chenh-lech/<uuid:difference_id>/", mirrors.settle, name="difference-settle"),
    path("<uuid:source_id>/", mirrors.system, name="system"),
    path("<uuid:source_id>/tai-len/", mirrors.upload, name="system-upload"),
    path("<uuid:source_id>/khoa/", mirrors.renew_key, name="system-key"),
    path("<uuid:source_id>/dong/", mirrors.close, name="system-close"),
    path("<uuid:source_id>/doi-chieu/", mirrors.compare_now, name="system-compare"),
]

urlpatterns = [
    path("lam-viec/", include(_work)),
    path("quan-tri/thu-tuc/", include(_procedures + _workshop)),
    path("lam-viec/bao-cao/", include(_reports)),
    path("quan-tri/cong-quoc-gia/", include(_national)),
    path("quan-tri/he-thong-khac/", include(_systems)),
]
