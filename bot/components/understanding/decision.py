"""Which label a message gets: danger, a call for a person, the open question, the classifier."""

from __future__ import annotations

import re

from . import context, crisis, danger, question
from .facts.scene import Fact, Scene
from .persons import gone

_WORDS = re.compile(r"[\u4e00-\u9fffⓃ]|\d")
_ROMAN = re.compile(r"^[\sA-Za-z0-9.,!?~]+$")
_ROMAN_GREETING = re.compile(
    r"^(?:hi|hello|hey|nihao|ok|okay|yes|no|thanks?|thx|bye|sos|dibao|help|3q|88|886)\W*$", re.I
)
_QUESTIONISH = re.compile(
    r"\?|吗|怎么|咋|哪里|哪儿|什么|啥|多少钱|能不能|可不可以|多久|为什么|凭什么"
)
_NOTHING_MUCH = re.compile(r"(?:没有?|没得|莫得|冇)(?:啥子?|什么|么子|哪样)")
# 那边缘户呢: the question goes on with another programme.
_AND_WHAT_OF = re.compile(r"(?:那么?|还有)?[^,。!?]{2,10}呢[?]?")
_REPLY_LABELS = frozenset({"inform_facts", "affirm", "deny"})
_DEEDS = frozenset(
    {
        "check_status",
        "update_case",
        "withdraw_case",
        "report_for_other",
        "self_declare",
        "start_screening",
        "goodbye",
    }
)
_OWN_STORY = frozenset(
    {
        "accident", "medical_expense", "medical_expense_self", "medical_expense_monthly", "age",
        "monthly_income_total", "monthly_income_member", "annual_income_total", "debt", "deposit",
        "pension_monthly", "single_parent", "lost_job", "disaster",
        "household_size", "name", "phone",
    }
)  # fmt: skip
_THIRD_PERSON = re.compile(
    r"别人|人家|别个|[户位]|有家|有个|有人|那家|这家|老人|老头|老太|学生|工人|他|她|村里|小区|楼|院|姓|流浪|乞讨|捡"
)
_COUNTS = re.compile(
    r"(?:算不算|要不要算|算不|算吗|算么|算进去|算收入|算财产|能扣减|能抵扣)(?:[吗么不的呢嘛啊]|收入|进去)*[?。]?$"
)
# 要啥材料,多久能批,一个月给多少 names nothing at all, so it is asked of us.
_BARE_QUESTIONS = re.compile(
    r"^(?=.*(?:什么|甚么|啥|哪|多|几|好久|怎么|咋|如何|谁))(?:(?:需?要|得|带|准备|交|拿)*(?:些|点)?(?:啥子?|什么|哪些|甚么?)(?:材料|手续|东西|证件?|资料|条件)"
    r"|(?:要|得)?(?:多久|多长时间|几天)(?:能|可以|才|会)?(?:批|下来|办好|办下来|批下来|有结果|到账)"
    r"|(?:一?个?月|每个?月|一年)?(?:能|可以)?(?:给|发|领|拿|补|是|有)?(?:多少|好多|几多)钱?"
    r"|(?:怎么|咋个?|如何)(?:申请|办|弄|交)(?:手续)?|(?:去|到|在|找)?(?:哪里?|哪儿|谁)(?:申请|办|交)?"
    r"|请问|还有|另外|[,。?!;、 那和跟呢啊吗呀嘛了的])+$"
)
_WHETHER = re.compile(
    r"^(?:那|这|我|俺|这样|这个|到底|你们?|看)*(?:(.)不\1|[交付出拿]不[起出])(?:得?行|起)?[了啊呀嘛呢哦哈的?,。!]*$"
)
# 低保能不能吃, 能吃低保不: nothing but one's own wish to have it.
_MAY_WE = re.compile(
    r"^(?:请问|那|我们?家?|俺们?家?|阮兜?|这样|这种|像我们?|现在|还|到底|是不是)*(?:"
    r"(?:这个?)?Ⓟ(?:我们?家?|俺们?家?)?(?:能不能|能否|可不可以|能|可以)(?:吃|领|拿|享受|办|评)(?:得?[上到]|得)?"
    r"|(?:能不能|能否|可不可以|能|可以)(?:吃|领|拿|享受|办|评)(?:得?[上到]|得|个)?Ⓟ"
    r")(?:不|吗|么|没|嘛|呢|啊|[?])*$"
)
_QUALIFYING = frozenset({"ask_other_benefits", "ask_eligibility_conditions", "ask_how_to_apply"})
_CARE_WANTED = re.compile(
    r"医院[^。;!?]{0,14}(?:[交拿凑付]不[起出]|没钱|没得钱)|押金|住院|手术|抢救|重症|ICU|医药费|医疗费|治疗费"
)
_UNPAID_SCHOOL = re.compile(
    r"(?:学费|学杂费|书费|书本费|生活费|住宿费)[^,。;!?]{0,6}(?:[交付出拿凑缴]不[起出上齐]|没着落|不够|没钱|愁)"
)
_NEEDS_CARE = frozenset({"disability_level", "self_care", "bedridden"})
# 二级残疾证,每天要人守,有没得护理费: money for the disabled, not the certificate.
_ALLOWANCE = re.compile(
    r"(?:有没得|有没有|有无|有啥|有什么|能不能|可不可以|能)[^,。;!?]{0,6}(?:护理费|护理的?钱|照顾费|补助|补贴|津贴|救助)"
    r"|(?:护理费|补助|补贴|津贴)[^,。;!?]{0,4}(?:有没|吗|不$|没$|多少)"
    r"|(?:能|可以|一个?月)[^,。;!?]{0,4}(?:领|拿|发|补|给)(?:到|得)?(?:好?多少|几多|几块)"
)
_OURS = re.compile(r"^(?:请|求|帮|替|给|看看)*(?:我|俺|咱|阮)(?:们)?(?:家)?的?$")
# 起付线这个词怎么讲, 什么叫核对: a word is to be explained, whatever it is about; 什么叫没人管 is not.
_MEANING = re.compile(
    r"^(?:请问|你好|您好|我想问(?:一?下)?|问(?:一?下|哈)?|那|[,。? ])*"
    r"(?:(?:什么|啥子?)(?:叫做?|是)[^没不了你您我他她它咱俺,。?]{2,14}"
    r"|(?!这|那)[^没不了你您我他她它咱俺,。?]{2,14}?(?:这[个几])?(?:词|说法|东西)?(?:到底|究竟)?"
    r"(?:是个?(?:什么|啥子?)(?:意思|概念|说法)|(?:什么|啥子?)(?:意思|概念)|怎么(?:讲|解释|理解)|(?:指的?是?)(?:什么|啥子?)))"
    r"[吗呢呀啊嘛的?。]*$"
)
# A doubtful reading yields to another office that is named and holds so much of the doubt.
_WANTS = re.compile(r"申请|登记|申报|报名")
_TAKES_BACK = re.compile(r"不|别|撤|退|取消|注销|放弃|作废|算了|删|收回|冇|莫|无|勿|停|销")
_UNSURE, _POSSIBLE = 0.6, 0.12
_DOUBTFUL = 0.75  # so far one's own need is heard over another office
# 有居住证: what somebody has is no service wanted.
_HELD_PAPER = re.compile(
    r"(?:有|凭|持|拿着?|办了|办好了?)(?:着|的)?(?:本地|这边|这里|当地)?(?:的)?居住证"
)
_SOMEBODY_S_HOUSE = re.compile(
    r"物业|房东|小区|开发商|邻居|隔壁|楼上|楼下|拆迁|违建|举报|学校|单位"
)
#: A rule question is short; in a story the same words may stand for anything.
_PLAIN = 36
#: What a rule question that names a programme may be taken for.
_MISTAKEN = frozenset(
    {"check_status", "report_for_other", "start_screening", "self_declare", "human_handoff"}
)
# Below this another office yields to a difficulty that is ours to answer.
_WHAT_NOW = re.compile(
    r"(?:咋|怎么|怎样|啷个)(?:整|办|弄|搞|过|活)(?:[啊呀嘛呢哟了]|才好|好)*(?:$|[,。!?])|没法(?:子)?(?:了|过)|日子(?:还)?(?:咋|怎么)过"
)
#: What a cry of 咋整 is taken for when nothing in it is asked of a rule.
_ASKED_OF_TROUBLE = frozenset(
    {
        "ask_payment_problem", "ask_how_to_apply", "ask_where_to_apply", "ask_appeal_complaint",
        "out_of_scope_gov", "out_of_scope_chitchat",
    }
)  # fmt: skip
_WHOM = re.compile(r"(?:找|问|跟|归)(?:谁|哪)")
_HELD_BACK = 0.8
#: Aid by the household: whoever asks who counts asks of these.
_BY_HOUSEHOLD = frozenset({"dibao", "dibao_bianyuan", "gangxing_zhichu"})
_COUNTING_HEADS = frozenset({"household_size", "num_children", "monthly_income_total", "age"})
_NO_QUESTION_OF_MEMBERS = frozenset({"report_for_other", "human_handoff", "withdraw_case"})
#: Beside the question so much may be told: 三口, 一个月两千.
_FEW_TOLD = 2
_COUNTING = frozenset({"ask_income_property_rules", "ask_family_definition"})


