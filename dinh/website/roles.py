"""Ready-made roles: sets of permissions by their stable codes. The sample province begins with them, and a
province that runs already is told what they hold that none of its own roles does (``advice``)."""

from dinh.foundation.directory.public import RoleSeed

__all__ = ["ROLES"]

_READ = ("dossier.read", "work.read", "directory.read")
# Who leads a division or an agency works on steps and says who does them.
_LEADS = (*_READ, "step.work", "step.assign", "absence.mark")

ROLES = (
    RoleSeed(
        code="onestop_clerk",
        name="Cán bộ Bộ phận Tiếp nhận và Trả kết quả",
        permissions=(
            *_READ,
            "dossier.receive",
            "step.work",
            "directory.register",
            "mirror.settle",
            "registry.look_up",
        ),
    ),
    RoleSeed(
        code="onestop_head",
        name="Phụ trách Bộ phận Tiếp nhận và Trả kết quả",
        permissions=(*_READ, "desk.manage", "registry.oversee"),
    ),
    RoleSeed(
        code="specialist", name="Chuyên viên thụ lý", permissions=(*_READ, "step.work", "registry.look_up")
    ),
    RoleSeed(
        code="commune_officer", name="Công chức cấp xã", permissions=(*_READ, "step.work", "registry.look_up")
    ),
    RoleSeed(code="division_head", name="Lãnh đạo phòng", permissions=_LEADS),
    RoleSeed(
        code="committee_leader",
        name="Lãnh đạo Ủy ban nhân dân",
        permissions=(*_READ, "step.work"),
    ),
    # Beside it, for the committee and all below it: a district's leader oversees its communes, and does not
    # take the steps of their leaders.
    RoleSeed(
        code="committee_overseer",
        name="Lãnh đạo phụ trách các đơn vị cấp dưới",
        permissions=(*_READ, "step.assign", "absence.mark", "petition.approve", "report.check"),
    ),
    RoleSeed(
        code="department_leader",
        name="Lãnh đạo Sở",
        permissions=(*_LEADS, "petition.approve", "report.check"),
    ),
    RoleSeed(
        code="records_clerk",
        name="Văn thư cơ quan",
        permissions=(
            *_READ,
            "step.work",
            "signing.use_agency_key",
            "directory.signing",
            "report.prepare",
        ),
    ),
    RoleSeed(
        code="accountant",
        name="Kế toán thu phí, lệ phí",
        permissions=(
            "dossier.read",
            "directory.read",
            "payments.read",
            "payments.reconcile",
            "payments.accounts",
            "refund.approve",
        ),
    ),
    RoleSeed(
        code="province_leader", name="Lãnh đạo Ủy ban nhân dân tỉnh", permissions=(*_READ, "report.check")
    ),
    RoleSeed(
        code="petition_officer",
        name="Cán bộ trả lời phản ánh, kiến nghị",
        permissions=("petition.answer", "directory.read"),
    ),
    RoleSeed(
        code="portal_editor",
        name="Biên tập cổng",
        permissions=(
            "directory.read",
            "petition.pass_on",
            "petition.publish",
            "content.edit",
            "consultation.edit",
        ),
    ),
    RoleSeed(
        code="portal_reviewer",
        name="Trưởng ban biên tập cổng",
        permissions=("directory.read", "content.publish", "consultation.open"),
    ),
    RoleSeed(
        code="procedure_editor",
        name="Cán bộ kiểm soát thủ tục hành chính",
        permissions=("procedure.edit", "directory.read", "national.manage", "outbox.resend"),
    ),
    RoleSeed(
        code="procedure_publisher",
        name="Lãnh đạo công bố thủ tục hành chính",
        permissions=("procedure.publish", "directory.read"),
    ),
    RoleSeed(
        code="administrator",
        name="Quản trị hệ thống",
        permissions=(
            "directory.read",
            "directory.manage",
            "directory.manage_people",
            "directory.grant",
            "directory.roles",
            "directory.signing",
            "signing.manage_keys",
            "calendars.declare",
            "calendars.publish",
            "audit.read",
            "registry.oversee",
            "account.manage",
            "session.end_others",
            "outbox.resend",
            "notify.read",
            "notify.templates",
            "directory.import",
            "website.see_health",
            "national.manage",
        ),
    ),
)
