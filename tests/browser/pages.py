"""Every page there is, with who may see it and what has to be done there to see all of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from cases import signing_in, staff
from conversations import handover, thread
from devtools.seed import DEMO_PASSWORD
from tests.browser.furnished import PAYMENT, Office

Deed = Callable[[Page, Office], None]


@dataclass(frozen=True)
class Shown:
    """A page to look at: its route, the address with names of `Office.found`, who, and then what.

    `then` is done on the loaded page: a form filled in and sent, a dialog opened.
    """

    name: str
    route: str
    query: str = ""
    who: str = ""
    stage: str = staff.FULL
    then: Deed | None = None
    status: int = 200
    given: tuple[str, ...] = ()

    def path(self, office: Office) -> str:
        """The address on this office."""
        given = iter(self.given)
        filled = re.sub(r"\{\w+\}", lambda _: office.found[next(given)], self.route)
        return filled + self.query.format_map(office.found)


def press(name: str) -> Deed:
    def deed(page: Page, _: Office) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()

    return deed


def send(button: str, **values: str) -> Deed:
    """Fill the form in and send it; wait for the page that answers."""

    def deed(page: Page, office: Office) -> None:
        unfold(page, office)
        page.evaluate("document.querySelectorAll('form').forEach(it => { it.noValidate = true })")
        for name, value in values.items():
            field = page.locator(f"main [name='{name}']:visible").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value.format_map(office.found))
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).first.click()

    return deed


def unfold(page: Page, _: Office) -> None:
    """Open what is folded: forms behind a summary are part of the page."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def all_fields(page: Page, _: Office) -> None:
    """Tick every further programme, so that its questions show."""
    unfold(page, _)
    page.evaluate(
        "document.querySelectorAll('[id^=focus-]').forEach(one => { one.checked = true })"
    )


def in_turn(*deeds: Deed) -> Deed:
    def deed(page: Page, office: Office) -> None:
        for one in deeds:
            one(page, office)

    return deed


def made(page: Page, office: Office) -> None:
    """A token made by hand, with its secret on the page."""
    page.get_by_label("查看案件").check()
    no_right(page, office)
    expect(page.locator(".key")).to_contain_text("wz_")


def bulk(page: Page, _: Office) -> None:
    """Tick two rows and claim them."""
    for box in page.locator("td.tick input").all()[:2]:
        box.check()
    with page.expect_navigation():
        page.get_by_role("button", name="办理", exact=True).click()


def keys(page: Page, _: Office) -> None:
    """The dialog of keys."""
    page.get_by_role("button", name="键盘快捷键").click()
    expect(page.locator("dialog")).to_be_visible()


SCREENED = {
    "region": "忠县", "household_size": "3", "monthly_income_total": "900", "hukou": "rural",
}  # fmt: skip
CASE, HOOK = "/console/cases/{receipt}", "/console/webhooks/{webhook_id}"
TOKEN = "/console/tokens/{token_id}"
CODE, PASSWORD, ENROL = signing_in.CODE, signing_in.PASSWORD, signing_in.ENROL
LISTED = "?measure=filed&from={month}&to={today}"
PAYING = "?" + "&".join(f"{key}={value}" for key, value in PAYMENT.items()) + "&pays_on={today}"

wrong_login = send("登录", login="nobody", password="nothing-here")
finding = send("登记并推送", place="火星", story="看到房子塌了半边")
revealed = send("查看", reason="电话核实家庭情况")
screened = send("筛查", **SCREENED)
wrong_screening = send("筛查", region="火星", household_size="两")
wrong_figure = send("提交，等另一个人复核", value="零", document="无", effective_from="2026-10-01")
added = send("新增", login="xinlai", name="新来的小李", area="忠县", reason="新到岗的同事")
new_secret = send("更换密钥", reason="每年换一次")
no_right = send("发放", name="街道自助终端", area="忠县", until="{today}", reason="大屏要看报表")
no_reason = send("保存", reason="好")
not_sure = send("作废", reason="系统下线了")
setting_up = send("下一步", password=DEMO_PASSWORD)

