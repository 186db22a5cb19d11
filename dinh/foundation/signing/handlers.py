"""What follows inside signing itself: jobs, deferred in the transaction of the verb; who is told of keys."""

import datetime as dt

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.directory.public import people_with_permission
from dinh.foundation.notify.public import message_template, notify
from dinh.foundation.signing.events import (
    KeyEnding,
    KeyResumed,
    KeyRevoked,
    KeySuspended,
    PreservationDelayed,
    PreservationRequested,
)
from dinh.foundation.signing.public import MANAGE_KEYS
from dinh.foundation.signing.tasks import preserve
from dinh.kernel.errors import N_

__all__ = [
    "preserve_later",
    "preserve_soon",
    "tell_ending",
    "tell_resumed",
    "tell_revoked",
    "tell_suspended",
]

SUSPENDED = message_template(
    "key.suspended",
    label=N_("Chứng thư số bị tạm dừng"),
    topic="account",
    subject="Chứng thư số của Ông/Bà tạm dừng",
    body="Kính gửi Ông/Bà {name}. Chứng thư số của Ông/Bà tạm dừng từ nay: chưa ký số được cho đến khi"
    " quản trị chữ ký số cho dùng lại. Những văn bản đã ký vẫn có giá trị.",
    more="Lý do: {reason}.",
    fields={"reason"},
    is_required=True,
)
RESUMED = message_template(
    "key.resumed",
    label=N_("Chứng thư số được dùng lại"),
    topic="account",
    subject="Chứng thư số của Ông/Bà dùng lại được",
    body="Kính gửi Ông/Bà {name}. Chứng thư số của Ông/Bà đã hết tạm dừng; từ nay ký số được như trước.",
)
REVOKED = message_template(
    "key.revoked",
    label=N_("Chứng thư số bị thu hồi"),
    topic="account",
    subject="Chứng thư số của Ông/Bà đã bị thu hồi",
    body="Kính gửi Ông/Bà {name}. Chứng thư số của Ông/Bà đã bị thu hồi và không ký được nữa. Muốn ký số, hãy"
    " đề nghị cấp chứng thư mới.",
    more="Lý do: {reason}.",
    fields={"reason"},
    is_required=True,
)
ENDING = message_template(
    "key.ending",
    label=N_("Chứng thư số sắp hết hạn"),
    topic="account",
    subject="Chứng thư số của Ông/Bà hết hạn ngày {time}",
    body="Kính gửi Ông/Bà {name}. Chứng thư số của Ông/Bà hết hạn ngày {time}. Hãy đề nghị cấp chứng thư mới"
    " trước ngày đó; hết hạn thì không ký được nữa, văn bản đã ký vẫn có giá trị.",
    fields={"time"},
    is_required=True,
)
KEYS_ENDING = message_template(
    "key.some_ending",
    label=N_("Có chứng thư số sắp hết hạn"),
    topic="system",
    subject="Có chứng thư số sắp hết hạn",
    body="Kính gửi Ông/Bà {name}. Có chứng thư số của cơ quan hoặc cán bộ sắp hết hạn. Xem danh sách và đề"
    " nghị cấp mới tại: {link}",
)


@handles(PreservationRequested)
def preserve_soon(event: PreservationRequested) -> None:
    preserve.defer(preservation_id=str(event.preservation_id))


@handles(PreservationDelayed)
def preserve_later(event: PreservationDelayed) -> None:
    moment = timezone.now() + dt.timedelta(seconds=event.seconds)
    preserve.defer_at(moment, preservation_id=str(event.preservation_id))


@handles(KeySuspended)
def tell_suspended(event: KeySuspended) -> None:
    """Tell the owner, when it is a person, that the key signs nothing for now."""
    if event.owner_kind == "person":
        notify(event.owner_id, SUSPENDED.code, {"reason": event.reason}, now=timezone.now())


@handles(KeyResumed)
def tell_resumed(event: KeyResumed) -> None:
    """Tell the owner, when it is a person, that the key signs again."""
    if event.owner_kind == "person":
        notify(event.owner_id, RESUMED.code, {}, now=timezone.now())


@handles(KeyRevoked)
def tell_revoked(event: KeyRevoked) -> None:
    """Tell the owner, when it is a person, that the certificate was taken back."""
    if event.owner_kind == "person":
        notify(event.owner_id, REVOKED.code, {"reason": event.reason}, now=timezone.now())


@handles(KeyEnding)
def tell_ending(event: KeyEnding) -> None:
    """Tell a person once a warning; who manages keys once a day, of all of them together."""
    now = timezone.now()
    if event.owner_kind == "person":
        once = f"key:{event.key_id}:{event.days}"
        notify(event.owner_id, ENDING.code, {"time": event.ends_on}, now=now, once_key=once)
    for person_id in {one.person_id for one in people_with_permission(MANAGE_KEYS.code)}:
        once = f"keys-ending:{timezone.localdate(now)}"
        link = "/quan-tri/chu-ky-so/?trang-thai=ending"
        notify(person_id, KEYS_ENDING.code, {"link": link}, now=now, once_key=once)
