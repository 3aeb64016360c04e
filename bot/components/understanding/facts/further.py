"""Facts that only the further programmes need, heard when a resident volunteers them.

They reach the dialogue as entities; `wenzhu understand` leaves them out, its keys are fixed. Keys
and values are those of the rules (`rules/facts.py`).
"""

from __future__ import annotations

import re
from typing import Any

from .scene import Fact, Scene

#: Every key of this group.
FURTHER = frozenset(
    {
        "father_state", "mother_state", "supporter", "adl_unable", "legal_matter", "disaster_effect",
        "father_months", "mother_months", "stranded", "death_in_family", "heating_difficult", "lifted_out", "house_grade", "cataract",
        "heart_disease", "autism", "mental_illness", "wants_work", "migrant_worker", "needs_care",
    }
)  # fmt: skip

_BODY = r"(?:尸体|遗体|后事|丧事|丧葬|火化|下葬|安葬|棺材|殡仪)"
# Key, value, pattern; the first match that is no question of rule and not denied counts.
_STATED: list[tuple[str, Any, re.Pattern[str]]] = [
    ("legal_matter", "wages", re.compile(r"(?:欠|拖欠|克扣|不发|不给|不结|没结|没给|要不回|讨不?回|讨)(?:着|了|我|俺|我们|的)*[^,。;]{0,6}(?:工资|工钱|薪水|血汗钱|工程款)|(?:工资|工钱|血汗钱|薪水)[^,。;]{0,8}(?:不给|不发|没给|没发|没结|欠着|拖着|要不回|要不到|讨不|拿不到|没拿到)|欠薪|讨薪")),
    ("legal_matter", "injury", re.compile(r"(?:老板|工头|厂里|公司|单位|肇事者?|对方|司机|矿上|工地)[^,。;]{0,6}赔[^。;]{0,12}(?:没给|没付|没到|不给|还差|还欠|拖着)|工伤[^,。;]{0,10}(?:不赔|不认|没赔|赔|认定|官司|老板)|(?:老板|工头|厂里|公司|单位|肇事者?|对方|司机)[^,。;]{0,8}(?:不认账?|不赔|不管|赖账|跑了|不肯赔|没赔)")),
    ("legal_matter", "support", re.compile(r"(?:不给|不付|没给|拖欠|要)[^,。;]{0,6}(?:抚养费|赡养费|扶养费)|(?:抚养费|赡养费|扶养费)[^,。;]{0,8}(?:不给|一分|没给|要不到|打官司)|(?:儿|女|子|闺女)[^,。;!?]{0,4}(?:不|没)(?:养|赡养|管)我[^。;!?]{0,16}(?:告|官司|法院|起诉)")),
    ("legal_matter", "violence", re.compile(r"家暴|家庭暴力|(?:老公|丈夫|男人|他)(?:天天|经常|老是|总是|又)?打我")),
    ("disaster_effect", "death", re.compile(r"(?:洪水|泥石流|滑坡|地震|台风|大水|火灾|山洪)[^。;!?]{0,16}(?:淹死|砸死|埋死|烧死|冲走了?(?:人|我)|死了人|人没了)")),
    ("disaster_effect", "collapsed", re.compile(r"(?:房子?|屋子?|家|灶房|楼)[^,。;!?]{0,10}(?<![要快怕会将])(?:冲(?:垮|走|没|毁|倒)|震(?:垮|塌|倒)|吹(?:垮|塌|倒)|埋(?:了|没)|塌(?:了|完|光|掉|平)|倒(?:了|塌|完)|垮(?:了|完|塌)|烧(?:光|没|毁|塌|完)|夷为平地)|(?:冲垮|冲走|震塌|吹倒|埋)(?:了|掉)?(?:我家|我们家|家里|俺家)?的?(?:房|屋|家)")),
    ("disaster_effect", "badly_damaged", re.compile(r"(?:地震|洪水|台风|滑坡|泥石流|大水|震)[^。;!?]{0,14}(?:裂|歪|不敢住|不能住|成危房|要塌)")),
    ("disaster_effect", "damaged", re.compile(r"(?:洪水|大水|水|台风|冰雹|大风|雹子)[^,。;!?]{0,8}(?:淹了|淹|进水|泡|砸坏|掀|打坏|砸烂)[^,。;!?]{0,4}(?:房|屋|家|瓦|屋顶)|(?:房|屋|家|瓦|屋顶)[^,。;!?]{0,6}(?:淹|进水|泡水|掀|砸坏|打烂)")),
    ("disaster_effect", "relocated", re.compile(r"(?:转移|安置|撤离|搬)(?:到|出来|去|了)[^,。;]{0,8}(?:安置点|学校|帐篷|亲戚|村委|避难)|住(?:在)?(?:帐篷|安置点|避难)|紧急转移|转移安置")),
    ("stranded", True, re.compile(r"(?:没钱|没路费|没有路费|没车费|买不起(?:车)?票|钱包?(?:被偷|丢了|没了)|身份证[^,。;]{0,4}丢)[^。;!?]{0,14}(?:回(?:不了|不去|家|老家)|没地方)|回不(?:了|去)(?:老?家)|困在(?!家)|流落|滞留|(?:睡|住)(?:在)?(?:火车站|汽车站|车站|桥洞|桥底|马路|大街|公园|街头|地下通道)")),
    ("death_in_family", True, re.compile(rf"(?:没钱|办不起|买不起|交不起|拿不出钱?)[^,。;]{{0,8}}{_BODY}|{_BODY}[^,。;]{{0,10}}(?:没钱|办不起|都没办|办不了|钱)|(?:昨天|前天|刚刚?|今天|上周|这几天|上个?月|前几天|头七)[^,。;!?]{{0,8}}(?:去世|过世|走了|死了|(?<![烧冲塌淹卖花用丢拆])没了|病逝|断气|病故)|(?:去世|过世|死了|走了|没了)(?:才|刚)[^,。;]{{0,5}}[天周]")),
    ("heating_difficult", True, re.compile(r"(?:没|买不起|烧不起|用不起|交不起)(?:有|得)?(?:钱)?(?:买)?(?:煤|炭|柴|暖气|取暖|电热毯|取暖费|供暖|采暖费|棉被|厚被)|(?:取暖|过冬|冬天)[^,。;!?]{0,8}(?:困难|难熬|成问题|没着落|过不去|冷得|冻|没法)|(?:煤|炭|柴|暖气)[^。;]{0,16}(?:烧|用|买|交)不起|没(?:有)?(?:暖气|取暖|煤烧|柴烧|炭烧)|(?:大)?冬天[^,。;]{0,4}没(?:煤|柴|炭|棉)")),
    ("lifted_out", True, re.compile(r"(?:我|俺|咱|家)?(?:们|家)?(?:是|属于|原来是|以前是)?(?:脱贫户|建档立卡(?:户|贫困户|脱贫户)?|贫困户)(?!的?(?:名额|指标|条件|政策|有|能|怎么|咋|评|标准|待遇)|吗|才|给|评)|脱贫(?:了|的)(?:第|又|好几|[一二三四五\d])")),
    ("house_grade", "D", re.compile(r"[Dd]级(?:危?房?)?")),
    ("house_grade", "C", re.compile(r"[Cc]级(?:危?房?)?")),
    ("cataract", True, re.compile(r"白内障")),
    ("heart_disease", True, re.compile(r"先天性心脏病|先心病|心脏(?:有|上)?(?:个)?(?:洞|缺损)|室间隔缺损|房间隔缺损|法洛")),
    ("critical_illness_insured", True, re.compile(r"(?:给|已经|都|也)?报(?:过|了|销过|销了)[^,。;]{0,3}大病保险|大病保险[^,。;]{0,3}(?:给|已经)?报(?:过|了|销过|销了)")),
    ("autism", True, re.compile(r"自闭症|孤独症")),
    ("mental_illness", True, re.compile(r"精神分裂|精神病(?!院|科)|精神(?:残疾|障碍|[一二三四]级)|双相|躁郁|疯病|精神失常|重度抑郁")),
    ("migrant_worker", True, re.compile(r"农民工|进城务工|外出务工|(?:我|俺)(?:们)?(?:是)?(?:从[^,。]{1,6})?(?:来|到|在)(?:这|这边|城里|外省|广东|浙江|福建|上海|北京|深圳)[^,。]{0,3}打工")),
    ("wants_work", True, re.compile(r"(?:想|要|能不能|有没有|帮我?|给我?)[^,。;]{0,6}(?:找(?:个|份|点)?(?:工作|活(?!人|口)|事做|事干|工(?!作人))|介绍(?:个|份)?(?:工作|活)|安排(?:个|份)?(?:工作|岗位|活)|上班(?=$|[,。;!?]))|愿意干活|肯干活|想干活")),
    ("needs_care", True, re.compile(r"(?:要|需要|得|离不开?)(?:有)?人(?:长期|天天|24小时|时刻|一直|全天|守着|专门)?(?:照顾|照料|照看|伺候|服侍|护理|看护|喂)|离不(?:得|开)人|身边(?:离不开|不能没)人|全靠[^,。;]{1,4}(?:照顾|伺候)")),
    ("supporter", "none", re.compile(r"[没无冇]儿[没无冇]女|没(?:有|得)?(?:儿女|子女|后代|后人|娃儿?|孩子)|无依无靠|没有?(?:任何)?亲人|孤寡|一个亲人(?:都|也)?没|没人养老")),
    ("supporter", "absent", re.compile(r"(?:儿子?|女儿|闺女|子女|孩子|儿女|崽|娃)[^,。;!?]{0,8}(?:坐(?:大)?牢|坐监|服刑|判(?:了)?刑|被判|判了|进了?监狱|在监狱|在牢里|蹲(?:大)?(?:牢|监)|吃牢饭|劳改|被抓|关进去|关着|强制戒毒|强戒|戒毒所|失踪|失联|没(?:得)?消息|没(?:得)?音[信讯]|联系不[上到]|找不到人|不知去向|跑了)(?!给|归)")),
    ("supporter", "severe_disability", re.compile(r"(?:儿子|女儿|闺女|子女|独子)[^,。;!?]{0,8}(?:残疾|傻|瘫|精神病|智障|脑瘫|一级|二级)")),
    ("supporter", "other_unable", re.compile(r"(?:儿子|女儿|闺女|子女|儿女)[^,。;!?]{0,8}(?:自己(?:他)?都?(?:顾不(?:过来|到|了|上|住|赢)|难)|也(?:穷|困难|难)|养不起|没能力|没本事|自身难保)")),
    ("supporter", "able", re.compile(r"(?:儿子|女儿|闺女|子女|儿女)(?![^,。;!?]{0,5}(?:不|没))[^,。;!?]{0,8}(?:给钱|给生活费|寄钱|养我|养着|赡养)")),
]  # fmt: skip
# Help is wanted for the disabled child: nobody asks who is to support a parent.
_MINOR = re.compile(
    r"(?<![一二三四五六七八九十\d])(?:[一二两三四五六七八九]|十[一二三四五六七]?|1?\d)岁"
)
_UPKEEP = re.compile(
    r"(?:儿子|女儿|闺女)[^。;!?]{0,24}(?:单独|给(?:她|他)|帮(?:她|他)|护理补贴|生活补贴|残疾补贴)"
)
_OWN_AGE = re.compile(r"(?:我|俺)(?:今年|都|也|已经)*(?:[六七八九]十|[6-9]\d)")
_RULE_QUESTION = re.compile(
    r"(?:什么|啥|哪些)(?:是|叫|条件|人|样)|怎么(?:算|定义)|算不算|是什么|条件是"
)
# Of the six things of daily life, those somebody cannot do alone.
_ADL: list[re.Pattern[str]] = [
    re.compile(r"(?:吃饭|吃喝|喝水|饭)(?:都|也|、|和|穿衣|拉撒|要|得|需要)*[^,。;]{0,4}(?:喂|要人|靠人|不能|不会|不行|不了)|喂饭|吃喝拉撒"),
    re.compile(r"(?:穿衣|穿衣服|穿脱)[^,。;]{0,6}(?:要人|靠人|不能|不会|不行|得人|帮)"),
    re.compile(r"(?:上下床|下床|起床|翻身)[^,。;]{0,6}(?:要人|靠人|不能|不了|不行|帮)|下不(?:了|来|得)床|卧床|瘫(?:在|痪在)床"),
    re.compile(r"(?:上厕所|大小便|解手|拉屎|拉尿|拉撒)[^,。;]{0,8}(?:要人|靠人|不能|不会|失禁|帮|床上|全靠)|端屎端尿|大小便失禁|吃喝拉撒"),
    re.compile(r"(?:走路|走动|走|行走)(?:都|也)?(?:不了|不动|不能|要人|靠人|要扶|得扶|不得)|走不(?:了|动|得)路?|不能走"),
    re.compile(r"(?:洗澡|洗漱|洗脸|擦洗|擦身)[^,。;]{0,8}(?:要人|靠人|不能|不会|不了|帮|得人)"),
]  # fmt: skip
_ADL_WITH_HELP = re.compile(r"要人|靠人|得人|需要人|帮|喂|不能|不了|不会|不得|端|床|失禁|全靠")


def extract(scene: Scene) -> list[Fact]:
    """Facts for the further programmes; none from a question about the rules."""
    text = scene.text
    if _RULE_QUESTION.search(text):
        return []
    facts: dict[str, Fact] = {}
    minor = _MINOR.search(text) or (_OWN_AGE.search(text) is None and _UPKEEP.search(text))
    for key, value, pattern in _STATED:
        if key in facts:
            continue
        match = pattern.search(text)
        if key == "supporter" and value == "severe_disability" and minor:
            continue
        if match and not scene.negated(match.start()) and not scene.about_other(match.start()):
            facts[key] = Fact(key, value, *match.span())
    adl = _adl(text)
    if adl:
        facts["adl_unable"] = adl
    return list(facts.values())


def _adl(text: str) -> Fact | None:
    """How many of the six are named; at least two, a single one says too little."""
    if not _ADL_WITH_HELP.search(text):
        return None
    spans = [match.span() for pattern in _ADL if (match := pattern.search(text))]
    if len(spans) < 2:
        return None
    return Fact("adl_unable", len(spans), min(s for s, _ in spans), max(e for _, e in spans))
