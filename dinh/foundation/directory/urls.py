"""Addresses of the directory's screens."""

from django.urls import path

from dinh.foundation.directory.views import imports, people, rights, units

app_name = "directory"
urlpatterns = [
    path("quan-tri/don-vi/", units.unit_tree, name="units"),
    path("quan-tri/don-vi/goi-y/", units.suggest_units, name="suggest-units"),
    path("quan-tri/don-vi/<uuid:unit_id>/", units.unit_page, name="unit"),
    path("quan-tri/don-vi/<uuid:parent_id>/them/", units.add_unit, name="add-unit"),
    path("quan-tri/don-vi/<uuid:unit_id>/tach/", units.separate_unit, name="separate-unit"),
    path("quan-tri/don-vi/<uuid:unit_id>/chuc-vu/them/", people.add_position, name="add-position"),
    path("quan-tri/don-vi/<uuid:unit_id>/tham-quyen-ky/", rights.authority_list, name="authorities"),
    path("quan-tri/don-vi/<uuid:unit_id>/tham-quyen-ky/them/", rights.add_authority, name="add-authority"),
    path("quan-tri/don-vi/<uuid:unit_id>/<slug:what>/", units.change_unit, name="change-unit"),
    path("quan-tri/ke-hoach-sap-xep/", units.plan_list, name="plans"),
    path("quan-tri/ke-hoach-sap-xep/<uuid:plan_id>/huy/", units.cancel_plan, name="cancel-plan"),
    path("quan-tri/can-bo/", people.person_list, name="people"),
    path("quan-tri/can-bo/them/", people.add_person, name="add-person"),
    path("quan-tri/can-bo/<uuid:person_id>/", people.person_page, name="person"),
    path("quan-tri/can-bo/<uuid:person_id>/sua/", people.change_person, name="change-person"),
    path("quan-tri/chuc-vu/<uuid:position_id>/", people.position_page, name="position"),
    path("quan-tri/chuc-vu/<uuid:position_id>/sua/", people.change_position, name="change-position"),
    path("quan-tri/chuc-vu/<uuid:position_id>/ket-thuc/", people.close_position, name="close-position"),
    path("quan-tri/chuc-vu/<uuid:position_id>/bo-nhiem/", people.appoint, name="appoint"),
    path("quan-tri/bo-nhiem/<int:appointment_id>/ket-thuc/", people.end_appointment, name="end-appointment"),
    path("quan-tri/chuc-vu/<uuid:position_id>/cap-vai-tro/", rights.grant_role, name="grant-role"),
    path("quan-tri/vai-tro-da-cap/<int:holding_id>/thu-hoi/", rights.revoke_role, name="revoke-role"),
    path("quan-tri/vai-tro/", rights.role_list, name="roles"),
    path("quan-tri/vai-tro/them/", rights.add_role, name="add-role"),
    path("quan-tri/vai-tro/<uuid:role_id>/", rights.change_role, name="role"),
    path(
        "quan-tri/tham-quyen-ky/<uuid:authority_id>/ket-thuc/", rights.revoke_authority, name="end-authority"
    ),
    path("quan-tri/nhap-danh-sach/", imports.imports_page, name="imports"),
    path("quan-tri/nhap-danh-sach/mau/<slug:kind>.csv", imports.import_template, name="import-template"),
    path("quan-tri/nhap-danh-sach/<uuid:batch_id>/", imports.import_page, name="import"),
    path("quan-tri/nhap-danh-sach/<uuid:batch_id>/xac-nhan/", imports.confirm_import, name="confirm-import"),
    path("quan-tri/nhap-danh-sach/<uuid:batch_id>/bo/", imports.drop_import, name="drop-import"),
    path("quan-tri/vi-sao/", rights.why, name="why"),
    path("lam-viec/quyen-cua-toi/", rights.my_rights, name="my-rights"),
    path("lam-viec/quyen-cua-toi/<uuid:notice_id>/xac-nhan/", rights.confirm_notice, name="confirm-notice"),
]