CONSOLE = (
    Shown("sign-in", "/console/login"),
    Shown("sign-in-refused", "/console/login", then=wrong_login),
    Shown("sign-in-code", "/console/login/code", who="audit", stage=CODE),
    Shown("sign-in-password", "/console/login/password", who="fuhe", stage=PASSWORD),
    Shown("sign-in-enrol", "/console/login/enrol", who="fuhe", stage=ENROL),
    Shown("provider-absent", "/console/login/oidc/back", status=404),
    Shown("queue", "/console", who="zhongxian"),
    Shown("queue-keys", "/console", who="zhongxian", then=keys),
    Shown("queue-overdue", "/console", "?view=overdue", who="zhongxian"),
    Shown("queue-empty", "/console", "?q=WZ999999999999", who="zhongxian"),
    Shown("queue-township", "/console", who="bashan"),
    Shown("queue-auditor", "/console", who="audit"),
    Shown("queue-bulk", "/console", who="zhongxian", then=bulk),
    Shown("notices", "/console/notices", who="zhongxian"),
    Shown("waiting", "/console/waiting", who="zhongxian"),
    Shown("new", "/console/new", who="bashan"),
    Shown("new-refused", "/console/new", who="bashan", then=finding),
    Shown("case", CASE, who="zhongxian", given=("向春梅",)),
    Shown("case-keys", CASE, who="zhongxian", given=("向春梅",), then=keys),
    Shown("case-emergency", CASE, who="duty", given=("mou",)),
    Shown("case-township", CASE, who="bashan", given=("tian",)),
    Shown("case-auditor", CASE, who="audit", given=("杨秀兰",)),
    Shown("case-objected", CASE, who="zhongxian", given=("谭兴国",)),
    Shown("case-before-county", CASE, who="fuhe", given=("罗世才",)),
    Shown("case-revealed", CASE, who="zhongxian", given=("罗世才",), then=revealed),
    Shown("case-closed", CASE, who="zhongxian", given=("陈光碧",)),
    Shown("case-asks", CASE, who="zhongxian", given=("asks",)),
    Shown("case-absent", CASE, who="zhongxian", given=("nothing",), status=404),
    Shown("bot-draft", CASE + "/drafts/{draft_id}", who="zhongxian", given=("向春梅", "proposed")),
    Shown("compare", CASE + "/compare", "?other={again}", who="zhongxian", given=("向春梅",)),
    Shown("paper-form", CASE + "/form", who="zhongxian", given=("向春梅",)),
    Shown("paper-packet", CASE + "/packet", who="zhongxian", given=("向春梅",)),
    Shown("paper-coordination", CASE + "/coordination", who="zhongxian", given=("罗世才",)),
    Shown("screening", "/console/screening", who="bashan", then=all_fields),
    Shown("screening-found", "/console/screening", who="bashan", then=screened),
    Shown("screening-refused", "/console/screening", who="bashan", then=wrong_screening),
    Shown("atlas", "/console/atlas", "?show=all&programme=dibao", who="zhongxian"),
    Shown("atlas-absent", "/console/atlas", "?region=火星&programme=dibao", who="zhongxian"),
    Shown("atlas-editor", "/console/atlas", "?programme=dibao", who="neirong"),
    Shown("atlas-refused", "/console/atlas", who="neirong", then=wrong_figure),
    Shown("draft", "/console/atlas/{draft_id}", who="zhongxian", given=("draft",)),
    Shown("draft-second", "/console/atlas/{draft_id}", who="neirong2", given=("draft",)),
    Shown("report", "/console/reports", "?from={month}&to={today}", who="zhongxian"),
    Shown("report-editor", "/console/reports", who="neirong"),
    Shown("report-list", "/console/reports/list", LISTED, who="zhongxian"),
    Shown("payments", "/console/payments", PAYING, who="zhongxian"),
    Shown("people", "/console/people", who="admin"),
    Shown("people-added", "/console/people", who="admin", then=added),
    Shown("person", "/console/people/{staff_id}", who="admin", given=("person",)),
    Shown("person-stopped", "/console/people/{staff_id}", who="admin", given=("stopped",)),
    Shown("routing", "/console/routing", who="bashan"),
    Shown("routing-admin", "/console/routing", who="admin"),
    Shown("routing-edit", "/console/routing", "?area=500233&need=medical", who="admin"),
    Shown("routing-refused", "/console/routing", "?area=500233&need=legal", who="admin",
          then=no_reason),
    Shown("webhooks", "/console/webhooks", who="admin"),
    Shown("webhook", HOOK, who="admin", given=("hook",)),
    Shown("webhook-secret", HOOK, who="admin", given=("hook",), then=new_secret),
    Shown("tokens", "/console/tokens", who="admin"),
    Shown("token-form", "/console/tokens/new", "?role=county_reviewer", who="admin"),
    Shown("token-refused", "/console/tokens/new", who="admin", then=no_right),
    Shown("token-made", "/console/tokens/new", who="admin", then=made),
    Shown("token", TOKEN, who="admin", given=("token",)),
    Shown("token-sure", TOKEN, who="admin", given=("token",), then=not_sure),
    Shown("token-revoked", TOKEN, who="admin", given=("revoked",)),
    Shown("access", "/console/access", who="dudao"),
    Shown("alarms", "/console/access/alarms", who="dudao"),
    Shown("misheard", "/console/misheard", who="neirong"),
    Shown("misheard-one", "/console/misheard/{sentence_id}", who="neirong", given=("sentence",)),
    Shown("mine", "/console/mine", who="zhongxian"),
    Shown("mine-keys", "/console/mine", who="zhongxian", then=keys),
    Shown("mine-with-code", "/console/mine", who="audit"),
    Shown("mine-setting-up", "/console/mine", who="zhongxian", then=setting_up),
)  # fmt: skip

