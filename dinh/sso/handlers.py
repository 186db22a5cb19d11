"""What sign-in tells people."""

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.directory.events import ContactChanged
from dinh.foundation.notify.public import ToAddress, message_template, notify
from dinh.kernel.errors import N_

__all__ = ["tell_former_contact"]

message_template(
    "account.password_reset",
    label=N_("Liên kết đặt lại mật khẩu"),
    topic="account",
    subject="Đặt lại mật khẩu",
    body="Kính gửi Ông/Bà {name}. Hệ thống nhận được yêu cầu đặt lại mật khẩu tài khoản của Ông/Bà."
    " Trong 30 phút, hãy đặt mật khẩu mới tại: {link}\n\n"
    "Nếu Ông/Bà không yêu cầu, xin bỏ qua tin này: mật khẩu vẫn như cũ. Không chuyển liên kết cho bất kỳ ai.",
    sms="Dat lai mat khau trong 30 phut tai: {link} Khong yeu cau thi bo qua tin nay.",
    is_required=True,
)
CHANGED = message_template(
    "account.contact_changed",
    label=N_("Nơi nhận tin đã đổi"),
    topic="account",
    subject="Nơi nhận tin của Ông/Bà đã đổi",
    body="Kính gửi Ông/Bà {name}. Số điện thoại hoặc thư điện tử trong tài khoản của Ông/Bà vừa được đổi;"
    " tin về hồ sơ không gửi tới nơi này nữa.\n\n"
    "Nếu Ông/Bà không đổi, hãy đặt lại mật khẩu ngay và báo cho cơ quan. Quản lý tài khoản tại: {link}",
    sms="Noi nhan tin cua Ong/Ba vua duoc doi. Neu khong phai Ong/Ba doi, hay doi mat khau ngay.",
    is_required=True,
)

message_template(
    "account.identity_linked",
    label=N_("Đã liên kết với Cổng Dịch vụ công quốc gia"),
    topic="account",
    subject="Đã liên kết với Cổng Dịch vụ công quốc gia",
    body="Kính gửi Ông/Bà {name}. Từ nay một tài khoản của Cổng Dịch vụ công quốc gia đăng nhập được vào"
    " tài khoản của Ông/Bà ở đây.\n\n"
    "Nếu không phải Ông/Bà, hãy gỡ liên kết, đổi mật khẩu và báo cho cơ quan: {link}",
    sms="Tai khoan vua lien ket voi Cong DVC quoc gia. Neu khong phai Ong/Ba, hay doi mat khau ngay.",
    is_required=True,
)
message_template(
    "account.identity_unlinked",
    label=N_("Đã gỡ liên kết với Cổng Dịch vụ công quốc gia"),
    topic="account",
    subject="Đã gỡ liên kết với Cổng Dịch vụ công quốc gia",
    body="Kính gửi Ông/Bà {name}. Tài khoản của Ông/Bà không còn đăng nhập qua Cổng Dịch vụ công quốc gia."
    "\n\nNếu không phải Ông/Bà gỡ, hãy đổi mật khẩu và báo cho cơ quan: {link}",
    sms="Lien ket voi Cong DVC quoc gia vua duoc go. Neu khong phai Ong/Ba, hay doi mat khau ngay.",
    is_required=True,
)


@handles(ContactChanged)
def tell_former_contact(event: ContactChanged) -> None:
    """Tell the place where the person was reached until now: who took over an account cannot hide it."""
    if event.former_email or event.former_phone:
        former = ToAddress(name=event.full_name, email=event.former_email, phone=event.former_phone)
        notify(former, CHANGED.code, {"link": "/thong-tin-cua-toi/"}, now=timezone.now())
