"""Invented names of people and places. Deterministic: the same seed makes the same province."""

import random
from collections.abc import Iterator

__all__ = [
    "COMMUNES",
    "DEPARTMENTS",
    "DISTRICTS",
    "identity_number",
    "people_names",
    "is_womans",
    "phone_number",
]

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
_MIDDLE_W = ("Thị", "Ngọc", "Thu", "Thanh", "Mai", "Kim", "Bích", "Hồng", "Diệu", "Phương")
_MIDDLE_M = ("Văn", "Đức", "Minh", "Quốc", "Hữu", "Xuân", "Công", "Anh", "Đình", "Gia")
_GIVEN_W = ("Lan", "Hoa", "Hương", "Hạnh", "Thảo", "Yến", "Nga", "Loan", "Trang", "Oanh", "Ánh", "Đào", "Ước")
_GIVEN_M = (
    "Hùng", "Dũng", "Sơn", "Tuấn", "Khánh", "Phúc", "Lộc", "Thọ", "Ân", "Đạt", "Quang", "Ý", "Việt",
)  # fmt: skip

# abbreviation, name, names of divisions with their abbreviations
DEPARTMENTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("SCT", "Sở Công Thương", (("QLTM", "Phòng Quản lý thương mại"),)),
    ("SGDĐT", "Sở Giáo dục và Đào tạo", (("QLCL", "Phòng Quản lý chất lượng giáo dục"),)),
    ("SGTVT", "Sở Giao thông vận tải", (("QLVT", "Phòng Quản lý vận tải, phương tiện và người lái"),)),
    ("SKHĐT", "Sở Kế hoạch và Đầu tư", (("ĐKKD", "Phòng Đăng ký kinh doanh"),)),
    ("SKHCN", "Sở Khoa học và Công nghệ", (("QLCN", "Phòng Quản lý công nghệ"),)),
    ("SLĐTBXH", "Sở Lao động – Thương binh và Xã hội", (("NCC", "Phòng Người có công"),)),
    ("SNGV", "Sở Ngoại vụ", (("LS", "Phòng Lãnh sự"),)),
    ("SNV", "Sở Nội vụ", (("TCBC", "Phòng Tổ chức bộ máy"),)),
    ("SNNPTNT", "Sở Nông nghiệp và Phát triển nông thôn", (("CLNS", "Phòng Chất lượng nông sản"),)),
    ("STC", "Sở Tài chính", (("QLG", "Phòng Quản lý giá"),)),
    ("STNMT", "Sở Tài nguyên và Môi trường", (("QLĐĐ", "Phòng Quản lý đất đai"),)),
    ("STTTT", "Sở Thông tin và Truyền thông", (("CNTT", "Phòng Công nghệ thông tin"),)),
    ("STP", "Sở Tư pháp", (("HCTP", "Phòng Hành chính tư pháp"),)),
    ("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch", (("QLVH", "Phòng Quản lý văn hóa"),)),
    ("SXD", "Sở Xây dựng", (("QLXD", "Phòng Quản lý xây dựng"),)),
    ("SYT", "Sở Y tế", (("NVY", "Phòng Nghiệp vụ y"), ("ATTP", "Phòng An toàn thực phẩm"))),
    ("TTT", "Thanh tra tỉnh", (("NV1", "Phòng Nghiệp vụ 1"),)),
    ("BQLKCN", "Ban Quản lý các khu công nghiệp", (("QLĐT", "Phòng Quản lý đầu tư"),)),
    ("BDT", "Ban Dân tộc", (("CSDT", "Phòng Chính sách dân tộc"),)),
    ("CAT", "Công an tỉnh", (("QLHC", "Phòng Cảnh sát quản lý hành chính"),)),
)

DISTRICTS = (
    "Thành phố Đình Sơn",
    "Huyện Sông Cái",
    "Huyện Đồng Lúa",
    "Huyện Núi Trà",
    "Huyện Bến Gạch",
    "Huyện Thanh Khê",
    "Huyện Hạ Nguồn",
    "Huyện Đảo Én",
)

_FIRST = ("Bình", "An", "Phú", "Tân", "Đông", "Tây", "Hòa", "Long", "Mỹ", "Xuân", "Thuận")
_SECOND = ("Mẫu", "Lộc", "Khê", "Sơn", "Thạnh", "Ước", "Hiệp", "Điền", "Giang", "Lâm", "Ý")

COMMUNES = tuple(f"{first} {second}" for second in _SECOND for first in _FIRST)


def people_names(seed: int) -> Iterator[str]:
    """Yield invented full names without end."""
    dice = random.Random(seed)  # noqa: S311 - names, no secrets
    while True:
        is_woman = dice.random() < 0.5
        middle, given = (_MIDDLE_W, _GIVEN_W) if is_woman else (_MIDDLE_M, _GIVEN_M)
        yield f"{dice.choice(_FAMILY)} {dice.choice(middle)} {dice.choice(given)}"


def identity_number(number: int) -> str:
    """Return an identity number with the province prefix 099, which no province bears."""
    return f"099{number:09d}"


def phone_number(number: int) -> str:
    """Return a number of the form 0900 xxx xxx, kept for examples."""
    return f"0900{number % 1_000_000:06d}"


def is_womans(name: str) -> bool:
    """Whether an invented full name is a woman's."""
    return name.split()[1] in _MIDDLE_W