def decide(
    scene: Scene,
    facts: list[Fact],
    ranking: list[tuple[str, float]],
    alarm: crisis.CrisisHit | None,
    answered: bool,
) -> tuple[str, float]:
    """The label: danger, then a call for a person, then the open question, then the classifier."""
    text = scene.text
    top, confidence = ranking[0]
    if alarm:
        return danger.LABEL, 1.0
    if crisis.wants_person(text):
        return "human_handoff", max(confidence, 0.95)
    if not _WORDS.search(text):
        if _ROMAN_GREETING.match(text):
            return top, confidence
        return "out_of_scope_chitchat", 0.9
    # Without an alarm it is no danger, however near: not the second reading of anything either.
    ranking = [r for r in ranking if r[0] != danger.LABEL]
    top, confidence = ranking[0]
    if _BARE_QUESTIONS.match(text):
        top, confidence = _asked_of_us(ranking)
    elif _MEANING.match(text) or (confidence < _UNSURE and _goes_on_with_another(scene)):
        top, confidence = (
            "ask_program_overview",
            max(dict(ranking).get("ask_program_overview", 0.0), _UNSURE),
        )
    elif top.startswith("out_of_scope"):
        top, confidence = _back_in_scope(scene, ranking)
    elif confidence < _UNSURE and _other_office(scene, facts):
        top, confidence = _as_other_office(top, confidence, ranking)
    top, confidence = _settle(scene, facts, top, confidence, ranking)
    top, confidence = _plainly_asked(scene, facts, top, confidence)
    if _asks_who_counts(scene, facts, top):
        return "ask_family_definition", max(confidence, _UNSURE)
    if scene.asking:
        resolved = _in_form(scene, ranking, facts, answered)
        if resolved:
            return resolved
    if context.says_unknown(text):
        return "inform_facts", 0.9
    if top in {"affirm", "deny"} and _WHETHER.search(text):
        # 中不中 asks, 交不起 complains: neither is a yes.
        return _not_a_reply(ranking, facts)
    said = context.yes_or_no(text)
    if said is not None and len(text) <= 8 and (top in _REPLY_LABELS or confidence < 0.8):
        return ("affirm" if said else "deny"), max(confidence, 0.8)
    return top, confidence


