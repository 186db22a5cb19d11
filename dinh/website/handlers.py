"""Who runs the province is told when something about the whole house is wrong."""

from django.urls import reverse
from django.utils import timezone

from dinh.foundation.actions.events import AuditFoundBroken
from dinh.foundation.actions.public import handles
from dinh.foundation.directory.public import people_with_permission
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_

__all__ = ["warn_of_broken_log"]

BROKEN = message_template(
    "audit.broken",
    label=N_("Nhật ký hệ thống đã bị thay đổi"),
    topic="system",
    subject="Nhật ký hệ thống đã bị thay đổi sau khi niêm phong",
    body="Kính gửi Ông/Bà {name}. Lần kiểm tra vừa xong phát hiện nhật ký hệ thống không còn đúng như khi"
    " niêm phong. Hãy giữ nguyên máy chủ, bản sao lưu và xem chỗ bị thay đổi tại: {link}",
    sms="Nhat ky he thong da bi thay doi sau khi niem phong. Vui long dang nhap de xem.",
    is_required=True,
)


@handles(AuditFoundBroken)
def warn_of_broken_log(event: AuditFoundBroken) -> None:
    """Tell everybody who keeps watch over the log or looks after the system."""
    link = reverse("actions:proof", kwargs={"verification_id": event.verification_id})
    told = {
        one.person_id for code in ("audit.read", "website.see_health") for one in people_with_permission(code)
    }
    for person_id in sorted(told):
        notify(
            person_id,
            BROKEN.code,
            {"link": link},
            now=timezone.now(),
            once_key=f"audit:{event.verification_id}",
        )
