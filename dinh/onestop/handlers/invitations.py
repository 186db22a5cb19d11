"""The applicant is told when and where they are asked to be."""

from dinh.foundation.actions.public import handles
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_
from dinh.onestop.events import ApplicantInvited
from dinh.onestop.handlers.telling import applicant_template, tell_applicant
from dinh.onestop.public import invitation_of

__all__ = ["tell_invitation"]

TO_SIGN = applicant_template(
    "dossier.invited_to_sign",
    label=N_("Mời người nộp đến ký"),
    subject="Hồ sơ {dossier}: mời Ông/Bà đến ký lúc {time}",
    body="Kính gửi Ông/Bà {name}. {unit} mời Ông/Bà đến ký lúc {time} tại {place}, để giải quyết hồ sơ"
    " {dossier}. Ai phải có mặt, cần mang gì, và báo lại khi không sắp xếp được: {link}",
    more="Người cần có mặt: {people}. {note}",
    sms="Ho so {dossier}: moi Ong/Ba den ky luc {time} tai {place}. Theo doi tai: {follow}",
    fields={"time", "place", "unit", "people", "note"},
    is_required=True,
)
# The place of an inspection may be somebody's home: it is read inside.
INSPECTION = applicant_template(
    "dossier.inspection_set",
    label=N_("Báo người nộp ngày kiểm tra tại nơi"),
    subject="Hồ sơ {dossier}: kiểm tra tại nơi lúc {time}",
    body="Kính gửi Ông/Bà {name}. {unit} sẽ đến kiểm tra tại nơi lúc {time}, để giải quyết hồ sơ {dossier};"
    " mong Ông/Bà có mặt. Địa điểm, ai phải có mặt, và báo lại khi không sắp xếp được: {link}",
    more="Nơi kiểm tra: {place}. {note}",
    sms="Ho so {dossier}: co quan den kiem tra tai noi luc {time}, mong Ong/Ba co mat."
    " Theo doi tai: {follow}",
    fields={"time", "place", "unit", "people", "note"},
    is_required=True,
)
TEMPLATES = {"signing": TO_SIGN.code, "inspection": INSPECTION.code}


@handles(ApplicantInvited)
def tell_invitation(event: ApplicantInvited) -> None:
    row = invitation_of(event.invitation_id)
    meets = row.dossier.version.parts.step(row.step_key).meets
    tell_applicant(
        event.dossier_id,
        TEMPLATES[row.kind],
        time=written_moment(row.at),
        place=row.place,
        unit=row.dossier.agency.name,
        people=(meets.people if meets is not None else "") or "Ông/Bà",  # data: notices are Vietnamese
        note=row.note,
    )