def _settle(
    scene: Scene,
    facts: list[Fact],
    top: str,
    confidence: float,
    ranking: list[tuple[str, float]],
) -> tuple[str, float]:
    """Two borders that the wording hides and the facts show."""
    if top == "withdraw_case" and confidence < _UNSURE and _only_wants(scene.text):
        name, probability = next(r for r in ranking if r[0] != top)
        return name, max(probability, 0.5)  # 申请!赶紧的 takes nothing back
    told = len({f.key for f in facts} & _OWN_STORY)
    if top in _QUALIFYING and _MAY_WE.search(_with_marks(scene)):
        return "start_screening", max(confidence, 0.6)
    guessed = confidence < _UNSURE or top == "out_of_scope_chitchat"  # nobody jokes about a loss
    if top in _ASKED_OF_TROUBLE and guessed and _what_now(scene, facts):
        return "start_screening", max(dict(ranking).get("start_screening", 0.0), 0.5)
    if top == "out_of_scope_gov" and confidence < _HELD_BACK and _asks_help(scene, facts):
        name, probability = next(
            (r for r in ranking if r[0].startswith("ask_")), ("ask_where_to_apply", 0.5)
        )
        return name, max(probability, 0.5)
    if top == "out_of_scope_gov" and _own_need(scene, facts, confidence):
        return "start_screening", _UNSURE
    if top == "report_for_other" and _for_own(scene):
        doing = {"self_declare", "start_screening"}
        name, probability = next((r for r in ranking if r[0] in doing), ("self_declare", 0.0))
        return name, max(probability, 0.5)
    if top == "ask_eligibility_conditions" and told >= 2:
        # A rule question carries no amounts and mishaps of one's own.
        return "start_screening", max(confidence, 0.5)
    told = told or (scene.asking is not None and bool(scene.kin))  # 我儿子不管我
    elsewhere = top == "out_of_scope_gov" and confidence < _UNSURE
    aside = elsewhere or top == "out_of_scope_chitchat"
    if aside and told and not _QUESTIONISH.search(scene.text):
        # 送外卖摔断了锁骨,平台不管 tells of a mishap, whoever else might be asked
        return "inform_facts", max(confidence, 0.5)
    living = [k for k in scene.kin if not gone(scene.text, k, scene.kin)]
    if top == "report_for_other" and not living and not _THIRD_PERSON.search(scene.text):
        return next((r for r in ranking if r[0] != "report_for_other"), (top, confidence))
    return top, confidence


