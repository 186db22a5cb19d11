"""The applicant is told that something is to be mended before the appraisal is repeated."""

from dinh.foundation.actions.public import handles
from dinh.kernel.errors import N_
from dinh.onestop.events import RemedyAsked
from dinh.onestop.handlers.telling import applicant_template, tell_applicant

__all__ = ["tell_remedy"]

REMEDY = applicant_template(
    "dossier.remedy_asked",
    label=N_("Yêu cầu khắc phục để thẩm định lại"),
    subject="Hồ sơ {dossier}: cần khắc phục để thẩm định lại",
    body="Kính gửi Ông/Bà {name}. Thẩm định lần đầu hồ sơ {dossier} chưa đạt. Nội dung cần khắc phục xem tại:"
    " {link}. Khắc phục xong, Ông/Bà báo cơ quan giải quyết để thẩm định lại; thời gian này không tính vào"
    " thời hạn giải quyết.",
    sms="Ho so {dossier} can khac phuc de tham dinh lai. Theo doi tai: {follow}",
    is_required=True,
)


@handles(RemedyAsked)
def tell_remedy(event: RemedyAsked) -> None:
    tell_applicant(event.dossier_id, REMEDY.code)
