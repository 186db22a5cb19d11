"""Invented answers to the forms of the sample procedures, as a person would give them."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["ANSWERS", "Answers"]

Answers = Callable[[random.Random, str, str, str, Sequence[str]], Mapping[str, Any]]

_SHOPS = (
    ("Tạp hóa", "Bán lẻ tạp hóa", "4711"),
    ("Quán ăn", "Nhà hàng, quán ăn", "5610"),
    ("Tiệm may", "May trang phục", "1410"),
    ("Cửa hàng vật liệu xây dựng", "Bán lẻ vật liệu xây dựng", "4752"),
    ("Sửa xe", "Sửa chữa xe máy", "4542"),
    ("Hiệu sách", "Bán lẻ sách, văn phòng phẩm", "4761"),
    ("Cà phê", "Dịch vụ phục vụ đồ uống", "5630"),
    ("Tiệm tóc", "Cắt tóc, làm đầu", "9631"),
)
_NAMES = ("Bình Minh", "Hoa Sen", "Phương Đông", "Sông Xanh", "Bốn Mùa", "Thanh Bình", "Hải Đăng", "Làng Gốm")
_AIMS = (
    "bổ sung hồ sơ xin việc",
    "làm thủ tục lao động ở nước ngoài",
    "bổ sung hồ sơ cấp chứng chỉ hành nghề",
)


def _birthday(dice: random.Random) -> str:
    return f"{dice.randint(1955, 2004)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"


def _household(
    dice: random.Random, name: str, identity: str, address: str, communes: Sequence[str]
) -> Mapping[str, Any]:
    shop, trade, code = dice.choice(_SHOPS)
    return {
        "ten_ho": f"{shop} {dice.choice(_NAMES)}",
        "xa": dice.choice(communes),
        "dia_chi": address.partition(",")[0],
        "dien_thoai": f"0900{dice.randrange(1_000_000):06d}",
        "nganh_nghe": [{"ten": trade, "ma": code}],
        "von": dice.randint(2, 60) * 10_000_000,
        "so_lao_dong": dice.randint(1, 6),
        "chu_the": "ca_nhan",
        "chu_ho": {
            "ho_ten": name,
            "ngay_sinh": _birthday(dice),
            "gioi_tinh": "nu" if " Thị " in name else dice.choice(("nam", "nu")),
            "so_dinh_danh": identity,
            "dia_chi": address,
        },
        "cam_ket": True,
    }


def _marital_status(
    dice: random.Random, name: str, identity: str, address: str, communes: Sequence[str]
) -> Mapping[str, Any]:
    return {
        "ho_ten": name,
        "ngay_sinh": _birthday(dice),
        "so_dinh_danh": identity,
        "dia_chi": address,
        "tinh_trang": "chua_ket_hon",
        "muc_dich": dice.choice(("ket_hon", "ket_hon", "mua_ban", "vay_von")),
        "mien_le_phi": dice.random() < 0.08,
    }


def _criminal_record(
    dice: random.Random, name: str, identity: str, address: str, communes: Sequence[str]
) -> Mapping[str, Any]:
    return {
        "loai_phieu": dice.choice(("so_1", "so_2")),
        "doi_tuong": dice.choices(("thuong", "sinh_vien", "nguoi_co_cong"), (85, 12, 3))[0],
        "muc_dich": dice.choice(_AIMS),
        "so_ban": dice.randint(1, 2),
        "ho_ten": name,
        "ngay_sinh": _birthday(dice),
        "noi_sinh": "Tỉnh Đình Sơn",
        "so_dinh_danh": identity,
        "dia_chi": address,
        "cu_tru": [{"tu_nam": 2004, "noi_o": address, "nghe_nghiep": "Lao động tự do"}],
    }


# By the procedure's national code; procedures without answers get no invented dossiers.
ANSWERS: Mapping[str, Answers] = {
    "1.001612": _household,
    "1.004873": _marital_status,
    "2.000488": _criminal_record,
}
