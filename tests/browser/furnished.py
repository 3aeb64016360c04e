"""An office in the middle of its work: the demo data, and something on every console page."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import pyotp
import time_machine
import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import consents
from api.screenings_api import Household, answer
from cases import (
    access,
    accounts,
    batches,
    browsing,
    drafting,
    labels,
    misheard,
    parameter_desk,
    payment_list,
    routing_desk,
    second_factor,
    service,
    staff,
    tokens,
    webhook_outbox,
    webhooks,
)
from cases.draft_models import BotDraft
from cases.errors import OutOfReach
from cases.granted import AidGrant
from cases.misheard import Heard, Reason
from cases.models import Case, Lead, Staff
from cases.repository import Scope
from cases.webhook_models import WebhookDelivery
from conversations import identity, inbox, thread, vault
from devtools import seed
from foundation import clock
from foundation.runtime import Runtime
from rules import regions

#: name, place, programmes, what was said, facts, urgency; all invented
HOUSEHOLDS: tuple[tuple[str, str, list[str], str, dict[str, Any], str], ...] = (
    ("向春梅", "拔山镇", ["dibao"], "男人走得早，我带两个娃，一个月打零工八九百块",
     {"household_size": 3, "monthly_income_total": 850, "hukou": "rural", "car": False}, "normal"),
    ("谭兴国", "石宝镇", ["linshi"], "骑摩托摔断了腿，住院欠了两万多，家里断了收入",
     {"household_size": 4, "hukou": "rural", "shock": "accident", "medical_expense_monthly": 9000},
     "urgent"),
    ("杨秀兰", "忠州街道", ["yiliao", "dibao_bianyuan"], "老头肺癌化疗，一个月自费五千多",
     {"household_size": 2, "hukou": "urban", "disease": "肺癌", "monthly_income_total": 2600},
     "normal"),
    ("罗世才", "石宝镇", ["tekun"], "七十三了，没儿没女，眼睛也看不清了",
     {"household_size": 1, "hukou": "rural", "monthly_income_total": 180}, "normal"),
    ("冉启明", "拔山镇", ["jiaoyu"], "娃儿考上大学，一年学费加住宿要八千",
     {"household_size": 5, "hukou": "rural", "student_stage": "大学", "tuition": 8000}, "normal"),
    ("陈光碧", "忠州街道", ["dibao"], "下岗三年了，孙子跟着我，一个月就靠低保边缘那点补贴",
     {"household_size": 2, "hukou": "urban", "monthly_income_total": 1200}, "normal"),
)  # fmt: skip
UNHEARD = (
    "低保钱没打下来", "这个月低保钱没打下来", "低保钱咋个没打下来哦",
    "我屋头那个老房子瓦片都掉光了还能住不", "你吃饭没有",
)  # fmt: skip
RAISED = {
    "name": "dibao_standard", "region_code": "500000", "population": "rural", "value": "700",
    "unit": "元/人·月", "document": "渝民〔2026〕88号", "clause": "第一条", "grade": "S",
}  # fmt: skip
PAYMENT = {
    "name": "春节慰问", "area": "", "holds": "dibao", "hukou": "", "programme": "linshi",
    "per": "household", "amount": "500",
}  # fmt: skip


@dataclass
class Office:
    """The running console over the furnished database, and what its addresses need."""

    runtime: Runtime
    found: dict[str, str] = field(default_factory=dict)
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)

    def scope(self, login: str) -> Scope:
        with self.runtime.database.read() as session:
            return staff.scope_of(self.person(session, login))

    def person(self, session: Session, login: str) -> Staff:
        return session.scalars(select(Staff).where(Staff.login == login)).one()

    def cookie(self, login: str, stage: str = staff.FULL) -> str:
        """A session of this person, as the browser would have it after `stage`; one for each."""
        if (login, stage) not in self.cookies:
            browser = staff.Browser(device="Windows 电脑，Chrome", address="10.20.3.7")
            with self.runtime.database.write() as session:
                self.cookies[login, stage] = staff.open_session(
                    session, self.runtime.cipher, self.person(session, login).id,
                    stage=stage, browser=browser,
                )  # fmt: skip
        return self.cookies[login, stage]


def furnish(runtime: Runtime) -> Office:
    """Seed the demo data some weeks ago and let the office work since."""
    office = Office(runtime)
    now = clock.now()
    with _on(now - timedelta(days=40)):
        seed.seed(runtime)
    for number, household in enumerate(HOUSEHOLDS):
        with _on(now - timedelta(days=(24, 15, 6, 2, 1, 0)[number], minutes=number)):
            office.found[household[0]] = _file(runtime, f"h{number}", *household)
    office.found |= _seeded(runtime)
    _work(office)
    _publish(office)
    _tell_others(office)
    _give_tokens(office)
    _watch(office)
    return office


def _seeded(runtime: Runtime) -> dict[str, str]:
    """The receipts of two seeded households: a fire, and one that is worked on."""
    with runtime.database.read() as session:
        rows = session.execute(
            select(Case.receipt_no, Case.urgency).order_by(Case.created_at)
        ).all()
    emergency = next(number for number, urgency in rows if urgency == "emergency")
    return {"tian": rows[0][0], "mou": emergency}


@contextmanager
def _on(day: datetime) -> Iterator[None]:
    with time_machine.travel(day):
        yield


def _file(
    runtime: Runtime, key: str, name: str, place: str, programmes: list[str], says: str,
    facts: dict[str, Any], urgency: str, phone: str = "",
) -> str:  # fmt: skip
    cipher = runtime.cipher
    [region] = regions.find(f"忠县{place}")
    told = {**facts, "name": name, "phone": phone or f"139000001{key[1:]:>02}"}
    with runtime.database.write() as session:
        chat = identity.start_web(session, cipher).conversation.id
        spoken = vault.tokenise(session, cipher, chat, says)
        message = thread.append(
            session, cipher, conversation_id=chat, author="resident", text=spoken
        )
        source = {"message_id": message.id, "sentence": spoken}
        return service.file_declaration(
            session, cipher,
            service.Declaration(
                conversation_id=chat, channel="web", idempotency_key=key, programmes=programmes,
                facts=told, fact_sources=dict.fromkeys(told, source), region_code=region.code,
                region_text=region.full_name, urgency=urgency, story=says,
                consents=[
                    service.ConsentGiven(text.kind, text.version, text.digest, clock.now())
                    for kind, text in consents.consent_texts().items()
                    if kind in ("general", "sensitive")
                ],
                screening_json=answer(Household(facts=facts, region=region.code)),
            ),
        ).receipt_no  # fmt: skip


def _work(office: Office) -> None:
    """Replies, visits, aid that is paid, a closed case, two of one household, who waits."""
    runtime, found = office.runtime, office.found
    cipher, chen, he = runtime.cipher, office.scope("zhongxian"), office.scope("fuhe")
    first, second, closed = found["向春梅"], found["谭兴国"], found["陈光碧"]
    today = clock.today()
    month = today.replace(day=1).isoformat()
    found["again"] = _file(
        runtime, "h20", "向春梅", "拔山镇", ["linshi"], "娃儿生病住院，想再问问临时救助",
        {"household_size": 3, "hukou": "rural"}, "normal", phone="13900000100",
    )  # fmt: skip
    with runtime.database.write() as session:
        service.claim(session, cipher, chen, first)
        service.reply(session, cipher, chen, first, "向大姐您好，明天上午我们到家里看看。")
        service.note(session, cipher, chen, first, "已和村里核对过，去年停发是因为外出务工。")
        service.visit(session, cipher, chen, first, "房屋两间，屋顶漏雨，两个孩子在读小学。")
        service.put_label(session, cipher, chen, first, "两个孩子")
        labels.save_view(
            session, chen, "急难的", {"view": "open", "urgency": "urgent"}, shared=True
        )
        service.request_papers(session, cipher, chen, second, "请把出院小结拍照带来。")
        service.start_publicity(session, cipher, chen, second)
        service.object_to(session, cipher, chen, second, "同组的人说他家在镇上还有门面")
        service.aid_papers_due(
            session, cipher, chen, second, today.isoformat(), "住院发票、出院小结"
        )
        service.dispose(
            session, cipher, chen, found["罗世才"], "D3", "各项都差一点，请县里一事一议"
        )
        leads = select(Lead.id).join(Case, Case.id == Lead.case_id)
        for lead in session.scalars(leads.where(Case.receipt_no == closed)).all():
            service.answer_lead(session, cipher, chen, closed, lead, "helped", "已受理，正在公示")
        service.close(session, cipher, chen, closed, "复核后符合，已转受理", "D2")
        service.dispose(session, cipher, chen, first, "D2", "按规定推送办理")
        for award in (
            service.Award("dibao", "650", "month", month, "3"),
            service.Award("linshi", "800", "once", today.isoformat(), "3"),
        ):
            before = set(session.scalars(select(AidGrant.id)))
            service.record_grant(session, cipher, chen, first, award)
            [made] = set(session.scalars(select(AidGrant.id))) - before
            if award.programme == "dibao":
                service.confirm_grant(session, cipher, he, first, made)
        chat = session.scalars(select(Case.conversation_id).where(Case.receipt_no == first)).one()
        assert chat is not None
        said = (("resident", "要准备啥子不"), ("resident", "我屋头老人走不动，可以到屋里办不"))
        for author, text in said:
            thread.append(session, cipher, conversation_id=chat, author=author, text=text)
        service.request_person(session, cipher, chat, "找个人说", "p0", region_code="500233")
        alone = identity.start_web(session, cipher).conversation.id
        thread.append(
            session, cipher, conversation_id=alone, author="resident", text="低保停了，想问人"
        )
        found["asks"] = service.request_person(
            session, cipher, alone, "找个人", "p1", region_code=regions.find("忠县石宝镇")[0].code
        ).receipt_no
        service.take_over(session, cipher, chen, first)
        asked, _ = inbox.accept(
            session, cipher, channel="web", update_id="u1", conversation_id=chat,
            body={"text": "低保找哪个办"},
        )  # fmt: skip
        thread.append(
            session, cipher, conversation_id=chat, author="resident", text="低保找哪个办",
            inbox_id=asked.id,
        )  # fmt: skip
        drafting.keep(
            session, cipher, conversation_id=chat, inbox_id=asked.id,
            text="低保由乡镇（街道）受理。您在拔山镇，可以到镇上的便民服务中心，也可以在这里申报。",
            sources=[{"title": "最低生活保障审核确认办法（民发〔2021〕57号）"}],
        )  # fmt: skip
        found["proposed"] = session.scalars(select(BotDraft.id)).one()
    with runtime.database.write() as session:
        form = PAYMENT | {"pays_on": today.isoformat()}
        rule = payment_list.rule_of(chen, form)
        drawn = payment_list.draw(session, chen, rule)
        batches.propose(session, cipher, he, rule, drawn.digest)


def _publish(office: Office) -> None:
    """A figure that waits for its second pair of eyes, and sentences nobody understood."""
    runtime, editor = office.runtime, office.scope("neirong")
    given = RAISED | {
        "effective_from": clock.today().isoformat(),
        "checked_until": clock.today().isoformat(),
    }
    hashed = staff.hash_password(seed.DEMO_PASSWORD)
    with runtime.database.write() as session:
        staff.create_staff(
            session, login="neirong2", name="重庆市内容编辑小冯", password=seed.DEMO_PASSWORD,
            role="content_editor", area_code="500000", department="minzheng", hashed=hashed,
        )  # fmt: skip
        office.found["draft"] = parameter_desk.propose(session, editor.worker_id, given).id
        old = parameter_desk.propose(session, editor.worker_id, given | {"value": "690"})
        parameter_desk.decide(
            session, office.person(session, "neirong2").id, old.id, publish=False,
            reason="和文件附件里的数不一样",
        )  # fmt: skip
        chat = identity.start_web(session, runtime.cipher).conversation.id
        for number, text in enumerate(UNHEARD):
            ranking = (("ask_payment_problem", 0.3), ("greet", 0.1))
            heard = Heard(f"m{number}", text, "nlu_fallback", 0.1, ranking)
            misheard.keep(session, runtime.cipher, chat, heard, Reason.MISSED)
            if number == 0:
                office.found["sentence"] = session.scalars(select(misheard.Misheard.id)).one()


def _tell_others(office: Office) -> None:
    """A system that is told of events and did not take some of them."""
    runtime, admin = office.runtime, office.scope("admin")
    with runtime.database.write() as session:
        routing_desk.change(
            session, runtime.cipher, admin, "500233", "medical", ["weijian"],
            ["yibao", "xiangzhen"], "县里的机构调整方案",
        )  # fmt: skip
    wish = webhooks.Wish(
        "县数据共享交换平台", "https://exchange.example.gov.cn/hooks/social-assistance/v1/events",
        "忠县", ["filed", "closed"],
    )  # fmt: skip
    with runtime.database.write() as session:
        hook, _ = webhooks.add(
            session, runtime.cipher, admin, wish, "县里的数据共享安排", https_only=True
        )
        office.found["hook"] = hook.id
        for _ in range(3):
            webhooks.trial(session, admin, hook.id)
    with runtime.database.write() as session:
        rows = list(session.scalars(select(WebhookDelivery)))
        rows[0].state, rows[0].last_error, rows[0].attempts = "dead", "timeout", 12
        rows[1].state, rows[1].answered, rows[1].attempts = "done", 204, 1
        webhook_outbox.measure(session)


def _give_tokens(office: Office) -> None:
    """Programs that read: one at work, one that ends soon, one revoked, one made on the machine."""
    runtime, admin, today = office.runtime, office.scope("admin"), clock.today()
    for key, name, role, days, given in (
        (
            "token",
            "县数据共享交换平台取数",
            "county_reviewer",
            300,
            ["case_read", "case_note", "report_read", "report_take", "lead_work"],
        ),
        ("soon", "县级大屏", "county_reviewer", 6, ["report_read"]),
        ("revoked", "旧的报表脚本", "auditor", 90, ["case_read", "access_read"]),
    ):
        wish = tokens.Wish(
            name, role, "忠县", "minzheng", given, (today + timedelta(days=days)).isoformat()
        )
        with runtime.database.write() as session:
            made, secret = tokens.make(
                session, runtime.cipher, admin, wish, "按数据共享安排", f"form-of-{key:>20}"
            )
            office.found[key] = made.id
        tokens.used(runtime.database, runtime.cipher, secret)
    with runtime.database.write() as session:
        tokens.revoke(
            session, runtime.cipher, admin, office.found["revoked"], "脚本不用了", sure=True
        )
        tokens.make_on_machine(
            session, runtime.cipher, name="巡检", role="auditor", area_code="500233",
            department="minzheng", days=None,
        )  # fmt: skip


def _watch(office: Office) -> None:
    """Full names looked at, cases outside the own area tried, a second factor set up."""
    runtime, chen = office.runtime, office.scope("zhongxian")
    cipher = runtime.cipher
    with runtime.database.write() as session:
        service.reveal(session, cipher, chen, office.found["谭兴国"], "电话核实家庭情况")
    for number in range(6):
        refused = OutOfReach(chen, f"WZ{number:012}")
        access.record_refusal(runtime.database, cipher, refused)
    with runtime.database.write() as session:
        browsing.watch(session, cipher, clock.now())
        person = office.person(session, "audit")
        key = second_factor.begin(session, cipher, person, "-").key
        assert second_factor.confirm(session, cipher, person, "-", pyotp.TOTP(key).now())
        accounts.stop(
            session, cipher, office.scope("admin"), office.person(session, "yibao").id,
            "本人调离岗位",
        )  # fmt: skip
        phone = staff.Browser(device="安卓手机，微信", address="10.20.9.31")
        staff.open_session(session, cipher, office.person(session, "zhongxian").id, browser=phone)
        office.found["stopped"] = office.person(session, "yibao").id
        office.found["person"] = office.person(session, "zhongxian").id


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: Any, port: int, *, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """The application on a real port."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan=lifespan))
    runner = threading.Thread(target=server.run, daemon=True)
    runner.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    runner.join(10)
