"""The closed word lists of the queue: states, departments, needs, channels, dispositions.

Stored words are English (or pinyin for departments); `.word` is what people read. The S-numbers in
the comments are those of the ministry-style state model the queue follows (S0 draft … SX).
"""

from __future__ import annotations

from enum import StrEnum


class Worded(StrEnum):
    """A StrEnum whose members have a Chinese word next to the stored one."""

    word: str

    def __new__(cls, value: str, word: str = "") -> Worded:
        member = str.__new__(cls, value)
        member._value_ = value
        member.word = word
        return member


class CaseState(Worded):
    """Where a case stands. Waiting and overdue are derived, not states."""

    DRAFT = "draft", "草稿"  # S0
    REGISTERED = "registered", "已登记"  # S1
    PENDING_REVIEW = "pending_review", "待核"  # S2
    COLLECTING = "collecting", "采集中"  # S3
    COMPARING = "comparing", "比对中"  # S4
    MONITORING = "monitoring", "监测中"  # S5
    WARNED = "warned", "预警待研判"  # S6
    HANDLING = "handling", "处置中"  # S7, only through a disposition
    AWAITING_FEEDBACK = "awaiting_feedback", "待反馈"  # S8
    CLOSED = "closed", "已办结"  # S9
    ENDED = "ended", "退出"  # S10
    EMERGENCY = "emergency", "紧急转出"  # SX


FINAL_STATES = frozenset({CaseState.CLOSED, CaseState.ENDED})
# Listed, not negated, so that the index on the state serves the queue.
OPEN_STATES = tuple(state for state in CaseState if state not in FINAL_STATES)

# The guards that need more than the pair of states live in `cases.casework`.
TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.REGISTERED: frozenset({CaseState.PENDING_REVIEW, CaseState.EMERGENCY}),
    CaseState.PENDING_REVIEW: frozenset(
        {CaseState.COLLECTING, CaseState.EMERGENCY, CaseState.AWAITING_FEEDBACK}
    ),
    CaseState.COLLECTING: frozenset(
        {CaseState.COMPARING, CaseState.EMERGENCY, CaseState.AWAITING_FEEDBACK}
    ),
    CaseState.COMPARING: frozenset(
        {CaseState.MONITORING, CaseState.WARNED, CaseState.COLLECTING, CaseState.EMERGENCY}
    ),
    CaseState.MONITORING: frozenset({CaseState.WARNED, CaseState.EMERGENCY}),
    CaseState.WARNED: frozenset({CaseState.MONITORING, CaseState.EMERGENCY}),
    CaseState.HANDLING: frozenset({CaseState.AWAITING_FEEDBACK, CaseState.EMERGENCY}),
    CaseState.AWAITING_FEEDBACK: frozenset({CaseState.WARNED, CaseState.EMERGENCY}),
    CaseState.EMERGENCY: frozenset({CaseState.COLLECTING, CaseState.AWAITING_FEEDBACK}),
    CaseState.CLOSED: frozenset({CaseState.MONITORING}),
    CaseState.ENDED: frozenset(),
}


class ResidentWord(StrEnum):
    """The only five words a resident sees for the state of a case."""

    RECEIVED = "已收到"
    CHECKING = "正在核实"
    FORWARDED = "已转给有关部门"
    PAPERS_NEEDED = "需要您补材料"
    RESULT = "有结果了"


def resident_word(state: str, waiting: bool) -> ResidentWord:
    """The resident's word for a state; waiting for papers outranks every open state."""
    if state in FINAL_STATES:
        return ResidentWord.RESULT
    if waiting:
        return ResidentWord.PAPERS_NEEDED
    if state in (CaseState.DRAFT, CaseState.REGISTERED, CaseState.PENDING_REVIEW):
        return ResidentWord.RECEIVED
    if state in (CaseState.AWAITING_FEEDBACK, CaseState.EMERGENCY):
        return ResidentWord.FORWARDED
    return ResidentWord.CHECKING


class CaseKind(Worded):
    """Why the case exists."""

    DECLARATION = "declaration", "自主申报"
    DUTY = "duty", "紧急值班"
    PERSON_REQUEST = "person_request", "要求人工"
    CASE_REQUEST = "case_request", "查改撤请求"


class Urgency(Worded):
    NORMAL = "normal", "一般"
    URGENT = "urgent", "加急"
    EMERGENCY = "emergency", "紧急"


class DiscoveryChannel(Worded):
    """The five ways a household comes to notice."""

    HOME_VISIT = "home_visit", "入户走访"
    SELF_DECLARATION = "self_declaration", "自主申报"
    GRASSROOTS_REPORT = "grassroots_report", "基层上报"
    DATA_MATCH = "data_match", "数据比对"
    PUBLIC_REPORT = "public_report", "群众反映"


class Department(Worded):
    XIANGZHEN = "xiangzhen", "乡镇（街道）民政办"
    MINZHENG = "minzheng", "县民政局"
    DUTY = "duty", "民政局值班"
    YIBAO = "yibao", "医保局"
    WEIJIAN = "weijian", "卫健委"
    JIAOYU = "jiaoyu", "教育局"
    ZHUJIAN = "zhujian", "住建局"
    RENSHE = "renshe", "人社局"
    YINGJI = "yingji", "应急管理局"
    CANLIAN = "canlian", "残联"
    NONGYE = "nongye", "农业农村局"
    SIFA = "sifa", "司法局"
    GONGHUI = "gonghui", "工会"
    GONGAN = "gongan", "公安"
    CISHAN = "cishan", "慈善组织"


