"""State machines of the one-stop shop, as tables. The national portal's statuses follow from them:
``rules/national.py``.
"""

from dinh.kernel.errors import N_
from dinh.kernel.states import State, StateMachine, Transition

__all__ = ["APOLOGY", "CHANNELS", "DOSSIER", "PROGRESS", "RESULT", "STEP"]

CHANNELS = [("counter", N_("Trực tiếp")), ("online", N_("Trực tuyến")), ("post", N_("Bưu chính công ích"))]

DOSSIER = StateMachine(
    subject=N_("hồ sơ"),
    initial="submitted",
    states=(
        State("submitted", N_("Mới đăng ký")),
        State("refused", N_("Không được tiếp nhận")),
        State("processing", N_("Đang xử lý")),
        State("supplement", N_("Yêu cầu bổ sung giấy tờ")),
        State("withdrawn", N_("Công dân yêu cầu rút hồ sơ")),
        State("stopped", N_("Dừng xử lý")),
        State("done", N_("Đã xử lý xong")),
        State("returned", N_("Đã trả kết quả")),
    ),
    verbs={
        "accept": N_("Tiếp nhận"),
        "refuse": N_("Từ chối"),
        "ask_supplement": N_("Yêu cầu bổ sung"),
        "give_supplement": N_("Bổ sung hồ sơ"),
        "resubmit": N_("Nộp lại"),
        "withdraw": N_("Rút hồ sơ"),
        "stop": N_("Dừng giải quyết"),
        "finish": N_("Có kết quả"),
        "return": N_("Trả kết quả"),
    },
    transitions=(
        Transition("submitted", "accept", "processing"),
        Transition("submitted", "refuse", "refused"),
        Transition("submitted", "ask_supplement", "supplement"),
        Transition("submitted", "withdraw", "withdrawn"),
        Transition("supplement", "give_supplement", "processing"),
        Transition("supplement", "resubmit", "submitted"),
        Transition("supplement", "withdraw", "withdrawn"),
        Transition("supplement", "stop", "stopped"),
        Transition("processing", "ask_supplement", "supplement"),
        Transition("processing", "withdraw", "withdrawn"),
        Transition("processing", "stop", "stopped"),
        Transition("processing", "refuse", "refused"),
        Transition("processing", "finish", "done"),
        Transition("done", "return", "returned"),
    ),
)

# States in which a dossier has come to nothing, and to a result.
# The national word speaks of reception alone; who was appraised was received.
REJECTED = N_("Không được giải quyết")


def state_label(state: str, *, is_accepted: bool) -> str:
    """Return the word of a dossier's state; a refusal after appraisal has one of its own."""
    return REJECTED if state == "refused" and is_accepted else DOSSIER.label(state)


ENDED_WITHOUT_RESULT = frozenset({"refused", "withdrawn", "stopped"})
ENDED_WITH_RESULT = frozenset({"done", "returned"})

# What anyone who has the code may see (TT 01/2018 Art. 16.2): how far it is, in five marks.
PROGRESS = (
    ("submitted", N_("Đã nộp")),
    ("accepted", N_("Đã tiếp nhận")),
    ("processing", N_("Đang xử lý")),
    ("done", N_("Đã có kết quả")),
    ("returned", N_("Đã trả kết quả")),
)

STEP = StateMachine(
    subject=N_("bước xử lý"),
    initial="open",
    states=(
        State("open", N_("Đang chờ")),
        State("done", N_("Đã xong")),
        State("cancelled", N_("Đã hủy")),
    ),
    verbs={"complete": N_("Hoàn thành"), "cancel": N_("Hủy"), "reopen": N_("Mở lại")},
    transitions=(
        Transition("open", "complete", "done"),
        Transition("open", "cancel", "cancelled"),
        Transition("done", "reopen", "open"),
    ),
)

RESULT = StateMachine(
    subject=N_("kết quả"),
    initial="draft",
    states=(
        State("draft", N_("Dự thảo")),
        State("signed", N_("Lãnh đạo đã ký số")),
        State("issued", N_("Đã cấp số và đóng dấu")),
    ),
    verbs={"redraft": N_("Lập dự thảo"), "sign": N_("Ký số"), "issue": N_("Cấp số và đóng dấu")},
    transitions=(
        Transition("draft", "redraft", "draft"),
        Transition("draft", "sign", "signed"),
        Transition("signed", "issue", "issued"),
    ),
)

APOLOGY = StateMachine(
    subject=N_("thư xin lỗi"),
    initial="proposed",
    states=(
        State("proposed", N_("Chờ lãnh đạo ký")),
        State("sent", N_("Đã ký, đã gửi")),
        State("declined", N_("Không đồng ý")),
    ),
    verbs={"propose": N_("Đề nghị"), "send": N_("Ký, gửi"), "decline": N_("Không đồng ý")},
    transitions=(
        Transition("proposed", "propose", "proposed"),
        Transition("proposed", "send", "sent"),
        Transition("proposed", "decline", "declined"),
    ),
)
