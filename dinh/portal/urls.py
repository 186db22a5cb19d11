"""Addresses of the portal."""

from django.urls import include, path

from dinh.portal.views import (
    archive,
    carrying,
    consultations,
    content,
    desk_consultations,
    desk_content,
    desk_petitions,
    dossiers,
    drafts,
    exemptions,
    files,
    home,
    machines,
    offered,
    own_papers,
    papers,
    payments,
    petitions,
    pieces,
    queue,
    representation,
    results,
    returning,
    statistics,
    supplements,
    talk,
    tracking,
    visits,
)

app_name = "portal"

_petitions = [
    path("", petitions.petition_list, name="petitions"),
    path("gui/", petitions.send, name="petition-send"),
    path("theo-doi/", petitions.follow, name="petition-follow"),
    path("cua-toi/", petitions.own_list, name="petitions-own"),
    path("cua-toi/<str:code>/", petitions.own, name="petition-own"),
    path("<str:code>/", petitions.petition_page, name="petition"),
    path("<str:code>/danh-gia/", petitions.rate, name="petition-rate"),
]
_desk_petitions = [
    path("", desk_petitions.desk, name="desk-petitions"),
    path("<uuid:petition_id>/", desk_petitions.petition, name="desk-petition"),
    path("<uuid:petition_id>/chuyen/", desk_petitions.assign, name="desk-petition-assign"),
    path("<uuid:petition_id>/khong-tiep-nhan/", desk_petitions.decline, name="desk-petition-decline"),
    path("<uuid:petition_id>/tra-loi/", desk_petitions.answer, name="desk-petition-answer"),
    path("<uuid:petition_id>/tra-lai/", desk_petitions.send_back, name="desk-petition-back"),
    path("<uuid:petition_id>/duyet/", desk_petitions.approve, name="desk-petition-approve"),
    path("<uuid:petition_id>/cong-khai/", desk_petitions.publish, name="desk-petition-publish"),
]

_content = [
    path("tin-tuc/", content.news, name="news"),
    path("tin-tuc/<slug:slug>/", content.news_item, name="news-item"),
    path("trang/<slug:slug>/", content.page, name="page"),
    path("van-ban/", content.documents, name="documents"),
    path("van-ban/<slug:slug>/", content.document, name="document"),
    path("noi-dung/<uuid:version_id>/<slug:part>/", content.file, name="post-file"),
]
_desk_content = [
    path("", desk_content.content_list, name="desk-content"),
    path("them/<slug:kind>/", desk_content.add, name="desk-content-add"),
    path("<uuid:post_id>/", desk_content.post, name="desk-post"),
    path("<uuid:post_id>/sua/", desk_content.edit, name="desk-content-edit"),
    path("<uuid:post_id>/trinh/", desk_content.submit, name="desk-content-submit"),
    path("<uuid:post_id>/tra-lai/", desk_content.send_back, name="desk-content-back"),
    path("<uuid:post_id>/duyet/", desk_content.approve, name="desk-content-approve"),
    path("<uuid:post_id>/go/", desk_content.withdraw, name="desk-content-withdraw"),
    path("<uuid:post_id>/ban/<int:number>/", desk_content.preview, name="desk-content-preview"),
    path("<uuid:post_id>/ban/<int:number>/khoi-phuc/", desk_content.restore, name="desk-content-restore"),
    path(
        "<uuid:post_id>/so-sanh/<int:older>/<int:newer>/", desk_content.compare, name="desk-content-compare"
    ),
]

