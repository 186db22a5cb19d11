"""The proof of the law: citations are read from docstrings, and a wrong one is a fault."""

from collections.abc import Iterator

import pytest

from dinh.website.management.generated import law

FILE = '''
def test_one():
    """A sentence.

    Law: {law}
    Screen: {screen}
    """

def test_nothing():
    pass
'''


@pytest.fixture
def tests_that_cite(tmp_path, monkeypatch) -> Iterator[object]:
    monkeypatch.setattr(law, "TESTS", tmp_path)

    def cite(said: str, screen: str = "/tra-cuu/") -> None:
        (tmp_path / "test_it.py").write_text(FILE.format(law=said, screen=screen))

    return cite


def test_every_citation_of_our_tests_names_a_duty_and_a_place_that_exist():
    assert law.faults() == []


@pytest.mark.parametrize(
    "said",
    [
        "NĐ 61/2018 Điều 17 khoản 3",
        "NĐ 61/2018/NĐ-CP, Điều 17 khoản 3",
        "Nghị định số 61/2018/NĐ-CP Điều 17 khoản 3 điểm a.",
    ],
)
def test_a_citation_stands_beside_its_duty_with_its_place_on_screen(tests_that_cite, said):
    tests_that_cite(said)
    assert law.faults() == []
    row = "| Điều 17 khoản 3 | Mỗi hồ sơ có một mã số; dùng mã để tra cứu tình trạng giải quyết. "
    assert row + "| `test_it.py: test_one` | `/tra-cuu/` |" in law.page()
    assert "| NĐ 61/2018 | 46 | 1 |" in law.page()


def test_a_duty_that_no_test_proves_is_said_to_have_none(tests_that_cite):
    tests_that_cite("NĐ 61/2018 Điều 17 khoản 3")
    assert "| Điều 22 | Nộp phí, lệ phí trực tiếp, qua bưu chính hoặc trực tuyến. | **chưa có** | – |" in (
        law.page()
    )


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("NĐ 61/2018 Điều 99", "no such duty"),
        ("TT 01/2018 Điều 9 Mẫu 07", "no such duty"),
        ("NĐ 61/2018 Điều 19 khoản 9", "say which: Điều 19 khoản 9 ý 1; Điều 19 khoản 9 ý 2"),
        ("NĐ 61/2018", "names no act and article"),
        ("Điều 5", "names no act and article"),
    ],
)
def test_a_citation_of_no_known_duty_is_a_fault(tests_that_cite, said, fault):
    tests_that_cite(said)
    [line] = law.faults()
    assert "test_it.py: test_one" in line
    assert fault in line


def test_a_place_on_screen_that_has_no_address_is_a_fault(tests_that_cite):
    tests_that_cite("NĐ 61/2018 Điều 22", "/khong-co/")
    assert "no address “/khong-co/”" in law.faults()[0]
    tests_that_cite("NĐ 61/2018 Điều 22", "/lam-viec/ho-so/…/thu-phi/")
    assert law.faults() == []


def test_other_acts_are_listed_apart(tests_that_cite):
    tests_that_cite("TT 32/2017/TT-BTTTT Điều 12")
    assert law.faults() == []
    assert "| TT 32/2017, Điều 12 | `test_it.py: test_one` | `/tra-cuu/` |" in law.page()


def test_duties_stand_in_legal_order():
    for act, duties in law.duties().items():
        orders = [duty.place.order for duty in duties]
        assert orders == sorted(orders), act
        assert len({duty.place for duty in duties}) == len(duties), act
        assert all(duty.place.parts and duty.text for duty in duties), act
