"""Every personal number is found however it is typed; amounts, days and receipts are left alone.

All numbers here are invented; the ID numbers have a computed check digit.
"""

from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from conversations.number_forms import (
    Kind,
    has_luhn_check,
    is_id_number,
    is_mobile,
    is_old_id_number,
)
from conversations.personal_numbers import find

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHINESE = str.maketrans("0123456789", "零幺二三四五六七八九")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def with_check(first17: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return first17 + "10X98765432"[total % 11]


def with_luhn(digits: str) -> str:
    return next(digits + last for last in "0123456789" if has_luhn_check(digits + last))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(item.kind.value, item.value) for item in find(text)]


phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
days = st.dates().filter(lambda day: 1930 <= day.year <= 2025)
ids = st.builds(
    lambda area, day, serial: with_check(f"{area}{day:%Y%m%d}{serial:03d}"),
    st.sampled_from(["110105", "350921", "350902", "500101", "510301", "120101", "152201"]),
    days,
    st.integers(0, 999),
)
# words around a number that have no digit in them
words = st.text(st.sampled_from("我的电话是家里住在宁德市低保号码吗，。！？：；\n"), max_size=12)


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138—0013—8000",
        "138.0013.8000",
        "138　0013　8000",
        "138 00138000",
        "1380013 8000",
        "138 001 38000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "1-3-8-0-0-1-3-8-0-0-0",
        "(138)0013-8000",
        "１３８００１３８０００",
        "１３８－００１３－８０００",
        "幺三八零零幺三八零零零",
        "一三八〇〇一三八〇〇〇",
        "一三八 零零一三 八零零零",
        "壹叁捌零零壹叁捌零零零",
        "138，0013，8000",
        "138、0013、8000",
        "138零零一三8000",
        "8613800138000",
        "008613800138000",
    ],
)
def test_a_mobile_number_is_found_however_it_is_typed(typed: str) -> None:
    for text in (typed, f"电话{typed}", f"电话：{typed}，谢谢", f"我是{typed}的机主"):
        assert kinds(text) == [("PHONE", "13800138000")], text


@given(words, phones, words)
def test_every_mobile_number_in_a_sentence_is_found(before: str, phone: str, after: str) -> None:
    (item,) = find(before + phone + after)
    assert (item.kind, item.value) == (Kind.PHONE, phone)
    assert (item.start, item.end) == (len(before), len(before) + 11)


@given(phones, st.sampled_from([" ", "-", "－", "—", " - ", "·"]))
def test_every_mobile_number_in_the_usual_groups_is_found(phone: str, between: str) -> None:
    typed = between.join((phone[:3], phone[3:7], phone[7:]))
    assert kinds(f"打{typed}找我") == [("PHONE", phone)]


@given(phones)
def test_every_mobile_number_in_chinese_or_full_width_digits_is_found(phone: str) -> None:
    assert kinds(f"我电话{phone.translate(CHINESE)}") == [("PHONE", phone)]
    assert kinds(f"我电话{phone.translate(FULL_WIDTH)}") == [("PHONE", phone)]


@given(phones, phones, st.sampled_from(["，", " ", "、", "或", "\n", "/"]))
def test_two_numbers_in_a_row_are_two(first: str, second: str, between: str) -> None:
    assert kinds(first + between + second) == [("PHONE", first), ("PHONE", second)]


def test_a_word_that_ends_in_a_chinese_digit_does_not_spoil_the_number() -> None:
    assert kinds("星期一13800138000") == [("PHONE", "13800138000")]
    assert kinds("住三楼二13800138000") == [("PHONE", "13800138000")]
    assert kinds("13800138000一个人") == [("PHONE", "13800138000")]


@given(words, ids, words)
def test_every_valid_id_number_is_found(before: str, number: str, after: str) -> None:
    (item,) = find(before + number + after)
    assert (item.kind, item.value) == (Kind.ID, number)
    assert (item.start, item.end) == (len(before), len(before) + 18)


