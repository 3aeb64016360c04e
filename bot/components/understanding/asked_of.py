"""Which of several programmes that a message names it asks about.

A name may say where somebody lives (住着公租房), what counts as income (助学金算收入吗), what was lost
(低保停了，医疗救助呢), what they have already, or only the line another grant is measured by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class ProgrammeHit:
    """One mention. `held`: the household is on it; `stopped`: it was ended."""

    start: int
    end: int
    code: str
    role: str
    held: bool = False
    stopped: bool = False
    negated: bool = False


def head_of(text: str, names: list[ProgrammeHit]) -> ProgrammeHit:
    """The one asked about among several named: the head of 困境学生的低保 and 低保大病救助."""
    chosen = names[0]
    if chosen.code == "cishan":
        return chosen  # 慈善总会的大病救助: the giver is what was asked for
    for following in names[1:]:
        between = text[chosen.end : following.start]
        single = text[following.start : following.end] in {"单人保", "单人低保"}
        if (
            following.code != chosen.code
            and not single
            and between
            in {
                "",
                "的",
                "户",
                "家庭",
                "户的",
                "户家的",
                "人员",
            }
        ):
            chosen = following
            continue
        break
    return chosen


_RESIDENCE = re.compile(
    r"(?:同住|租住|住着|住在|住的是?|住|现住|居住于?)(?:政府|街道|社区)?(?:的|一?套)?$"
)
# Sources of income that a rule question asks about; the grant asked about is 低保.
_INCOMES = frozenset({"jiaoyu", "canji_butie", "cishan", "gu_er_ertong"})
# 助学金算不算收入 asks of 低保; 评困难生看不看存款 asks of the aid itself.
_AS_INCOME = re.compile(
    r"算(?:不算|没算)?(?:是|到|在|作|成|进)?(?:我们?|咱|家里?|家庭|低保|他|她)*(?:的|在)?(?:收入|进去|里头?|进来)"
    r"|计入|作不作数|抵|扣|减掉|要不要(?:算|报)|收入里"
)
_SOUGHT = re.compile(r"(?:认|评|办|申请|申报|求|报|认定)(?:个|上|定)?$")
# 低保没批下来, 低保停了: what follows is asked about instead.
_LOST = re.compile(
    r"(?:户|家庭|这边|那边)?(?:要是|万一|我家|我们|都|也|又|被|一|给)*(?:没(?:够上|批|评上|通过|过|办成|给|了)|(?:批|办|评|够|吃|认)不(?:下来?|上|成|了|到)"
    r"|停(?:了|掉)|取消|退(?:了|掉|出)|断了)"
)


# 比低保线高多少算边缘家庭: the line is only what another is measured by.
_LINE = re.compile(r"(?:线|标准)")


def is_income(text: str, hit: ProgrammeHit) -> bool:
    """A grant of another kind, named in a question about what counts."""
    if hit.code not in _INCOMES or _SOUGHT.search(text[: hit.start]):
        return False
    return bool(_AS_INCOME.search(text))


def _beside_lost(text: str, names: list[ProgrammeHit], label: str) -> list[ProgrammeHit]:
    """低保停了，医疗救助是不是一起没: the one that was lost or refused is not the one asked about."""
    if not label.startswith("ask_") or len({h.code for h in names}) < 2:
        return names
    asked = [h for h in names if not _LOST.match(text[h.end :])]
    asked = [h for h in asked if not (h.code == "dibao" and _LINE.match(text[h.end :]))] or asked
    return asked or names


def asked_names(text: str, hits: list[ProgrammeHit], label: str) -> list[ProgrammeHit]:
    """Names that are asked about: not held, not denied, not where somebody lives."""
    disputed = label == "ask_appeal_complaint"  # 说我不算就业困难: that is what is asked
    names = [h for h in hits if h.role == "name" and not h.held and (disputed or not h.negated)]
    names = [h for h in names if not (h.code == "zhufang" and _RESIDENCE.search(text[: h.start]))]
    if label in {"ask_income_property_rules", "ask_family_definition"}:
        names = [h for h in names if not is_income(text, h)]
    names = _beside_lost(text, names, label)
    if label == "crisis_emergency":
        names = [h for h in names if not h.stopped]
    return names


# 住着公租房, 领护理补贴的人, 捐过款 … 还能吃低保不.
_BESIDES = re.compile(
    r"还(?:能|可以|得|有|会|给|发)|能不能|可不可以|再|一起|同时|冲突|矛盾|打架|扣|少给|影响|两样|都"
)
_ANYTHING_ELSE = re.compile(r"(?:别的|其他|其它|另外|旁的|有(?:没有|啥|什么|哪些|无))")


def had(text: str, hits: list[ProgrammeHit]) -> ProgrammeHit | None:
    """What somebody has who asks what may come on top: its own answer says what goes with it."""
    known = [h for h in hits if h.role != "cue" and not h.negated and not h.stopped]
    others = [h for h in known if h.code != "dibao"]
    first = head_of(text, others) if others else None  # the head of 重残的孤儿
    if first is not None and known[0].code != "dibao" and len({h.code for h in known}) > 1:
        return first if _BESIDES.search(text[first.end :]) else None
    donated = next((h for h in hits if h.role == "cue" and h.code == "cishan"), None)
    if donated and known and donated.start < known[0].start:
        return donated
    if first is not None and first.held and _ANYTHING_ELSE.search(text[first.end :]):
        return first
    return None
