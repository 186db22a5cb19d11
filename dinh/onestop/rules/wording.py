"""What stands in data, as people read it: codes by their words."""

from dinh.kernel.errors import N_

__all__ = ["LEVELS", "PAPERS", "STEP_KINDS"]

LEVELS = {
    "province": N_("Cấp tỉnh"),
    "district": N_("Cấp huyện"),
    "commune": N_("Cấp xã"),
}
STEP_KINDS = {
    "receive": N_("Tiếp nhận"),
    "handle": N_("Thụ lý"),
    "consult": N_("Cho ý kiến"),
    "review": N_("Soát xét"),
    "sign": N_("Ký số"),
    "issue": N_("Phát hành"),
    "return": N_("Trả kết quả"),
    "refuse": N_("Từ chối"),
}
# The everyday names of the papers that the desk issues.
PAPERS = {
    "proof": N_("Xác nhận đã nộp hồ sơ"),
    "receipt": N_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "supplement": N_("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    "refusal": N_("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    "rejection": N_("Thông báo từ chối giải quyết hồ sơ"),
    "fee_receipt": N_("Biên lai thu phí, lệ phí"),
    "stop": N_("Thông báo dừng giải quyết hồ sơ"),
    "control_slip": N_("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    "apology": N_("Thư xin lỗi và hẹn lại ngày trả kết quả"),
}