@given(ids, st.sampled_from([" ", "-", "　"]))
def test_an_id_number_in_groups_is_one_number(number: str, between: str) -> None:
    assume(not is_mobile(number[6:17]))
    for cuts in ((6, 14), (3, 6, 10, 14), (4, 8, 12, 16)):
        edges = [0, *cuts, 18]
        typed = between.join(number[left:right] for left, right in pairwise(edges))
        assert kinds(f"身份证{typed}。") == [("ID", number)], typed


@given(ids)
def test_an_id_number_in_full_width_or_with_small_x_is_found(number: str) -> None:
    assert kinds(number.translate(FULL_WIDTH)) == [("ID", number)]
    assert kinds(number.lower()) == [("ID", number)]


@given(ids, st.integers(0, 9))
def test_an_id_number_with_a_wrong_check_digit_is_not_an_id_but_still_hidden(
    number: str, last: int
) -> None:
    wrong = number[:17] + str(last)
    assume(wrong != number)
    assert kinds(f"身份证{wrong}") == [("NUM", wrong)]


@given(ids)
def test_an_id_number_in_groups_with_a_slip_is_hidden_whole(number: str) -> None:
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    (item,) = find(f"我{wrong[:6]} {wrong[6:14]} {wrong[14:]}的")
    assert (item.kind, item.value) == (Kind.NUM, wrong)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("11010519491231002x", False),  # find() writes X large before asking
        ("990105194912310021", False),
        ("110105194902300000", False),
        ("", False),
        ("１１０１０５１９４９１２３１００２Ｘ", False),
    ],
)
def test_id_numbers_by_the_standard(number: str, valid: bool) -> None:
    assert is_id_number(number) is valid


def test_old_id_numbers_need_a_province_and_a_day() -> None:
    assert is_old_id_number("350901800101123")
    assert not is_old_id_number("350901801301123")
    assert not is_old_id_number("100901800101123")
    assert kinds("老身份证350901800101123") == [("ID", "350901800101123")]


@given(st.integers(16, 19), st.data())
def test_sixteen_to_nineteen_digits_are_a_card(length: int, data: st.DataObject) -> None:
    card = "62" + data.draw(st.from_regex(rf"[0-9]{{{length - 2}}}", fullmatch=True))
    # 62 is a province too: leave out what reads as a citizen number
    assume(not (length == 18 and card[6:8] in ("18", "19", "20")))
    assert kinds(f"卡号{card}") == [("CARD", card)]


@pytest.mark.parametrize(
    "typed", ["6222 0210 0111 6245 702", "6222-0210-0111-6245-702", "622202 1001116245702"]
)
def test_a_card_number_in_groups_is_one_number(typed: str) -> None:
    assert kinds(f"打到{typed}") == [("CARD", "6222021001116245702")]


@pytest.mark.parametrize(
    "typed",
    [
        "1380013800",  # a digit short
        "138001380001",  # a digit long
        "13800138",
        "138 0013 800",
        "138-0013-800",
        "1 3 8 0 0 1 3 8 0 0",
        "幺三八零零幺三八零零",
        "138oo138000",
        "138O0138000",
        "l38oo138000",
        "138****8000",
        "138xxxx8000",
        "138＊＊＊＊8000",
        "138××××8000",
        "350901********1234",
        "12800138000",
        "0593-2712345",
        "010-12345678",
        "987654321",
        "1380013800 块钱",  # ten digits are no household's money
        "35090119800101",
    ],
)
def test_a_mistyped_or_masked_number_is_hidden_too(typed: str) -> None:
    (item,) = find(f"联系{typed}")
    assert item.kind is Kind.NUM
    bare = typed.removesuffix(" 块钱")
    assert f"联系{typed}"[item.start : item.end] == bare


@given(phones, st.integers(0, 10))
@example("13800138000", 10)
def test_a_mobile_number_that_lost_a_digit_leaves_no_long_run(phone: str, lost: int) -> None:
    typed = phone[:lost] + phone[lost + 1 :]
    # 20250511xx reads as an office's file number, and 1000000000 as an amount
    assume(not typed.startswith("20") and not typed.endswith("00000"))
    (item,) = find(f"我的号码是{typed}")
    assert (item.kind, item.value) == (Kind.NUM, typed)


