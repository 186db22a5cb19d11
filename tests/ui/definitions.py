"""A form definition that uses every widget."""

from typing import Any

HOUSEHOLD: dict[str, Any] = {
    "type": "object",
    "title": "Đăng ký hộ kinh doanh",
    "properties": {
        "ten": {"type": "string", "minLength": 2, "maxLength": 60, "ui": {"label": "Tên hộ kinh doanh"}},
        "loai": {
            "oneOf": [{"const": "moi", "title": "Đăng ký mới"}, {"const": "doi", "title": "Thay đổi"}],
            "ui": {"label": "Loại đăng ký"},
        },
        "ly_do": {
            "type": "string",
            "maxLength": 1000,
            "ui": {
                "label": "Lý do thay đổi",
                "show_if": {"field": "loai", "is": "doi"},
                "required_if": {"field": "loai", "is": "doi"},
            },
        },
        "von": {"type": "integer", "minimum": 1, "ui": {"label": "Vốn kinh doanh", "widget": "money"}},
        "lao_dong": {"type": "integer", "maximum": 10, "ui": {"label": "Số lao động", "suffix": "người"}},
        "dien_tich": {"type": "number", "exclusiveMinimum": 0, "ui": {"label": "Diện tích", "suffix": "m²"}},
        "bat_dau": {
            "type": "string",
            "format": "date",
            "ui": {"label": "Ngày bắt đầu", "not_before": "2020-01-01"},
        },
        "nam": {"type": "integer", "minimum": 1900, "ui": {"label": "Năm sinh", "widget": "year"}},
        "mo_cua": {"type": "string", "ui": {"label": "Giờ mở cửa", "widget": "time"}},
        "xa": {"type": "string", "ui": {"label": "Xã, phường", "source": "communes"}},
        "hinh_thuc": {
            "type": "array",
            "items": {"enum": ["ban_le", "an_uong", "dich_vu"]},
            "minItems": 1,
            "ui": {"label": "Hình thức"},
        },
        "co_thue": {"type": "boolean", "ui": {"label": "Thuê địa điểm", "widget": "yes_no"}},
        "ma_so_thue": {
            "type": "string",
            "ui": {"label": "Mã số thuế", "widget": "tax_code", "show_if": {"field": "co_thue", "is": True}},
        },
        "ky_hieu": {
            "type": "string",
            "pattern": "^[A-Z]{2}-[0-9]{3}$",
            "ui": {
                "label": "Ký hiệu",
                "messages": {"pattern": "Ký hiệu gồm hai chữ, gạch ngang, ba số: AB-123."},
            },
        },
        "chu_ho": {
            "type": "object",
            "properties": {
                "ho_ten": {
                    "type": "string",
                    "ui": {"label": "Họ và tên", "prefill": "applicant.full_name"},
                },
                "ngay_sinh": {
                    "type": "string",
                    "format": "date",
                    "ui": {"label": "Ngày sinh", "not_after": "today"},
                },
                "so_dinh_danh": {
                    "type": "string",
                    "ui": {"label": "Số định danh", "widget": "identity_number"},
                },
                "dien_thoai": {"type": "string", "ui": {"label": "Điện thoại", "widget": "phone"}},
                "thu": {"type": "string", "ui": {"label": "Thư điện tử", "widget": "email"}},
            },
            "required": ["ho_ten", "so_dinh_danh"],
            "ui": {"label": "Chủ hộ"},
        },
        "nganh": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "ten": {"type": "string", "ui": {"label": "Tên ngành"}},
                    "chinh": {"type": "boolean", "ui": {"label": "Là ngành chính"}},
                    "ghi_chu": {
                        "type": "string",
                        "ui": {"label": "Ghi chú", "show_if": {"field": "chinh", "is": True}},
                    },
                },
                "required": ["ten"],
            },
            "ui": {"label": "Ngành nghề", "item": "Ngành"},
        },
        "luu_y": {"type": "null", "ui": {"label": "Lưu ý", "widget": "note", "help": "Khai đúng sự thật."}},
        "cam_doan": {"type": "boolean", "ui": {"label": "Tôi cam đoan khai đúng"}},
    },
    "required": ["ten", "loai", "von", "chu_ho", "nganh", "cam_doan"],
    "ui": {
        "pages": [
            {
                "key": "ho",
                "label": "Hộ kinh doanh",
                "fields": [
                    *("ten", "loai", "ly_do", "von", "lao_dong", "dien_tich", "bat_dau", "nam", "mo_cua"),
                    *("xa", "hinh_thuc", "co_thue", "ma_so_thue", "ky_hieu"),
                ],
            },
            {"key": "chu_ho", "label": "Chủ hộ", "fields": ["chu_ho"]},
            {"key": "nganh", "label": "Ngành nghề", "fields": ["nganh", "luu_y", "cam_doan"]},
        ]
    },
}
COMMUNES = {"communes": [("1", "Xã Sen Hồ"), ("2", "Thị trấn Đình Cả")]}
COMPLETE: dict[str, Any] = {
    "ten": "Hộ kinh doanh Sen Hồng",
    "loai": "moi",
    "von": 150_000_000,
    "lao_dong": 3,
    "dien_tich": 42.5,
    "bat_dau": "2026-12-01",
    "nam": 1990,
    "mo_cua": "07:30",
    "xa": "2",
    "hinh_thuc": ["ban_le", "an_uong"],
    "co_thue": False,
    "ky_hieu": "AB-123",
    "chu_ho": {
        "ho_ten": "Nguyễn Thị Ngọc Ánh",
        "ngay_sinh": "1990-09-05",
        "so_dinh_danh": "099090000123",
        "dien_thoai": "0900000123",
        "thu": "anh@vidu.example",
    },
    "nganh": [{"ten": "Bán lẻ lương thực", "chinh": True, "ghi_chu": "Gạo"}, {"ten": "Ăn uống"}],
    "cam_doan": True,
}
