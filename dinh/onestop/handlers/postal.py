"""Who is told of a parcel: the applicant, wherever they may be reached."""

from dinh.foundation.actions.public import handles
from dinh.kernel.errors import N_
from dinh.onestop.events import ParcelCameBack, ParcelSent
from dinh.onestop.handlers.telling import applicant_template, tell_applicant

__all__ = ["tell_came_back", "tell_sent"]

SENT = applicant_template(
    "parcel.sent",
    label=N_("Kết quả đã giao cho bưu chính"),
    subject="Kết quả hồ sơ {dossier} đã giao cho bưu chính",
    body="Kính gửi Ông/Bà {name}. Kết quả hồ sơ {dossier} đã giao cho bưu chính. Theo dõi tại: {link}",
    more="Số hiệu bưu gửi: {number}.",
    sms="Ket qua ho so {dossier} da giao cho buu chinh. Theo doi: {follow}",
    fields={"number"},
)
CAME_BACK = applicant_template(
    "parcel.came_back",
    label=N_("Bưu chính chuyển hoàn kết quả"),
    subject="Bưu chính chưa phát được kết quả hồ sơ {dossier}",
    body="Kính gửi Ông/Bà {name}. Bưu chính chưa phát được kết quả hồ sơ {dossier} và đã chuyển hoàn."
    " Ông/Bà sửa địa chỉ hoặc chọn nhận tại quầy tại: {link}",
    sms="Buu chinh chua phat duoc ket qua ho so {dossier}. Xin lien he Bo phan mot cua. Theo doi: {follow}",
    is_required=True,
)


@handles(ParcelSent)
def tell_sent(event: ParcelSent) -> None:
    tell_applicant(event.dossier_id, SENT.code, number=event.number)


@handles(ParcelCameBack)
def tell_came_back(event: ParcelCameBack) -> None:
    tell_applicant(event.dossier_id, CAME_BACK.code)