@given(st.from_regex(r"[0-9]{11}", fullmatch=True).map(with_luhn))
def test_a_receipt_number_is_left_alone(digits: str) -> None:
    for typed in (
        f"WZ{digits}",
        f"wz{digits}",
        f"ＷＺ{digits}",
        f"WZ {digits}",
        f"受理号WZ{digits}到哪了",
    ):
        assert find(typed) == [], typed
    assert find(f"回执{digits}") == []


def test_a_receipt_number_typed_in_groups_or_with_a_slip_is_left_alone() -> None:
    assert find("WZ1234 5678 9012") == []
    assert find("WZ-123456789012") == []
    assert find("WZ12345678901") == []  # a digit short: status answers "not found"


def test_a_phone_number_after_wz_is_still_a_phone_number() -> None:
    assert kinds("WZ13800138000") == [("PHONE", "13800138000")]


@pytest.mark.parametrize(
    "text",
    [
        "一个月1200",
        "存款10000000元",
        "存款 20000000",
        "欠了12345678元",
        "￥12345678",
        "共12345678.50元",
        "1500000.00",
        "1,380,000",
        "13,800,138,000元",
        "收入1500 2000 3000",
        "1500 2300 450",
        "每月1200,1300,1400",
        "150，2000，3000，500",
        "1500-2000块",
        "10000-15000",
        "2019-2024年",
        "2024 2025 2026",
        "20250511",
        "2025-05-11",
        "2025.05.11-2025.06.11",
        "2025/5/11 12:30",
        "1998年出生，2025年5月11日住院，花了138000",
        "二零二五零五一一",
        "二〇二五年",
        "一千二百三十四万五千六百七十八",
        "三口人，两个孩子，十二亩地",
        "1、2、3、4、5、6、7、8",
        "12345",
        "打110、120、119",
        "受理号SB20250511033",
        "编号20250317002",
        "5000kg",
        "500w",
        "第3组12号",
        "",
    ],
)
def test_amounts_days_and_file_numbers_are_left_alone(text: str) -> None:
    assert find(text) == []


@given(st.lists(st.integers(1, 9999).map(lambda number: number * 100), min_size=1, max_size=6))
@example([11000, 118500, 101000])  # begins as a citizen number of somebody born in 1850
def test_lists_of_round_amounts_are_left_alone(amounts: list[int]) -> None:
    typed = [str(amount) for amount in amounts]
    # 138 0000 000 is in the groups of a phone number, and a phone number it then is
    assume(not any(is_mobile("".join(typed[at : at + size])) for at in range(6) for size in (2, 3)))
    joined = ["".join(typed[at:to]) for at in range(6) for to in range(at, 7)]
    assume(not any(is_id_number(number) for number in joined))
    assert find("每月" + " ".join(typed)) == []


@given(st.text(st.sampled_from("0123456789 -xX一三八零元.,WZwz*？⟦⟧号"), max_size=60))
def test_findings_are_in_order_and_never_overlap(text: str) -> None:
    found = find(text)
    for left, right in pairwise(found):
        assert left.end <= right.start
    for item in found:
        assert 0 <= item.start < item.end <= len(text)
        assert item.value


@given(st.text(st.sampled_from("0123456789 -·"), max_size=60))
def test_no_valid_number_survives_in_one_piece(text: str) -> None:
    """Whatever surrounds it: eleven digits in a row that are a mobile number never stay."""
    rest, position = [], 0
    for item in find(text):
        rest.append(text[position : item.start])
        position = item.end
    remaining = "#".join([*rest, text[position:]])
    for run in remaining.replace("-", " ").replace("·", " ").replace("#", " ").split():
        assert not is_mobile(run)
        assert not is_id_number(run)


@pytest.mark.timeout(20)
def test_the_longest_message_is_searched_quickly() -> None:
    for text in (
        "1" * 4000,
        "1 " * 2000,
        "1-3 8" * 800,
        "一" * 4000,
        "x1" * 2000,
        "13800138000" * 360,
    ):
        find(text)
