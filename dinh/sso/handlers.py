"""What sign-in tells people."""

from dinh.foundation.notify.public import message_template
from dinh.kernel.errors import N_

__all__: list[str] = []

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
