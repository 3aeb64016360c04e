"""Greetings, thanks, who are you, and the things other offices do."""

from __future__ import annotations

import re

from actions.absorb import Absorbed
from actions.turn import Turn

#: Which office a question for other services belongs to; the words are `utter_office_<name>`.
_OFFICES = (
    ("disability_card", r"残疾证|残疾等级|评残|伤残鉴定|几级残"),
    ("pension", r"养老|退休|社保|失业保险|失业金|工伤保险|公积金|工资|欠薪|劳动合同|就业补贴"),
    ("medical_insurance", r"医保|新农合|报销|生育津贴"),
    ("household", r"户口|身份证|居住证|派出所|上户|落户"),
    ("school", r"上学|入学|学籍|转学|学校|升学|学位"),
    ("old_age", r"高龄|老年证|敬老卡|养老院|老人补贴"),
    ("marriage", r"结婚证|离婚证|婚姻登记|领证"),
    ("land", r"宅基地|土地|征地|拆迁|林权|承包"),
    ("traffic", r"驾照|驾驶证|违章|车牌|年检"),
    ("legal", r"律师|打官司|法院|诉讼|仲裁"),
)


def greet(turn: Turn, got: Absorbed) -> None:
    """The first greeting says what this is; later ones are short."""
    if turn.state.greeted:
        turn.say("utter_greet_again")
    else:
        turn.state.greeted = True
        turn.say("utter_greet" if turn.state.topic is None else "utter_greet_again")
    del got


def thanks(turn: Turn, got: Absorbed) -> None:
    """You are welcome."""
    turn.say("utter_thanks")
    del got


def goodbye(turn: Turn, got: Absorbed) -> None:
    """Everything stays as it is; the open question waits."""
    turn.say("utter_goodbye_open" if turn.state.topic else "utter_goodbye")
    del got


def identity(turn: Turn, got: Absorbed) -> None:
    """A machine says that it is one."""
    turn.say("utter_bot_identity")
    del got


def other_office(turn: Turn, got: Absorbed) -> None:
    """Not ours: which office, or the common hotline."""
    for name, pattern in _OFFICES:
        if re.search(pattern, turn.heard.text):
            turn.say(f"utter_office_{name}")
            break
    else:
        turn.say("utter_office_unknown", phone=turn.settings.help_phone)
    del got


def chitchat(turn: Turn, got: Absorbed) -> None:
    """Friendly, and back to what can be done here."""
    turn.say("utter_out_of_scope")
    del got
