"""Whether somebody counts as of the household: 我儿子在外头打工算不算进去, 出嫁的女儿算一家吗.

算不算 is asked of people and of money alike; what stands before it tells which. Who asks so tells
little of the household: the one in doubt may live elsewhere (公公婆婆单独住算不算).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .persons import Kin

_WHETHER = r"(?:算不算|算没算|要不要算|用不用算|该不该算|能不能算|可不可以算|会不会算|是不是算)"
# 进去, 在内, 一家人, 我家的人口: counted among those who live together, not 算不算孤儿.
_AMONG = (
    r"(?:(?:进去?|进来|在内|在里头|里头|里面|一起|人头|(?:家庭)?人口|(?:家庭)?成员|一?家(?:的?人|子|里人)?|一?户(?:人|里)?"
    r"|屋头的?人?|户里|数|个人|口人|人))"
)
_HOUSEHOLD = re.compile(_AMONG + r"|算(?:在|到)?(?:谁|哪)|写|填|报|加|列|放")
_IN = r"(?:在|到|作|做|是|成|得|上|同|我们?|俺们?|咱们?|阮|兜|家里?|屋头?|的)*"
_TONE = r"(?:不算|不|吗|么|没得?|嘛|呢|啊|呀|哦|噻|咧|哩|的|了|[?])*"
_ASKED = re.compile(
    rf"{_WHETHER}{_IN}{_AMONG}?(?:里头?|里面|内|去)?{_TONE}(?=$|[ ,。;!?])"
    rf"|(?:也|还|都|能|可以|要|得|该|会)?算{_IN}(?:{_AMONG}(?:里头?|里面|内|去)?)?(?:不算|不|吗|么|没|嘛)(?:[啊呀哦噻]|的)*(?=$|[ ,。;!?])"
    rf"|算(?:在|到)?(?:谁|哪)(?:家|一?户|个户)?(?:的|头上|里|人)*(?=$|[ ,。;!?])"
    r"|(?:要不要|用不用|该不该|能不能|可不可以|需不需要)(?:也|一起|都)?(?:把[^,。;]{1,8})?(?:写|填|报|加|放|列)(?:上|进|入|到|在)(?:去|来|里头?|一起|表上?)*"
    rf"{_TONE}(?=$|[ ,。;!?])"
)
# 户口迁到学校了,有影响吗: of the household, where the register is what differs.
_REGISTER = re.compile(
    r"户口本?[^。;!?]{0,12}(?:迁|转|没在|不在|在老家|在学校|分开|两本|单独|没过来|没上)[^。;!?]{0,14}?"
    r"(?:影响|碍事|要紧|有没有关系|有关系|算|要不要紧|得不得行|行不行|一起|咋算|怎么算)"
)
_MONEY = re.compile(
    r"收入|工资|工钱|的钱|块钱|存款|存折|房|车(?!间|祸)|铺|田|地(?![方里])|金(?!额)|补贴|补助|利息|租|寄(?:回|来|给)|彩礼|保险|挣|赚"
    r"|卖|东西|财产|家产|首饰|牛|羊|猪|抚养费|赡养费|生活费|费|奖|红包|借"
)
_PEOPLE = re.compile(
    r"他|她|人|的$|户口|出嫁|嫁出|外嫁|分家|分了家|成家|单过|分开|坐牢|服刑|当兵|住校|在读|读书|上学|打工|同居|没领证|寄养|收养"
)


@dataclass(frozen=True)
class Counted:
    """A question whether somebody counts, at `start`..`end` with what is told of them.

    `plainly`: it says that the household is meant; otherwise 算不算 may be of a programme.
    """

    start: int
    end: int
    plainly: bool

    def holds(self, position: int) -> bool:
        """Whether what stands at `position` is told of the one in doubt."""
        return self.start <= position < self.end


def find(text: str, kin: list[Kin]) -> Counted | None:
    """The question whether somebody counts; None where money is counted, or nothing is asked."""
    for found in _ASKED.finditer(text):
        for start in _beginnings(text, found.start()):
            before = text[start : found.start()]
            people = [k.end - start for k in kin if start <= k.start < found.end()]
            people += [m.end() for m in _PEOPLE.finditer(before)]
            money = [m.end() for m in _MONEY.finditer(before)]
            plainly = _HOUSEHOLD.search(found.group()) is not None
            if people and (max(people) > max(money, default=-1) or (plainly and not money)):
                return Counted(start, found.end(), plainly)
            if people or money:
                break
    register = _REGISTER.search(text)
    return Counted(*register.span(), plainly=True) if register else None


def _beginnings(text: str, end: int) -> list[int]:
    """Its own clause, else the one before: 儿子当兵去了,算不算. What comes earlier is told."""
    marks = [0, *(m.end() for m in re.finditer(r"[ ,。;!?\n]", text[:end]))]
    return marks[:-3:-1]
