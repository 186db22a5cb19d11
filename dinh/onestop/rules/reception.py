"""Who may take a dossier in: the agency that decides, one that the procedure names, or any desk.

NĐ 118/2025/NĐ-CP Art. 14.4: reception does not depend on boundaries; Art. 17.3: then the time limit counts
from when the competent agency has received the dossier.
"""

from collections.abc import Iterable
from typing import Literal

from dinh.kernel.errors import N_, Refused

__all__ = [
    "AlreadyBundled",
    "AlreadyReceived",
    "NotFromElsewhere",
    "NothingToHandOver",
    "ReceptionWay",
    "ScanMissing",
    "SeveralDesks",
    "way_in",
]

# ``own``: the desk's agency decides. ``named``: the procedure says that this desk receives. ``elsewhere``:
# the desk takes it in for the competent agency, whose own desk accepts it.
ReceptionWay = Literal["own", "named", "elsewhere"]


class NotFromElsewhere(Refused):
    message = N_(
        "Thủ tục này do cơ quan khác giải quyết, quầy này không nhận được."
        " Hãy hướng dẫn người nộp đến đúng nơi hoặc nộp trực tuyến."
    )


class ScanMissing(Refused):
    message = N_(
        "Hãy quét “%(name)s”: cơ quan có thẩm quyền nhận bản điện tử ngay, bản giấy theo phiếu bàn giao."
    )


class NothingToHandOver(Refused):
    message = N_("Hãy chọn ít nhất một hồ sơ có bản giấy đang chờ bàn giao.")


class SeveralDesks(Refused):
    message = N_("Mỗi phiếu bàn giao đi tới một quầy. Hãy chọn các hồ sơ của cùng một nơi nhận.")


class AlreadyBundled(Refused):
    message = N_("Có hồ sơ đã nằm trong phiếu bàn giao khác. Hãy tải lại trang rồi chọn lại.")


class AlreadyReceived(Refused):
    message = N_("Phiếu bàn giao này đã được nhận. Hãy tải lại trang.")


def way_in(*, decides: bool, is_named: bool, anywhere: bool, channels: Iterable[str]) -> ReceptionWay | None:
    """Return how a desk takes a procedure in for an agency, or None when it does not.

    ``anywhere``: the law of the day lets any desk of the province do so; a procedure that is not filed at
    a counter is not.
    """
    if decides:
        return "own"
    if is_named:
        return "named"
    return "elsewhere" if anywhere and {"counter", "post"} & set(channels) else None
