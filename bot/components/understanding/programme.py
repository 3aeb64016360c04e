"""Which of the eighteen programmes a message is about, and which ones the household is on.

A programme that is named beats one that is hinted at, which beats the household's own status
(低保户孩子的学费 asks about 教育救助). Dictated or mistyped names are matched by sound
(地保, 边圆户).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from .lexicon import Lexicon, default_lexicon, syllables

#: Rule questions that name no programme are asked about the minimum living guarantee.
IMPLIED_DIBAO = frozenset(
    {
        "ask_income_property_rules",
        "ask_family_definition",
        "ask_review_or_stop",
        "ask_payment_problem",
        "ask_appeal_complaint",
        "update_case",
    }
)
# Continuing grants somebody can be "on"; one-off help and services are not held.
_GRANTED = frozenset(
    {"dibao", "tekun", "dibao_bianyuan", "canji_butie", "gu_er_ertong", "fangfanpin"}
)
_OF_DANGER = {"child": "gu_er_ertong", "no_food": "linshi", "homeless": "liulang"}
_TALK = frozenset(
    {
        "greet",
        "goodbye",
        "thanks",
        "affirm",
        "deny",
        "bot_identity",
        "out_of_scope_chitchat",
        "human_handoff",
        "ask_privacy",
    }
)
_NEGATED = re.compile(
    r"(?:不算|不是|不属于|算不上|够不上|没到|达不到|不要|不想要|又不是|也不是)(?:什么|个)?$"
)
_HELD_BEFORE = re.compile(
    r"(?:领着|领了|吃着|吃了|享受着|享受了|拿着|拿了|在吃|在领|在享受|有了?|领|吃|享受"
    r"|靠|拿)(?:的是|点|个|过)?(?:农村|城市|城镇)?$"
)
_HOLDS_BEFORE = re.compile(
    r"(?:我|我们|我家|我们家|家里|全家|本人|他|她|俺家|也|都|就|还|早就|已经)(?:是"
    r"|属于)(?:农村|城市)?(?:的)?$"
)
# 能吃低保, 想领低保, 有没有低保 ask for it; they do not hold it.
_WISH = re.compile(
    r"(?:能|可以|可不可以|想|要|申请|办理?|该|才|怎么|如何|没有?|没得|不|符合|够|得"
    r"|应该|条件|资格|帮|给|咋|让|为啥|谁|哪些人)"
    r"(?:能|够|去|来|享受|吃|领|拿|有|得到|上|评|纳入)*$"
)
_ASK_AFTER = re.compile(r"(?:不|吗|么|没|没有|的条件|资格|名额|指标|标准)")
_HELD_AFTER = re.compile(
    r"(?:在吃|在领|吃着|领着|有在|只够|不够|还有.{1,5}才?发|每月|每个月|一个月"
    r"|金?每月)(?!多少|好多|能|几|领多少|拿多少|是多少|给多少|发多少)"
)
_FAMILY_AFTER = re.compile(r"(?:的?(?:家的?)?(?:孩子|小孩|娃|学生|儿子|女儿|子女))")
_STOP = re.compile(
    r"(?:停(?!车|电|水|工)|取消|断了|没了(?!人)|砍了|拿掉|不发了|被卡了|被退|清退|下了"
    r"|撤了|取缔|不给了)"
)
_STOP_BEFORE = re.compile(
    r"(?:停了|停掉|取消了?|停发|砍了|断了|撤销了|停)(?:了)?(?:我|我家|我们|他|她|我妈"
    r"|我爸|的|家)*(?:的)?$"
)
_HYPOTHETICAL = re.compile(
    r"(?:会不会|会|要是|如果|是不是要|什么情况|哪些情况|啥情况|怎样|怎么样|还能|才"
    r"|不会|多久|几时|就得|要不要|是否)$"
)


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


def _by_sound(text: str, taken: list[tuple[int, int]], lexicon: Lexicon) -> list[ProgrammeHit]:
    index = lexicon.sounds
    sizes = lexicon.sound_sizes
    sounds = syllables(text)
    hits: list[ProgrammeHit] = []
    at = 0
    while at < len(text):
        for size in sizes if sounds[at] in lexicon.sound_starts else ():
            code = index.get(sounds[at : at + size])
            span = (at, at + size)
            if not code or any(a < span[1] and span[0] < b for a, b in taken):
                continue
            if all("\u4e00" <= c <= "\u9fff" for c in text[at : at + size]):
                hits.append(ProgrammeHit(*span, code, "name"))
                at += size - 1
                break
        at += 1
    return hits


def _is_held(text: str, start: int, end: int, role: str, code: str) -> bool:
    clause = re.split(r"[,。;!?\n]", text[:start])[-1]
    after = re.split(r"[,。;!?\n]", text[end:])[0]
    if _ASK_AFTER.match(after) and role == "name":
        return False
    if role == "holder":
        family = code in {"dibao", "tekun"} and _FAMILY_AFTER.match(after)
        return bool(_HOLDS_BEFORE.search(clause) or family)
    if (_HOLDS_BEFORE.search(clause) and after.startswith(("的", "户", "家庭", "人"))) or (
        _HOLDS_BEFORE.search(clause) and not after
    ):
        return True
    if re.search(r"多少|好多|几多|什么|啥|条件|标准|优先|符合", clause + after):
        return False
    if (
        re.search(
            r"^(?:我们?|俺们?)?(?:家里?|全家|一家人?|家头|本人|我)(?:是|就是)?(?:农村|城市)?$",
            clause,
        )
        and not after
    ):
        return not re.match(r"[?吗]", text[end:])
    held = _HELD_BEFORE.search(clause)
    if held and not _WISH.search(clause[: held.start()]) and not re.search(r"[吗么不没]$", after):
        return True
    return bool(_HELD_AFTER.match(after)) and not _WISH.search(clause)


def _is_stopped(text: str, start: int, end: int) -> bool:
    after = re.split(r"[。;!\n]", text[end : end + 16])[0]
    match = _STOP.search(after)
    if (
        match
        and not _HYPOTHETICAL.search(after[: match.start()])
        and not re.search(
            r"[怎如]|标准|资格$|多少|是不是|还",
            after[: match.start()].replace("咋个", "").replace("怎么", ""),
        )
    ):
        rest = text[end + match.end() :][:4]
        return not re.match(r"(?:吗|不|么|多久|的条件)", rest)
    return bool(_STOP_BEFORE.search(text[max(0, start - 8) : start])) and not re.search(
        r"(?:会|要是|如果|怎么|才|要|能)[^,]{0,3}$", text[: max(0, start - 2)][-6:]
    )


def find_programmes(text: str, lexicon: Lexicon | None = None) -> list[ProgrammeHit]:
    """All programme mentions of the clean text, in order."""
    lexicon = lexicon or default_lexicon()
    # 孤儿寡母 are a widow and her children.
    exact = [
        h for h in lexicon.programme_words.find(text) if text[h.start : h.end + 2] != "孤儿寡母"
    ]
    hits = [
        ProgrammeHit(h.start, h.end, lexicon.aliases[h.word].code, lexicon.aliases[h.word].role)
        for h in exact
    ]
    hits += _by_sound(text, [(h.start, h.end) for h in exact], lexicon)
    hits.sort(key=lambda h: h.start)
    out: list[ProgrammeHit] = []
    for hit in hits:
        if hit.role == "cue":
            out.append(hit)
            continue
        out.append(
            ProgrammeHit(
                hit.start,
                hit.end,
                hit.code,
                hit.role,
                held=hit.code in _GRANTED
                and _is_held(text, hit.start, hit.end, hit.role, hit.code),
                stopped=hit.role == "name"
                and not text.startswith("的", hit.end)
                and _is_stopped(text, hit.start, hit.end),
                negated=bool(_NEGATED.search(text[: hit.start])),
            )
        )
    return out


def _named(text: str, names: list[ProgrammeHit]) -> ProgrammeHit:
    """The one asked about among several named: the head of 困境学生的低保 and 低保大病救助."""
    chosen = names[0]
    for following in names[1:]:
        between = text[chosen.end : following.start]
        if following.code != chosen.code and between in {
            "",
            "的",
            "户",
            "家庭",
            "户的",
            "户家的",
            "人员",
        }:
            chosen = following
            continue
        break
    return chosen


def choose(
    text: str, hits: list[ProgrammeHit], label: str, ill: bool = False, danger: str = ""
) -> tuple[str, ProgrammeHit | None]:
    """(programme code or 'none', the mention that decided). The label settles what is implied.

    `ill`: the message names an illness; `danger`: the kind of danger it speaks of.
    """
    if label in _TALK:
        hits = [h for h in hits if h.role == "name" and label == "ask_privacy"]
    if label.startswith("out_of_scope"):
        hits = [h for h in hits if h.code == "shouzai"]
    names = [h for h in hits if h.role == "name" and not h.held and not h.negated]
    if label == "ask_income_property_rules":
        deduct = [h for h in hits if h.code == "gangxing_zhichu"]
        if deduct or re.search(r"扣减|扣除|抵扣|减掉", text):
            return "gangxing_zhichu", (deduct[0] if deduct else None)
    if names:
        best = _named(text, names)
        return best.code, best
    scores: dict[str, float] = defaultdict(float)
    first: dict[str, ProgrammeHit] = {}
    for hit in hits:
        if hit.role == "cue":
            scores[hit.code] += 1.0 + 0.2 * (hit.end - hit.start >= 4)
            first.setdefault(hit.code, hit)
    if scores:
        if re.search(r"先给点.{0,6}钱|眼下|应急|突发|急用", text) and label in {
            "self_declare",
            "start_screening",
            "crisis_emergency",
        }:
            scores["linshi"] += 2.5
        code = max(scores, key=lambda c: (scores[c], -first[c].start if c in first else 0))
        return code, first.get(code)
    status = [h for h in hits if not h.negated]
    if status:
        return status[-1].code if status[-1].held else status[0].code, status[0]
    if danger in _OF_DANGER:
        return _OF_DANGER[danger], None
    if ill and label in {"ask_amount_standard", "ask_other_benefits", "ask_how_to_apply"}:
        return "yiliao", None
    if label in IMPLIED_DIBAO or (label == "ask_processing_time" and len(text) >= 8):
        return "dibao", None
    return "none", None