class NeedType(Worded):
    """Kinds of difficulty; each is routed to at least one department."""

    BASIC_LIVING = "basic_living", "基本生活"
    EMERGENCY = "emergency", "急难"
    VAGRANCY = "vagrancy", "流浪乞讨"
    MEDICAL = "medical", "看病"
    EMERGENCY_TREATMENT = "emergency_treatment", "急救付不起费"
    EDUCATION = "education", "上学"
    HOUSING = "housing", "住房"
    EMPLOYMENT = "employment", "就业"
    DISASTER = "disaster", "受灾"
    DISABILITY = "disability", "残疾"
    POVERTY_RETURN = "poverty_return", "农村返贫风险"
    LEGAL = "legal", "法律援助"
    WORKER = "worker", "困难职工"
    CHILD = "child", "儿童监护"
    CHARITY = "charity", "慈善帮扶"
    SERVICE = "service", "照料访视"
    PERSON = "person", "要求人工答复"
    CASE_REQUEST = "case_request", "查改撤已交的申请"
    OTHER = "other", "其他困难"


class LeadState(Worded):
    PENDING = "pending", "待接收"
    ACCEPTED = "accepted", "办理中"
    RETURNED = "returned", "已退回"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已关闭"


OPEN_LEAD_STATES = (LeadState.PENDING, LeadState.ACCEPTED)


class LeadResult(Worded):
    """The three answers a department can give."""

    HELPED = "helped", "已救助"
    NOT_ELIGIBLE = "not_eligible", "不符合本部门条件"
    PAPERS_NEEDED = "papers_needed", "需补材料"


class DispositionClass(Worded):
    """Exactly one of these closes a warning, and only a person chooses it."""

    D1 = "D1", "政策落实不到位，限期落实"
    D2 = "D2", "未纳入救助，分类推送办理"
    D3 = "D3", "缺乏相应政策，提交县级协调机制"
    D4 = "D4", "不再符合条件，核查后依法终止"


class Cause(Worded):
    """Why a policy did not reach a household (D1)."""

    NOT_TAKEN = "not_taken", "没有受理，或者没有告知"
    NOT_MATCHED = "not_matched", "信息有误，没有比对上"
    MISSED = "missed", "已经认定，没有发"
    LATE = "late", "发晚了"
    SHORT = "short", "发少了"
    SERVICE = "service", "服务没有到位"
    OTHER = "other", "其他原因"


class Departure(Worded):
    """Why a household leaves without a disposition, beside its own withdrawal."""

    DIED = "died", "去世"
    MOVED = "moved", "迁出"


class PopulationCategory(Worded):
    """The monitored groups, in the order that makes one of several the main one."""

    LOW_TEKUN = "LOW_TEKUN", "特困人员"
    LOW_DIBAO = "LOW_DIBAO", "低保对象"
    LOW_EDGE = "LOW_EDGE", "低保边缘家庭"
    LOW_RIGID = "LOW_RIGID", "刚性支出困难家庭"
    LOW_FANPIN = "LOW_FANPIN", "防止返贫监测对象"
    LOW_OTHER = "LOW_OTHER", "其他困难人员"


class GrantUnit(Worded):
    """How often a granted amount is paid."""

    MONTH = "month", "每月"
    ONCE = "once", "一次性"
    YEAR = "year", "每年"


class ConsentKind(Worded):
    GENERAL = "general", "一般信息同意"
    SENSITIVE = "sensitive", "敏感信息单独同意"
    GUARDIAN = "guardian", "监护人同意"


class Audience(StrEnum):
    """Who may read an event: the resident too, staff only, or auditors only."""

    RESIDENT = "resident"
    STAFF = "staff"
    AUDIT = "audit"


class Role(Worded):
    """Who somebody is at work; what each may do is the table `roles.yaml` (`cases.rights`)."""

    GRID_WORKER = "grid_worker", "网格员"
    TOWNSHIP_CLERK = "township_clerk", "乡镇受理员"
    COUNTY_REVIEWER = "county_reviewer", "县级审核员"
    DEPARTMENT_OFFICER = "department_officer", "部门经办"
    DUTY_OFFICER = "duty_officer", "值班员"
    INSPECTOR = "inspector", "督导"
    CONTENT_EDITOR = "content_editor", "内容编辑"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "管理员"


PROGRAMMES: dict[str, str] = {
    "dibao": "最低生活保障",
    "tekun": "特困人员救助供养",
    "dibao_bianyuan": "低保边缘家庭",
    "gangxing_zhichu": "刚性支出困难家庭",
    "linshi": "临时救助",
    "yiliao": "医疗救助",
    "jiaoyu": "教育救助",
    "zhufang": "住房救助",
    "jiuye": "就业救助",
    "shouzai": "受灾人员救助",
    "canji_butie": "残疾人两项补贴",
    "gu_er_ertong": "孤儿和困境儿童保障",
    "cishan": "慈善帮扶",
    "liulang": "流浪乞讨救助",
    "falv": "法律援助",
    "fangfanpin": "防止返贫监测",
    "fuwu": "照料访视服务",
    "qunuan": "取暖救助",
    "binzang": "殡葬费用减免",
    "liangshan_butie": "凉山州低保差额补贴和特殊生活补贴",
    "nankai_huimin": "南开区惠民减免",
}
