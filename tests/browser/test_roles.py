"""Every role at its work in a real browser: once with the mouse, once with the keyboard alone.

One story for all: somebody without food asks for help, staff of five offices work on it, it is
closed, the resident reads so. Then the short deeds of those who work on no case.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from devtools.audit import report
from devtools.running import RunningSystem
from foundation import clock
from foundation.runtime import Runtime
from tests.browser.hands import (
    SLOW_MS,
    Enter,
    Hands,
    Resident,
    WithKeys,
    WithMouse,
    keyboard_alone,
)

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(300)]


def done(page: Page, words: str) -> None:
    """The page says so after a step."""
    expect(page.locator("p.good")).to_contain_text(words, timeout=SLOW_MS)


def declare(resident: Resident) -> str:
    """Nothing to eat, and then the declaration; returns the receipt."""
    resident.say("家里没米了，两天没吃饭")
    resident.say("我想申请低保")
    if resident.page.get_by_role("button", name="都同意").count():
        resident.pick("都同意")
    for answer in ("我叫向春梅", "13900000021", "重庆忠县拔山镇", *["不清楚"] * 8):
        if "都对就提交" in resident.text:
            break
        resident.say(answer)
    resident.say("对")
    receipts = re.findall(r"WZ\d{12}", resident.text)
    assert receipts, resident.text
    return receipts[-1]


def work_on_a_lead(hands: Hands, page: Page, result: str) -> None:
    """接收 and 答复结果 of the own department's lead."""
    hands.press(page.locator("form[action$='/accept'] button").first)
    done(page, "已接收线索")
    hands.press(page.locator("summary", has_text="答复结果").first)
    hands.write(page.locator("form[action*='/answer#'] textarea").first, result)
    hands.press(page.locator("form[action*='/answer#'] button").first)
    done(page, "答复已记录")


def test_from_the_residents_words_to_the_closed_case(
    browser: Browser, system: RunningSystem, hands: Hands, enter: Enter
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    resident = Resident(context.new_page(), system.chat_url, hands)
    receipt = declare(resident)

    duty = enter("duty")
    hands.find(duty, receipt)
    hands.press(duty.get_by_role("button", name="我来处理"))
    done(duty, "已接手紧急提醒")
    work_on_a_lead(hands, duty, "已送米面油上门")

    grid = enter("wangge")
    hands.find(grid, receipt)
    hands.press(grid.locator("summary", has_text="登记入户走访"))
    hands.write(grid.locator("#f-visit"), "屋里没有存粮，老人一个人住")
    hands.press(grid.get_by_role("button", name="保存走访记录"))
    done(grid, "走访记录已保存")

    clerk = enter("bashan")
    hands.find(clerk, receipt)
    hands.answer(clerk, "向大姐您好，我们看了您家里的情况。")
    done(clerk, "已发给居民")
    expect(resident.page.get_by_role("log")).to_contain_text(
        "我们看了您家里的情况", timeout=SLOW_MS
    )
    work_on_a_lead(hands, clerk, "已先行救助，低保材料已收")

    county = enter("zhongxian")
    hands.find(county, receipt)
    hands.press(county.locator("summary", has_text="增加办理部门"))
    hands.choose(county.locator("#need"), "medical")
    hands.press(county.locator("#do-reroute button"))
    done(county, "已增加办理部门")

    officer = enter("yibao")
    hands.find(officer, receipt)
    work_on_a_lead(hands, officer, "已参保，门诊费用可以报销")

    inspector = enter("dudao")
    hands.find(inspector, receipt)
    hands.write(inspector.locator("#note"), "各部门都在期限内答复")
    hands.press(inspector.get_by_role("button", name="保存备注"))
    done(inspector, "备注已保存")

    hands.press(county.locator("summary", has_text=re.compile("^办结$")))
    hands.tick(county.locator("input[name=disposition][value=D2]"))
    hands.write(county.locator("#close-reason"), "各部门已办理")
    hands.press(county.locator("#do-close button.main"))
    done(county, "已办结，结果已告知居民")
    expect(resident.page.get_by_role("log")).to_contain_text("已转有关部门办理", timeout=SLOW_MS)
    context.close()


def test_the_inspector_opens_the_report_and_what_is_behind_a_figure(
    hands: Hands, enter: Enter
) -> None:
    page = enter("dudao")
    hands.press(page.get_by_role("link", name="报表"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("报表")
    hands.press(page.locator("dl.tiles a").first)
    expect(page.locator("a.subject").first).to_be_visible()


def test_the_content_editor_proposes_a_figure(hands: Hands, enter: Enter) -> None:
    month = "01" if isinstance(hands, WithMouse) else "02"
    document = f"试行〔2027〕{month}号"
    page = enter("neirong")
    hands.press(page.get_by_role("link", name="参数"))
    hands.press(page.locator("summary", has_text="提一个新数值"))
    form = page.locator("form.draft")
    hands.choose(form.locator("select[name=name]"), "dibao_standard")
    hands.choose(form.locator("select[name=population]"), "rural")
    hands.write(form.locator("input[name=value]"), "800")
    hands.write(form.locator("input[name=effective_from]"), f"2027-{month}-01")
    hands.write(form.locator("input[name=document]"), document)
    hands.write(form.locator("input[name=checked_until]"), clock.today().isoformat())
    hands.press(form.locator("button.main"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#main")).to_contain_text(document)
    expect(page.locator("#main")).to_contain_text("自己提的要由另一个人复核")


def test_the_auditor_reads_who_opened_what_and_the_chain_holds(
    system: RunningSystem, hands: Hands, enter: Enter
) -> None:
    page = enter("audit")
    hands.press(page.locator("a.subject").first)
    expect(page.locator("p.receipt").first).to_contain_text("回执号")
    hands.press(page.get_by_role("link", name="查阅记录"))
    hands.choose(page.locator("select[name=group]"), "viewed")
    hands.press(page.get_by_role("button", name="查找"))
    hands.press(page.locator("a.subject").first)
    expect(page.locator("p.receipt").first).to_contain_text("回执号")
    runtime = Runtime.open(system.settings)
    try:
        lines, good = report(runtime.database)  # what `wenzhu audit verify` prints
    finally:
        runtime.close()
    assert good, lines


def test_the_administrator_makes_an_account(hands: Hands, enter: Enter) -> None:
    login = "xin." + type(hands).__name__.lower()
    page = enter("admin")
    hands.press(page.locator("summary", has_text="新增账号"))
    hands.write(page.locator("#login"), login)
    hands.write(page.locator("#name"), "新来的小李")
    hands.write(page.locator("input[name=area]"), "拔山镇")
    hands.write(page.locator("form.stacked input[name=reason]"), "新到岗，负责低保受理")
    hands.press(page.locator("form.stacked button.main"))
    expect(page.get_by_text("初始密码：")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("heading", level=1)).to_contain_text(login)


def test_pointing_at_something_fails_a_story_of_the_keyboard(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<button>办结</button><div tabindex=-1 id=far>远</div>")
    with keyboard_alone():
        for pointing in (page.locator("button").click, lambda: page.mouse.click(1, 1)):
            with pytest.raises(pytest.fail.Exception, match="keyboard alone"):
                pointing()
        WithKeys().press(page.locator("button"))
        with pytest.raises(AssertionError, match="Tab does not reach"):
            WithKeys().press(page.locator("#far"))
    page.close()
