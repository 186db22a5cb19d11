"""The applicant is told when their dossier is stopped."""

from dinh.foundation.actions.public import handles
from dinh.kernel.errors import N_
from dinh.onestop.events import DossierStopped
from dinh.onestop.handlers.telling import applicant_template, tell_applicant

__all__ = ["tell_stopped"]

STOPPED = applicant_template(
    "dossier.stopped",
    label=N_("Dừng giải quyết hồ sơ"),
    subject="Hồ sơ {dossier} dừng giải quyết",
    body="Kính gửi Ông/Bà {name}. Đã quá thời hạn bổ sung nên cơ quan dừng giải quyết hồ sơ {dossier}. Lý do"
    " xem tại: {link}. Ông/Bà có thể nộp hồ sơ mới bất cứ lúc nào.",
    sms="Ho so {dossier} dung giai quyet vi qua thoi han bo sung. Ly do xem tren Cong dich vu: {follow}",
    is_required=True,
)


@handles(DossierStopped)
def tell_stopped(event: DossierStopped) -> None:
    tell_applicant(event.dossier_id, STOPPED.code)
