"""Whose hardship a message tells when it does not say for whom it asks."""

from __future__ import annotations

import re

from .lexicon import Lexicon
from .persons import OPENING, Clause, Kin

_TROUBLE = re.compile(
    r"病|癌|瘤|症|炎|失能|糊涂|走丢|疯|傻|呆|痴|老得|走不(?:了|动)|残|瘫|聋|哑|盲|瞎|看不见|住院|手术|开刀|抢救|透析|洗肾|烧伤|车祸|摔|断了|截|智力|精神|自闭|痴呆|呆了"
    r"|没人(?:管|照顾)|不能动|动不了|下不了床|卧床|自理|重症|监护|昏迷|\d+岁|[十百]岁|[二三四五六七八九]十[一二三四五六七八九]?(?:多|几|了|岁)"
)
# 我要照看他没法上班 tells of the one looked after.
TENDING = re.compile(
    r"照[看顾料管]|伺候|服侍|侍候|护理|守着|陪|(?:跟|和|随)(?:着)?我们?[^,。;]{0,3}(?:住|过|生活|长大)|管|接(?:来|到|过来)|带(?:大|着)"
)


def troubled(text: str, person: Kin, kin: list[Kin], lexicon: Lexicon) -> bool:
    """Illness, disability or age is told of this relative before the next one is named."""
    following = [k.start for k in kin if k.start >= person.end]
    end = min([following[0] if following else len(text), person.end + 30])
    stretch = re.split(r"[,。;](?=(?:我|俺|咱)(?!妈|爸|娃|儿|女|闺))", text[person.end : end])[0]
    lead = text[max(0, person.start - 4) : person.start]
    return ill(stretch, lexicon) or bool(re.search(r"(?:傻|残疾|患病|生病|脑瘫|瞎)的?$", lead))


def ill(stretch: str, lexicon: Lexicon) -> bool:
    return bool(_TROUBLE.search(stretch) or lexicon.disease_words.find(stretch))


# 我弟有癫痫,没成过家; 她一个人在山上: hardship that is no illness.
_HARDSHIP = re.compile(
    r"一个人|独居|独自|没(?:有)?(?:儿|子女|人|房|地方|收入|工作|退休|嫁|娶|结|成)|无儿|未婚|单身|光棍|守寡"
    r"|[没不]读|死|去世|过世|没了|跑|再婚|失业|下岗|瘸|跛|困难|赶出|改嫁|坐牢|被抓|[没无]了(?:爹|爸|父|双)|流浪|孤儿|老实|可怜|[六七八九]十[一二三四五六七八九]?(?=[,。;!? ]|$|的人)"
)
# The household as a whole: what happens to one of it happens to all.
_OUR_HOUSE = re.compile(
    r"(?<![在来到住])(?:我家|俺家|咱家)|阮兜|全家|一家|家庭|家里(?:就|有|还|只|一共|没|揭|困|穷|靠|全)|屋头就|[一二两三四五六七八九\d]口人"
)
# 替我妈问, 我想申请: what the speaker does here, no circumstance of his own.
_ASKING = re.compile(
    r"(?:^|[,。;])(?:我|俺)(?:们|自己|人)?(?:都|也|还|一直|长期)?在|回不|想|要(?!照)|问|申请|咨询|打听|反映|求|代|替|帮|办|能|是(?:她|他)|(?:我|俺|咱)(?:们)?(?:家)?(?:这边|那边|村|当地|社区)|给(?:她|他)"
)
_MY_AGE = re.compile(
    r"(?:我|俺)(?:今年|才|刚|也|都|自己)*(?:\d\d|[一二三四五六七八九]?十[一二三四五六七八九]?)(?:岁|$)"
)
_OUTSIDE = {"grandparent", "sibling", "relative", "grandchild"}


def story_of(text: str, clauses: list[Clause], kin: list[Kin], lexicon: Lexicon) -> Kin | None:
    """The one relative a message goes on about: 我舅六十六,没成过家,手抖得端不住碗.

    Not the husband, wife or child of the speaker, whose trouble is that of the household.
    """
    if _OUR_HOUSE.search(text) or len(clauses) < 2:
        return None
    told = [c for c in clauses if c.subject and not OPENING.fullmatch(c.text)]
    own = [
        c
        for c in told
        if c.subject == "self"
        and not ((TENDING.search(c.text) and "管我" not in c.text) or _ASKING.search(c.text))
    ]
    topic = next((c for c in told if c.subject != "self"), None)
    person = next((k for k in kin if topic and k.relation == topic.subject), None)
    if topic is None or person is None or person.kind not in {*_OUTSIDE, "parent", "inlaw"}:
        return None
    about = [c for c in told if c.subject == topic.subject]
    room = len(about) - (person.kind not in _OUTSIDE)
    if own and (own[0].start < topic.start or len(own) > room):
        return None
    if any(_MY_AGE.search(c.text) for c in told if c.subject == "self"):
        return None  # 奶奶带我,我十七,她七十七
    others = [k for k in kin if k.kind != "other" and k.relation != person.relation]
    if person.kind in {"parent", "inlaw"} and any(
        k.kind == person.kind or (k.kind != "spouse" and troubled(text, k, kin, lexicon))
        for k in others
    ):
        return None
    hard = any(_HARDSHIP.search(c.text) or ill(c.text, lexicon) for c in about)
    return person if hard else None
