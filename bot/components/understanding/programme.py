"""Which of the eighteen programmes a message is about, and which ones the household is on.

A programme that is named beats one that is hinted at, which beats the household's own status
(低保户孩子的学费 asks about 教育救助). Dictated or mistyped names are matched by sound
(地保, 边圆户).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from .asked_of import ProgrammeHit, asked_names, had, head_of, is_income
from .held import is_held, is_stopped
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
#: Continuing grants somebody can be "on"; one-off help and services are not held.
GRANTED = frozenset(
    {"dibao", "tekun", "dibao_bianyuan", "canji_butie", "gu_er_ertong", "fangfanpin"}
)
# What is paid or kept up for a time, so that it can be ended.
_ENDABLE = GRANTED | {"gangxing_zhichu", "zhufang", "jiuye", "jiaoyu"}
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
    r"(?:不申请|不办|不报|不是问|不是说|不问|不用|别说|没申请|没想|没有吃|没吃|没领|没有领|没享受|(?<!有)没(?:有|得)?|不吃|不算|不是|不属于|算不上|够不上|没到|达不到|不要|不想要|又不是|也不是)(?:什么|个)?$"
)
# 算不算, 是不是, 要不要: asked, not denied.
_WHETHER = re.compile(r"(.)(?:不|没)\1(?:什么|个)?$")


_OTHER_WORDS = frozenset({"孤儿寡母", "特困职工", "特困企业", "特困学生", "特困大学", "低保真的"})
# Words of their own that sound like 五保 or 低保.
_LET_OUT = re.compile(r"[地田山林塘]包(?:出|给|了|租|产|到|下)")  # 地包出去一年一千二
_NOT_BY_SOUND = frozenset({"误报", "午报", "抵报", "底板", "地报", "武宝", "无保", "呜报"})


def _by_sound(text: str, taken: list[tuple[int, int]], lexicon: Lexicon) -> list[ProgrammeHit]:
    index = lexicon.sounds
    sizes = lexicon.sound_sizes
    sounds = syllables(text)
    hits: list[ProgrammeHit] = []
    at = 0
    while at < len(text):
        for size in (
            sizes
            if text[at : at + 2] not in _NOT_BY_SOUND and sounds[at] in lexicon.sound_starts
            else ()
        ):
            code = index.get(sounds[at : at + size])
            span = (at, at + size)
            if not code or any(a < span[1] and span[0] < b for a, b in taken):
                continue
            if _LET_OUT.match(text, at):
                continue
            if all("\u4e00" <= c <= "\u9fff" for c in text[at : at + size]):
                hits.append(ProgrammeHit(*span, code, "name"))
                at += size - 1
                break
        at += 1
    return hits


def _denied(before: str) -> bool:
    return bool(_NEGATED.search(before)) and not _WHETHER.search(before)


def find_programmes(text: str, lexicon: Lexicon | None = None) -> list[ProgrammeHit]:
    """All programme mentions of the clean text, in order."""
    lexicon = lexicon or default_lexicon()
    # 孤儿寡母 are a widow and her children.
    found = lexicon.programme_words.find(text)
    exact = [h for h in found if text[h.start : h.end + 2] not in _OTHER_WORDS]
    hits = [
        ProgrammeHit(h.start, h.end, lexicon.aliases[h.word].code, lexicon.aliases[h.word].role)
        for h in exact
    ]
    hits += _by_sound(text, [(h.start, h.end) for h in found], lexicon)
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
                held=hit.code in GRANTED and is_held(text, hit.start, hit.end, hit.role, hit.code),
                stopped=hit.role == "name"
                and hit.code in _ENDABLE
                and not text.startswith("的", hit.end)
                and is_stopped(text, hit.start, hit.end),
                negated=_denied(text[: hit.start]),
            )
        )
    return out


_ABOUT_A_STANDARD = re.compile(
    r"够不|够格|够条件|够吗|够得上|条件(?:行|够)|这条件|达标|达到|符合|行不行|行吗|标准|这情况|困难补助|算不算够"
)
_CARE_COSTS = re.compile(
    r"药|住院|手术|开刀|ICU|重症|透析|洗肾|化疗|放疗|治|看病|医|押金|报销|打针|打因子|移植|换肾|花了"
)
_BEYOND_MEANS = re.compile(
    r"收入高|超(?:了|过|一?点|标)|花得更多|支出|入不敷出|不够(?:花|付|药)|压死|掏空|工资[^,。]{0,8}"
)
_JUST_OVER = re.compile(
    r"(?:超(?:过|了|出)?|高(?:出|过|于|了)?|过了?|多(?:出|了)?)(?:了|低保线?|低保标准|标准|那?条?线|杠杠|了?线|[^,。;]{0,6}低保[^,。;]{0,3})*(?:没?多少|一点点?|点点|一丁点|丁点|一些|几十|几百|百把|[一两二三]百|不多|一丢丢|些微)"
    r"|(?:(?<!不)够|够得|评|吃)不[上到着](?:吃)?低保|低保(?:线|标准)?(?:够不上|够呛|差一点|差点|评不上|吃不上|不够格|不够条件)|(?<!够)不够低保|比低保(?:线|标准)?(?:高|多|超)|低保(?:线)?边上|低保边边|卡在(?:低保)?线"
)
# 取消低保自己申请特困: the one to be had counts, not the one to be left.
_APPLIED_FOR = re.compile(r"(?:申请|改成|改报|转成|转|换成|想办|要办)(?:个|一?下)?$")
_LEFT = re.compile(r"(?:取消|放弃|退掉|退出|停掉|不吃|不领)(?:了|掉)?$")
_OVER_DIBAO = re.compile(r"比低保|高[于过出]低保|超过?低保|[够评]不[上到]低保")
_ASKS_WHAT = frozenset(
    {"ask_program_overview", "ask_amount_standard", "ask_eligibility_conditions"}
)
_MONEY_ASKED = frozenset({"ask_amount_standard", "start_screening", "self_declare"})
_DOING = frozenset({"start_screening", "self_declare", "report_for_other", "crisis_emergency"})


# Aid as such, whichever it is: 政府补助说好的, 递上去的困难申请.
_AID_AS_SUCH = re.compile(
    r"(?:政府|国家|公家|上[头面])(?:里|上)?(?:给|发|批)?的?(?:救济|救助|补助|补贴|帮扶)|救济(?!粮)"
    r"|(?:生活)?困难(?:家庭|户|人家)?的?(?:申请|申报|登记|补助)|登记(?:了|过)?困难"
)


def from_story(text: str, label: str, known: dict[str, Any]) -> str:
    """The programme that the difficulties told point at, when none is named; '' for none."""
    certified = known.get("disability_level") or known.get("disability_type")
    if certified and label in _MONEY_ASKED and re.search(r"补|津贴|多少?钱|好多|领", text):
        return "canji_butie"
    if label not in _DOING:
        return _of_the_house(label, known)
    if known.get("orphan") or known.get("parents_status"):
        return "gu_er_ertong"
    if known.get("disaster"):
        return "shouzai"
    if known.get("housing") == "危房":
        return "zhufang"
    ill = known.get("disease") or known.get("accident")
    costs = [k for k in known if k.startswith("medical_expense")]
    earns = [k for k in known if k.startswith(("monthly_income", "annual_income"))]
    if costs and earns and label == "start_screening" and _BEYOND_MEANS.search(text):
        return "gangxing_zhichu"
    if costs and known.get("hukou") == "nonlocal":
        return "linshi"
    if costs or (ill and (_CARE_COSTS.search(text) or label == "report_for_other")):
        return "yiliao"
    if label == "start_screening" and (earns or _ABOUT_A_STANDARD.search(text)):
        return "dibao" if _ABOUT_A_STANDARD.search(text) else ""
    return ""


def _of_the_house(label: str, known: dict[str, Any]) -> str:
    """墙裂了找谁, 房子冲垮了有没有补: asked of the aid for what happened."""
    if not label.startswith("ask_") or label in IMPLIED_DIBAO:
        return ""
    if known.get("disaster"):
        return "shouzai"
    return "zhufang" if known.get("housing") == "危房" else ""


def choose(
    text: str,
    hits: list[ProgrammeHit],
    label: str,
    known: dict[str, Any] | None = None,
    danger: str = "",
) -> tuple[str, ProgrammeHit | None]:
    """(programme code or 'none', the mention that decided). The label settles what is implied.

    `known`: the facts of the message; `danger`: the kind of danger it speaks of.
    """
    known = known or {}
    if label in _TALK:
        hits = [h for h in hits if h.role == "name" and label == "ask_privacy"]
    if label.startswith("out_of_scope"):
        hits = [h for h in hits if h.code == "shouzai"]
    if label == "ask_income_property_rules":
        deduct = [h for h in hits if h.code == "gangxing_zhichu"]
        if deduct or re.search(r"扣减|扣除|抵扣|减掉", text):
            return "gangxing_zhichu", (deduct[0] if deduct else None)
    names = asked_names(text, hits, label)
    near_line = not {h.code for h in names} - {"dibao", "dibao_bianyuan"}
    near_line = near_line and (
        label == "start_screening" or (label in _ASKS_WHAT and bool(_OVER_DIBAO.search(text)))
    )
    if near_line and _JUST_OVER.search(text):
        return "dibao_bianyuan", next((h for h in names if h.code == "dibao_bianyuan"), None)
    owned = had(text, hits) if label == "ask_other_benefits" else None
    if owned is not None:
        return owned.code, owned
    if label == "ask_other_benefits" and {h.code for h in names} == {"dibao"}:
        # 吃低保的看病能少交吗: what is asked for is the other help.
        other = _by_cue(text, [h for h in hits if h.code != "dibao"], label)
        if other:
            return other
    if names:
        wanted = [h for h in names if _APPLIED_FOR.search(text[: h.start])]
        best = (
            wanted[0] if wanted and _LEFT.search(text[: names[0].start]) else head_of(text, names)
        )
        return best.code, best
    if label in _RULES_OF_DIBAO:
        hits = [h for h in hits if h.role != "cue" or not _weak(text, h, label)]
    if label in {"ask_income_property_rules", "ask_family_definition"}:
        hits = [h for h in hits if not is_income(text, h)]
    told = from_story(text, label, known)
    by_cue = _by_cue(text, hits, label)
    weak = by_cue is not None and by_cue[0] in _STATUS_CUES and told in {"zhufang", "yiliao"}
    if told == "gangxing_zhichu" or weak:
        return told, None
    if by_cue:
        return by_cue
    if danger in _OF_DANGER:
        return _OF_DANGER[danger], None
    status = [h for h in hits if not h.negated]
    if told and not (status and told == "dibao"):
        return told, None
    if status:
        return status[-1].code if status[-1].held else status[0].code, status[0]
    ill = bool(known.get("disease"))
    if ill and label in {
        "ask_amount_standard", "ask_other_benefits", "ask_how_to_apply",
        "ask_eligibility_conditions",
    }:  # fmt: skip
        return "yiliao", None
    if label.startswith("ask_") and _AID_AS_SUCH.search(text):
        return "none", None
    if label in IMPLIED_DIBAO or (label == "ask_processing_time" and len(text) >= 7):
        return "dibao", None
    if label == "ask_materials" and _PAPERS.search(text):
        return "dibao", None
    return "none", None


def further_names(
    text: str, hits: list[ProgrammeHit], label: str, chosen: str
) -> list[ProgrammeHit]:
    """低保、医疗救助还有残疾人补贴都想申请: what is wanted besides the first, each once."""
    if label not in {"self_declare", "start_screening"}:
        return []
    if chosen not in {h.code for h in hits if h.role == "name"}:
        return []
    wanted = [h for h in asked_names(text, hits, label) if not h.stopped]
    first_of = {h.code: h for h in reversed(wanted) if h.code != chosen}
    return sorted(first_of.values(), key=lambda h: h.start)


# 有人上门看看 in a question about the procedure is the inspection, no service.
_RULES_OF_DIBAO = (IMPLIED_DIBAO | {"ask_processing_time"}) - {"update_case", "ask_review_or_stop"}
# 残疾 tells who somebody is, the leaking roof what he needs.
_STATUS_CUES = frozenset({"canji_butie", "tekun"})
_INSPECTION = frozenset({"有人上门", "上门看看", "有人来看看", "派人来"})
# 孩子上大学算不算一家人 asks of 低保; 住校的补助没到 does not.
_OF_STUDENTS = frozenset({"ask_payment_problem", "ask_appeal_complaint", "ask_processing_time"})


def _weak(text: str, hit: ProgrammeHit, label: str) -> bool:
    """A cue that stands for something else in a question of rules."""
    if hit.code == "jiaoyu":
        return label not in _OF_STUDENTS
    return hit.code == "fuwu" and text[hit.start : hit.end] in _INSPECTION


_PAPERS = re.compile(
    r"流水|收入证明|存款证明|工资证明|户口本|结婚证|离婚(?:证|协议)|授权书|核对|房产证"
)


def _by_cue(
    text: str, hits: list[ProgrammeHit], label: str
) -> tuple[str, ProgrammeHit | None] | None:
    scores: dict[str, float] = defaultdict(float)
    first: dict[str, ProgrammeHit] = {}
    for hit in hits:
        if hit.role == "cue":
            weight = 0.5 if text[hit.start : hit.end].endswith("残疾") else 1.0
            scores[hit.code] += weight + 0.2 * (hit.end - hit.start >= 4)
            first.setdefault(hit.code, hit)
    if not scores:
        return None
    urgent = {"self_declare", "start_screening", "crisis_emergency"}
    if label in urgent and re.search(r"先给点.{0,6}钱|眼下|应急|突发|急用", text):
        scores["linshi"] += 2.5
    code = max(scores, key=lambda c: (scores[c], -first[c].start if c in first else 0))
    return code, first.get(code)