def _only_wants(text: str) -> bool:
    return bool(_WANTS.search(text)) and not _TAKES_BACK.search(text)


def _what_now(scene: Scene, facts: list[Fact]) -> bool:
    """庄稼让雹子打了,一年白干,咋整: no rule is asked about, but what can be done for us."""
    if any(h.role == "name" for h in scene.programmes) or scene.about_other(0):
        return False
    struck = {f.key for f in facts} & {"disaster", "accident", "disease", "lost_job"}
    return bool(struck) and bool(_WHAT_NOW.search(scene.text))


def _asks_help(scene: Scene, facts: list[Fact]) -> bool:
    """下冰雹庄稼毁了找谁, 墙裂了怕塌找谁: a disaster or a falling house, and a question."""
    whom = bool(_WHOM.search(scene.text))
    if any(f.key == "disaster" for f in facts):
        return whom or bool(_QUESTIONISH.search(scene.text))
    unsafe = any(f.key == "housing" and f.value == "危房" for f in facts)
    return unsafe and whom and not _SOMEBODY_S_HOUSE.search(scene.text)


def _plainly_asked(
    scene: Scene, facts: list[Fact], top: str, confidence: float
) -> tuple[str, float]:
    """A turn of phrase that settles the kind of question, unless the classifier is surer of another."""
    found = question.plain(_with_marks(scene)) if len(scene.text) <= _PLAIN else None
    if top == "out_of_scope_gov" and _HELD_PAPER.search(scene.text) and found:
        return found[0], _UNSURE  # 有居住证,能不能在这办: the paper was what it was taken for
    if found is None:
        return top, confidence
    if found[0] == top:  # a guess that the words bear out is none
        return top, max(confidence, _UNSURE)
    label, bar = found
    named = any(h.role != "cue" for h in scene.programmes)
    if top.startswith("ask_"):
        decides = confidence < bar
    elif top in _MISTAKEN:
        told = min(bar, _HELD_BACK) if facts else bar  # who tells of themselves asks for themselves
        decides = confidence < told and (named or bar > 1)
    else:
        decides = top.startswith("out_of_scope") and named and confidence < _UNSURE
    return (label, max(confidence, _UNSURE)) if decides else (top, confidence)


def _asks_who_counts(scene: Scene, facts: list[Fact], top: str) -> bool:
    """那我儿子在外头打工算不算进去: who is of the household, not which incomes are counted."""
    counted = scene.counted
    if counted is None or len(scene.text) - (counted.end - counted.start) > _PLAIN:
        return False
    if len({f.key for f in facts if not counted.holds(f.start)} & _OWN_STORY) > _FEW_TOLD:
        return False
    others = [h for h in scene.programmes if h.role == "name" and h.code not in _BY_HOUSEHOLD]
    if others or top in _NO_QUESTION_OF_MEMBERS:
        return False
    return counted.plainly or scene.asking in _COUNTING_HEADS or top in _COUNTING


def _with_marks(scene: Scene) -> str:
    """The text with each programme named as one mark."""
    text = scene.text
    for hit in sorted(scene.programmes, key=lambda h: -h.start):
        if hit.role == "name":
            text = text[: hit.start] + "Ⓟ" + text[hit.end :]
    return text


def _own_need(scene: Scene, facts: list[Fact], confidence: float) -> bool:
    """房子漏雨要塌了咋个办 is ours, however like a repair it sounds; the landlord's roof is not."""
    unsafe = any(f.key == "housing" and f.value == "危房" for f in facts)
    if unsafe and not _SOMEBODY_S_HOUSE.search(scene.text):
        return not scene.about_other(0)
    return confidence < _DOUBTFUL and _in_need(scene, facts)