#: Routes of both applications that are no page, or not ours, each with its reason.
NO_PAGE = {
    "/": "leads to /console",
    "/console/login/oidc": "leads to the identity provider",
    "/console/cases/{receipt}/head": "a part of the case's page, which is looked at whole",
    "/console/cases/{receipt}/thread": "a part of the case's page, which is looked at whole",
    "/console/cases/{receipt}/form.pdf": "a PDF",
    "/console/cases/{receipt}/packet.pdf": "a PDF",
    "/console/cases/{receipt}/coordination.pdf": "a PDF",
    "/livez": "for machines",
    "/readyz": "for machines",
    "/metrics": "for machines",
    "/docs": "FastAPI's description of the chat's edge, for developers",
    "/docs/oauth2-redirect": "FastAPI's, for developers",
    "/openapi.json": "for machines",
}


# ---- the resident's page -------------------------------------------------------------------------
def greeted(page: Page, _: Office) -> None:
    expect(page.locator(".bubble.bot").first).to_be_visible()


def talked(page: Page, office: Office) -> None:
    """An answer with sources and choices, then a colleague who takes over."""
    greeted(page, office)
    box = page.get_by_role("textbox", name="您想说的话")
    for text in (
        "低保一个月好多钱",
        "我想问一下，我屋头三口人，娃儿读书，老人吃药，这样子可不可以申请哦",
    ):
        before = page.locator(".bubble.bot").count()
        box.fill(text)
        box.press("Enter")
        expect(page.locator(".bubble.bot")).not_to_have_count(before)
    unfold_shadow(page)


def taken(page: Page, office: Office) -> None:
    talked(page, office)
    kept = page.evaluate("JSON.parse(localStorage.getItem('wenzhu-chat')).conversation")
    runtime = office.runtime
    with runtime.database.write() as session:
        worker = office.person(session, "zhongxian").id
        handover.take(session, kept, worker)
        thread.append(
            session, runtime.cipher, conversation_id=kept, author="person", worker_id=worker,
            text="您好，我是县民政局的老陈。您把户口本拍照发来就行，不用跑。",
        )  # fmt: skip
    expect(page.locator(".bubble.person").first).to_be_visible()


def large(deed: Deed) -> Deed:
    def larger(page: Page, office: Office) -> None:
        deed(page, office)
        page.get_by_role("button", name="大字").click()

    return larger


def without_script(page: Page, _: Office) -> None:
    """The same address as a browser shows it that does not run scripts."""
    page.get_by_role("textbox", name="您想说的话").fill("低保一个月好多钱")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".bubble.bot").nth(1)).to_be_visible()


def unfold_shadow(page: Page) -> None:
    page.locator("wenzhu-chat").evaluate(
        "one => one.shadowRoot.querySelectorAll('details').forEach(it => { it.open = true })"
    )


CHAT = (
    Shown("chat-greeting", "/", then=greeted),
    Shown("chat-answer", "/", then=talked),
    Shown("chat-person", "/", then=taken),
    Shown("chat-large", "/", then=large(talked)),
    Shown("chat-without-script", "/", then=without_script),
)


def plain(one: Shown) -> bool:
    """Whether the page is looked at without its script."""
    return one.then is without_script


def routes(app: Any) -> set[str]:
    """The GET routes of an application that are not for scripts."""
    from tests.api.test_matrix import walk

    return {
        route.path
        for route in walk(app.routes)
        if "GET" in (getattr(route, "methods", None) or ())
        and not route.path.startswith(("/api/", "/chat/"))
    }
