"""Templates: plain sentences with fields, for any text and any value."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.notify.public import MissingValue, TextRefused, Texts, message_template
from dinh.foundation.notify.rules.texts import check_texts, fill, one_line, plain_sms, sms_parts, without_link

KNOWN = frozenset({"name", "code", "link", "due", "birth_date"})

# What a person or another system may have put into a value: fields, markup, header lines, format tricks.
NASTY = st.text(max_size=60) | st.sampled_from(
    [
        "{code}",
        "{link}",
        "{name.__class__}",
        "{{ 7*7 }}",
        "{% raw %}",
        "%(code)s",
        "${code}",
        "a\r\nBcc: x@y.vn",
    ]
)


@given(NASTY, NASTY)
def test_a_value_is_never_read_as_a_field(name, code):
    said = fill(Texts(subject="{name}|{code}", body="x"), {"name": name, "code": code})
    assert said.subject == f"{one_line(name)}|{one_line(code)}"


@given(NASTY)
def test_a_value_stays_on_one_line_and_within_bounds(value):
    line = one_line(value)
    assert len(line.splitlines()) <= 1
    assert len(line) <= 300
    assert all(letter.isprintable() for letter in line)
    assert one_line(line) == line


@given(st.text(alphabet=string.ascii_letters + "{}_. $%()", max_size=60))
def test_what_the_check_passes_can_be_filled(text):
    texts = Texts(subject="x", body=f"y{text}")
    try:
        check_texts(texts, known=KNOWN)
    except TextRefused:
        return
    filled = fill(texts, dict.fromkeys(KNOWN, "v"))
    assert not set("{}") & set(filled.body)


@given(st.text(max_size=300))
def test_a_short_message_is_plain(text):
    assert plain_sms(text).isascii()


def test_vietnamese_letters_lose_only_their_marks():
    assert plain_sms("Đã nhận hồ sơ; hẹn trả “sớm” – Ủy ban") == 'Da nhan ho so; hen tra "som" - Uy ban'


@pytest.mark.parametrize(("length", "parts"), [(0, 1), (160, 1), (161, 2), (306, 2), (307, 3)])
def test_short_messages_are_counted(length, parts):
    assert sms_parts("x" * length) == parts


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [
        ("subject", "", "Hãy nhập nội dung"),
        ("subject", "a\nb", "một dòng"),
        ("subject", "x" * 151, "151 chữ, chỉ được tối đa 150"),
        ("body", "Hạn {deadline}", "“{deadline}” không có trong mẫu"),
        ("body", "Sinh ngày {birth_date}", "“{birth_date}” không được gửi ra ngoài"),
        ("sms", "Sinh ngày {birth_date}", "không được gửi ra ngoài"),
        ("body", "Xem https://vi-du.vn", "dùng trường {link}"),
        ("sms", "Vào WWW.vi-du.vn", "dùng trường {link}"),
        ("body", "{Code}", "ngoặc nhọn"),
        ("body", "{code.__class__}", "ngoặc nhọn"),
        ("body", "{{code}}", "ngoặc nhọn"),
        ("more", "{code", "ngoặc nhọn"),
    ],
)
def test_texts_are_refused_at_their_place(part, text, words):
    parts = {"subject": "Tiêu đề", "body": "Nội dung", part: text}
    with pytest.raises(TextRefused) as refused:
        check_texts(Texts(**parts), known=KNOWN)
    assert refused.value.field == part
    assert words in str(refused.value)


def test_what_stays_inside_may_say_more():
    check_texts(Texts(subject="a", body="b", more="Sinh ngày {birth_date}"), known=KNOWN)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Đã nhận. Xem tại {link}", "Đã nhận."),
        ("Đã nhận.\nXem tại {link}.\nCảm ơn.", "Đã nhận.\n\nCảm ơn."),
        ("Không có đường dẫn.", "Không có đường dẫn."),
        ("{link}", ""),
    ],
)
def test_a_notice_leaves_out_the_sentence_that_gives_the_link(text, inside):
    assert without_link(text) == inside


def test_a_missing_value_is_the_rooms_mistake():
    with pytest.raises(MissingValue, match="code"):
        fill(Texts(subject="{code}", body="x"), {})


def test_a_room_cannot_bring_a_template_that_would_leak():
    with pytest.raises(TextRefused):
        message_template(
            "sample.leak", label="x", topic="dossier", fields={"phone"}, subject="x", body="Gọi {phone}"
        )


def test_a_code_is_brought_once_and_a_topic_is_known():
    with pytest.raises(ValueError, match="twice"):
        message_template("sample.received", label="khác", topic="dossier", subject="x", body="y")
    with pytest.raises(ValueError, match="topic"):
        message_template("sample.new", label="x", topic="weather", subject="x", body="y")