def _in_need(scene: Scene, facts: list[Fact]) -> bool:
    """我儿子被车撞了,医院喊先交押金; 考上大学了,学费交不起: money is wanted for one's own."""
    keys = {f.key for f in facts}
    mishap = bool(keys & {"accident", "disease", "disaster"}) and _CARE_WANTED.search(scene.text)
    schooling = "student_stage" in keys and _UNPAID_SCHOOL.search(scene.text)
    allowance = bool(keys & _NEEDS_CARE) and _ALLOWANCE.search(scene.text)
    return bool(mishap or schooling or allowance) and not scene.about_other(0)


def _for_own(scene: Scene) -> bool:
    """我的爸爸病了,帮一下: a parent, spouse or child of the speaker and nobody else."""
    if not scene.kin or any(c.kind == "other" for c in scene.clauses):
        return False
    if any(k.kind not in {"parent", "spouse", "child"} for k in scene.kin):
        return False
    return bool(_OURS.search(scene.text[: scene.kin[0].start]))


def _not_a_reply(ranking: list[tuple[str, float]], facts: list[Fact]) -> tuple[str, float]:
    """Whether we would: a question about the household's own case."""
    if facts:
        return "inform_facts", 0.5
    return "start_screening", max(dict(ranking).get("start_screening", 0.0), 0.5)


def _asked_of_us(ranking: list[tuple[str, float]]) -> tuple[str, float]:
    """The likeliest question; the words themselves say that it is one, so it is no guess."""
    name, probability = next((r for r in ranking if r[0].startswith("ask_")), ranking[0])
    return name, max(probability, _UNSURE)


def _other_office(scene: Scene, facts: list[Fact]) -> bool:
    """A service of another office is named, none of our programmes and no disaster."""
    if any(f.key == "disaster" for f in facts):
        return False
    if any(h.role != "cue" and not h.negated for h in scene.programmes):
        return False
    text = _HELD_PAPER.sub("", scene.text)
    return any(word in text for word in scene.lexicon.other_services)


def _as_other_office(
    top: str, confidence: float, ranking: list[tuple[str, float]]
) -> tuple[str, float]:
    """养老金怎么领 is theirs when the classifier holds it for possible."""
    share = dict(ranking).get("out_of_scope_gov", 0.0)
    return ("out_of_scope_gov", share) if share >= _POSSIBLE else (top, confidence)


def _back_in_scope(scene: Scene, ranking: list[tuple[str, float]]) -> tuple[str, float]:
    """A programme that is named, or 算不算 about an income, is not another office's business."""
    named = any(h.role != "cue" and not h.negated for h in scene.programmes)
    wanted = [r for r in ranking if not r[0].startswith("out_of_scope")]
    if named and wanted:
        return wanted[0]
    if _COUNTS.search(scene.text):
        return next((r for r in wanted if r[0] in _COUNTING), ranking[0])
    return ranking[0]


def _goes_on_with_another(scene: Scene) -> bool:
    """Whether nothing is said but a programme: 那边缘户呢. The dialogue knows what was asked."""
    named = [h for h in scene.programmes if h.role != "cue" and not h.negated]
    return bool(named and _AND_WHAT_OF.fullmatch(scene.text))


def _in_form(
    scene: Scene, ranking: list[tuple[str, float]], facts: list[Fact], answered: bool
) -> tuple[str, float] | None:
    text, (top, confidence) = scene.text, ranking[0]
    if context.says_unknown(text):
        return "inform_facts", 0.99
    # 没得啥子收入 is an answer: its 啥子 asks nothing.
    asks = bool(_QUESTIONISH.search(_NOTHING_MUCH.sub("", text)))
    asks &= top.startswith(("ask_", "start_", "check_", "bot_"))
    if answered and not asks:
        strong = confidence >= 0.75 and top in _DEEDS and len(text) > 14
        return None if strong else ("inform_facts", 0.97)
    if asks:
        return None
    if context.sounds_like_yes(text, scene.asking or ""):
        return "inform_facts", 0.9
    if scene.asking == "done" and context.is_done(text):
        return "affirm", 0.97
    if scene.asking in context.CONTROL_KEYS:
        said = context.yes_or_no(text)
        if said is not None:
            return ("affirm" if said else "deny"), 0.98
        if scene.asking in {"reason", "edit"} and top not in _DEEDS and not top.startswith("ask_"):
            return "inform_facts", 0.9
    if context.wants_filing(scene) and top in _DEEDS:
        return None
    said = context.yes_or_no(text)
    if said is not None and top not in {"goodbye", "thanks", "greet"}:
        return ("affirm" if said else "deny"), 0.95
    if facts and (top in _REPLY_LABELS or top.startswith("out_of_scope") or confidence < 0.5):
        return "inform_facts", 0.9
    return None