_consultations = [
    path("", consultations.consultation_list, name="consultations"),
    path("tep/<uuid:consultation_id>/", consultations.draft_file, name="consultation-file"),
    path("<slug:slug>/", consultations.consultation, name="consultation"),
    path("<slug:slug>/gui/", consultations.send, name="comment-send"),
]
_COMMENT = "<uuid:consultation_id>/y-kien/<int:number>/"
_desk_consultations = [
    path("", desk_consultations.consultation_list, name="desk-consultations"),
    path("them/", desk_consultations.add, name="desk-consultation-add"),
    path("<uuid:consultation_id>/", desk_consultations.consultation, name="desk-consultation"),
    path("<uuid:consultation_id>/sua/", desk_consultations.change, name="desk-consultation-change"),
    path("<uuid:consultation_id>/mo/", desk_consultations.open_up, name="desk-consultation-open"),
    path(
        "<uuid:consultation_id>/tong-hop/", desk_consultations.summarise, name="desk-consultation-summarise"
    ),
    path(f"{_COMMENT}xem-xet/", desk_consultations.moderate, name="desk-comment-moderate"),
    path(f"{_COMMENT}tra-loi/", desk_consultations.answer, name="desk-comment-answer"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("thu-tuc/", home.procedures, name="procedures"),
    path("thu-tuc/<str:code>/", home.procedure, name="procedure"),
    path("thu-tuc/<str:code>/mau-don/<str:key>/", files.blank_form, name="blank-form"),
    path("thu-tuc/<str:code>/nop/", drafts.start, name="start"),
    path("nop-ho-so/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("nop-ho-so/<uuid:draft_id>/mau-moi/", carrying.newer_version, name="newer-version"),
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
    path("lich-hen/", visits.visits, name="visits"),
    path("lich-hen/dat/", visits.choose_visit_desk, name="visit-desks"),
    path("lich-hen/dat/<str:code>/", visits.book, name="visit-book"),
    path("lich-hen/<uuid:visit_id>/doi/", visits.move, name="visit-move"),
    path("lich-hen/<uuid:visit_id>/huy/", visits.cancel, name="visit-cancel"),
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
    path("ho-so-cua-toi/<uuid:dossier_id>/tai-tat-ca/", archive.whole_dossier, name="archive"),
    path("ho-so-cua-toi/<uuid:dossier_id>/trao-doi/", talk.talk, name="talk"),
    path("ho-so-cua-toi/<uuid:dossier_id>/nhan-ket-qua/", returning.returning, name="returning"),
    path("ho-so-cua-toi/<uuid:dossier_id>/rut/", dossiers.withdraw_dossier, name="withdraw"),
    path("ho-so-cua-toi/<uuid:dossier_id>/danh-gia/", dossiers.rate_dossier, name="rate"),
    path("ho-so-cua-toi/<uuid:dossier_id>/bo-sung/", supplements.supplement, name="supplement"),
    path("ho-so-cua-toi/<uuid:dossier_id>/bo-sung/<str:key>/", supplements.upload, name="supplement-upload"),
    path("ho-so-cua-toi/<uuid:dossier_id>/ket-qua/", files.result_file, name="result-file"),
    path(
        "ho-so-cua-toi/<uuid:dossier_id>/ket-qua/<uuid:result_id>/", files.result_file, name="one-result-file"
    ),
    path(
        "ho-so-cua-toi/<uuid:dossier_id>/chu-ky/<uuid:result_id>/",
        results.own_signatures,
        name="one-signatures",
    ),
    path("ho-so-cua-toi/kem-theo/<uuid:enclosure_id>/", files.enclosure_file, name="enclosure-file"),
    path("ho-so-cua-toi/<uuid:dossier_id>/chu-ky/", results.own_signatures, name="signatures"),
    path("ho-so-cua-toi/giay-to/<uuid:part_id>/", files.part_file, name="part-file"),
    path("ho-so-cua-toi/van-ban/<uuid:paper_id>/", files.paper_file, name="paper-file"),
    path("xac-nhan-to-khai/<str:key>/", offered.offered, name="offered"),
    path("lay-so/", queue.choose_desk, name="queue"),
    path("lay-so/<str:code>/", queue.draw, name="queue-draw"),
    path("lay-so/<str:code>/bang-goi/", queue.board, name="queue-board"),
    path("so-cua-toi/<uuid:number_id>/", queue.number, name="queue-number"),
    path("so-cua-toi/<uuid:number_id>/bo/", queue.leave, name="queue-leave"),
    path("nop-ho-so/<uuid:draft_id>/mien-giam/", exemptions.exemption, name="exemption"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phi/", payments.fees, name="fees"),
    path("ho-so-cua-toi/<uuid:dossier_id>/phi/<uuid:order_id>/", payments.order, name="order"),
    path("thanh-toan/bao-co/<str:provider>/", payments.notice, name="payment-notice"),
    path("ben-thanh-toan-mau/<str:order_code>/", payments.sample_bank, name="sample-bank"),
    path("thong-ke/", statistics.statistics, name="statistics"),
    path("tra-cuu/", tracking.track_dossier, name="track"),
    path("kiem-tra-ket-qua/", results.check_result, name="check-result"),
    path("phan-anh/", include(_petitions)),
    path("lam-viec/phan-anh/", include(_desk_petitions)),
    path("", include(_content)),
    path("lam-viec/noi-dung/", include(_desk_content)),
    path("so-do/", machines.site_map, name="site-map"),
    path("sitemap.xml", machines.site_map_xml, name="site-map-xml"),
    path("robots.txt", machines.robots, name="robots"),
    path("opensearch.xml", machines.open_search, name="open-search"),
    path("tin-tuc.rss", machines.feed, name="feed"),
    path("gop-y/", include(_consultations)),
    path("lam-viec/gop-y/", include(_desk_consultations)),
]
