"""What people do and what hit them: school, work, disaster, accident."""

from __future__ import annotations

import re

from ..numbers import find_quantities
from .scene import Fact, Scene

_STAGES: list[tuple[str, re.Pattern[str]]] = [
    (
        "学前",
        re.compile(
            r"(?:上|读|在读|念|进|送)(?:的|了)?(?:个)?(?:幼儿园|托儿所|学前班)(?!做|上班|打工|当|门口|老师|煮|工作|扫)|在[^,。;家门旁边附近]{0,5}(?:幼儿园|学前班)(?=[,。;]|$|读|上学)|幼儿园(?:大|中|小)班"
        ),
    ),
    (
        "小学",
        re.compile(
            r"(?<!住村)(?<!住在村)小学(?!教室|校舍|操场|门口|里(?:住|避)|(?:都)?没|时|的时候|文化|学历|毕业|都没|没)|(?:读|上|念"
            r"|在读)?(?<!第)(?<!初)(?<!高)(?:小学)?[一二三四五六1-6]年级"
        ),
    ),
    (
        "初中",
        re.compile(
            r"国中|中考(?!前|成绩|后)|初中(?!时|的时候|文化|学历|毕业|没)|初[一二三123](?!级)|[七八九789]年级|读初"
        ),
    ),
    (
        "高中",
        re.compile(
            r"高考(?!前|后|完|落|没|那年)|考(?:上|进|入)(?:了)?[^,。;大学专]{0,5}(?:[一二三四五六七八九十\d]中|重点高中|县中|高中)|(?<!初)高中(?!时|的时候|文化|学历|毕业)|(?<=一个)高[一二三](?=[,。;一在]|$)|(?<!最)(?<!提)(?<!个)(?<!职)高[一二三123"
            r"](?!级|血|点|丁|些|个|次|倍|千|百|万)|读高|普高|(?:县|市|重点|[一二三四五六七八九十\d])中读"
        ),
    ),
    (
        "中职",
        re.compile(
            r"中职|职高|技工学校|中技|五年一贯|职教|中专(?!毕业|学历)|技校|职业(?:高中|学校|中学)|职校|卫校|技师学院|职中"
        ),
    ),
    (
        "大学",
        re.compile(
            r"考上(?:了)?(?:大学|本科|大专|一本|二本)|师范(?:大学|学院)|大学(?!刚?毕业|学历|文化)|大专(?!毕业|学历)|本科(?!毕业|学历)|(?<!老)大[一二三四](?!岁|十|点|条|个|块|片|堆|道|截|圈|群|袋|层|些)"
            r"|职业(?:技术)?学院|高职|专科(?!医|毕)|上大学|读大学|专升本"
        ),
    ),
    ("研究生", re.compile(r"研究生|考研(?:上岸|考上|成功)|考上研|读研|硕士|博士|研[一二三]")),
]
# 职高读二年级: the year of that school, no pupil of a primary one.
_YEAR_AT_OTHER = re.compile(
    r"(?:中专|中职|职高|技校|卫校|职校|职中|高职|大专|大学)[^,。;小]{0,4}[一二三四1-4]年级"
)
_GONE_SINCE = re.compile(
    r"(?:爸|妈|爹|娘|父亲|母亲|老公|老婆|儿子|女儿)[^,。;]{0,3}(?:走|跑|失踪|失联|出去|出走)了?"
    r"[^,。;]{0,6}(?:没|无)(?:有)?(?:消息|音信|联系|回)"
)
_JOBLESS = re.compile(
    r"下(?:了|的)?岗(?!证)|待岗|(?:放假|回家|停工)等(?:通知|消息)|(?:店子?|[面饭餐茶]馆|铺子?|门面|作坊|摊子)(?:就|都|也|早|已经)?(?:关门|关了|转让)(?!看|的时候)|失(?:了)?业(?!金|保险|登记|证|补助|人员|的怎么)|(?:靠|吃|领|拿)(?:着)?失业金(?:过|生活|活|,|$)|(?:单位|厂子?|公司|店|企业|作坊|工地)(?:就|都|也|早|已经|早就)?(?:黄了|倒闭|破产|散了|解散|队(?:就|都|也)?散|停工|垮了|关张|不干了|撤了|搬走)|没人(?:要|雇|请|用)(?=[,。;!?我干了]|$)|辞(?:了)?(?:工|职|掉工作)|被优化|不要我(?:干|做|上班)?了|不用我了|(?<!有活)(?<!夏天)(?<!冬天)没活儿?(?:干|做)?(?=[,。;!?了]|$)|打不(?:到|着)工|找不(?:着|到)(?:工作|活|事做|工)|歇业|断了工|没工(?:可|做|打|开)|[没无](?:有|得|了)?(?:固定|稳定|正式)?工作(?!人员"
    r"|证|时|单位的|日|[, ]*(?:种|务农|在家种))|无业|待业|丢了?工作|工作(?:也|就|都)?(?:丢|没)了|被(?:厂里?"
    r"|公司|单位|老板|工厂|饭店|店里)?(?:给)?(?:裁|辞退|开除|炒|解雇|辞|劝退)"
    r"|(?:[一二三四五六七八九十几两半\d]+(?:年|个月))?没(?:有|法|得)?(?:正常"
    r"|去)?(?:上班|活干|事做|活路|班上|活儿干)(?!时)|(?:无法|没法|不能)(?:正常)?(?:就业|工作|上班)|(?:单位|厂子?|公司|店|队|班子?|企业|按摩店|饭店)[^,。;]{0,3}(?:散|关)了(?!门?票)|以后关了|厂(?:子|里)?(?:倒闭|倒了|关了"
    r"|关门|垮了|停工|停产|黄了)|没人(?:要|雇|请)(?:我|干)|没班上|不?能(?:正常)?上班了|班(?:也|都)?(?:上不了|没法上|没得上)|[冇唔](?:有|见咗)(?:份)?工"
    r"|找不到(?:工作|活|事)|没找(?:到|着)工作|裁员"
)
_WAIT = re.compile(
    r"(?:交|申请|报|递|等|提交|审)(?!通)[^,。;!?]{0,8}?[\d一二两三四五六七八九十]{1,3}"
    r"个月|(?:交|申请|报|递|等|提交)[^,。;!?]{0,6}?(?:半年|一年)"
    r"|(?:[\d一二两三四五六七八九十]{1,3}个月|半年|一年)了?(?:还|都|也|一直|仍)?(?:没"
    r"|不见|冇)(?:有|得|人)?(?:批|回|消息|下来|动静|音讯|结果|信|答复|来|反应|到|管)"
)
# 羊冻死了三十多只: what the cold takes from a herder.
_STOCK = r"(?:牛犊?|羊羔?|马驹?|骡子?|驴|骆驼|牲口|牲畜|畜生|猪崽?|鸡|鸭|鹅)"
_DISASTERS: list[tuple[str, re.Pattern[str]]] = [
    ("地震", re.compile(r"地震(?!局)|余震|震塌|震坏")),
    ("泥石流", re.compile(r"泥石流|山洪泥石")),
    (
        "滑坡",
        re.compile(
            r"滑坡|山体(?:垮|塌|下滑)|(?<!矿上)(?<!井下)(?<!煤矿)(?<!工地)(?<!隧道)塌方|垮方|滚石|山石|崩塌|泥巴垮|坡(?:上|后)?[^,。;]{0,4}垮|山(?:上)?垮(?:了|下)"
        ),
    ),
    (
        "台风",
        re.compile(
            r"台风|飓风|风灾|(?:大|狂|妖)风[^,。;]{0,6}(?:掀|刮|吹|卷)|龙卷风|大风(?:把|刮|掀)"
        ),
    ),
    ("冰雹", re.compile(r"冰雹|下雹|雹子")),
    (
        "洪水",
        re.compile(
            r"洪水|洪灾|发大水|涨大水|涨水|水淹|(?:被|给|都|全|房子|屋|家|田|地|庄稼|房)淹"
            r"|淹了|内涝|大水(?:冲|淹|把)|被水(?:冲|泡)|(?<!泥石流)(?<!泥石流给)冲(?:垮|走|毁|塌)|山洪|暴雨(?:把|冲|淹)"
            r"|进(?:了)?水(?!果)|(?:水|大水)[^,。;]{0,4}(?:齐腰|齐膝|漫(?:进|上|过|到)|淹|涨|冲)|大水(?:退|来|过后?)|被水|发水|内涝|洪涝|涝灾|涨洪|过了洪|水泡|水灾|泡了水|[遭受]了?(?:大|洪)水"
        ),
    ),
    (
        "雪灾",
        re.compile(
            r"雪灾|白灾|(?:暴|大)雪[^,。;!?]{0,6}(?:压|封(?:了|住|山|路)|埋|困|塌)|被(?:大|暴)?雪(?:压|埋|封|困)|雪压(?:塌|垮|倒|坏)"
            rf"|{_STOCK}[^,。;!?人娃孩我]{{0,6}}冻死"
        ),
    ),
    (
        "旱灾",
        re.compile(
            r"旱灾|遭旱|大旱|(?:天|干|春|伏|今年)旱(?:得|了|死|严重|很|$|[,。;!? ])"
            r"|(?:庄稼|苗|秧|麦子?|稻子?|谷子?|玉米|苞谷|果树|草场|草)[^,。;!?]{0,6}(?:干|旱|晒|枯)死"
        ),
    ),
    (
        "火灾",
        re.compile(
            r"火灾|失(?:了)?火|走水了|起了?大?火|大火(?!车|锅|候)|火灭了|(?:房子?|屋|家|铺子)[^,。;]{0,8}烧(?:的(?=[,。;]|$)|得|成)|起火|着火|着了火|(?:房子?|屋|家|楼|店|仓库|柴房|圈"
            r"|全)[^,。;煤柴炭]{0,6}(?:烧(?!香|饭|菜|水|伤|得慌|烤|钱|纸)(?:没|光|了|毁|掉|塌|个|得)"
            r"|被烧)|一把火|火烧(?!眉)"
        ),
    ),
]
_ACCIDENTS: list[tuple[str, re.Pattern[str]]] = [
    (
        "车祸",
        re.compile(
            r"车祸|交通事故|[被让叫着给](?!我)[^,。;我他她]{0,7}车(?:子)?(?:给)?(?:撞|轧|碾|压|刮|剐|蹭)"
            r"|[被让叫给着][^,。;我他她]{0,7}车(?:子)?(?:给)?(?:带倒|挂倒|刮倒|碰倒|别倒|带翻|拖)|撞车|出了?车|骑车被撞|被撞(?:了|断|伤|成)|肇事"
        ),
    ),
    (
        "工伤",
        re.compile(
            r"工伤|(?:煤矿|矿上?|工地上?|厂里|车间|窑上)(?:里|上)?出(?:了)?事|(?:矿上?|井下|煤窑上?|隧道)(?:里|上)?(?:塌方|冒顶|瓦斯爆炸|透水)|(?:工地上?|厂里|上班|干活|电站)[^,。;]{0,3}(?:触电|电死|电伤)|(?:机器|冲床|锯|轧机|设备)[^,。;]{0,5}(?:轧|压|绞|切|断|伤|夹)|工地上?(?:砸"
            r"|压)(?:伤|断)|[被让叫](?:机器|钢筋|钢管|铁板|脚手架|石头|砖|水泥板)(?:给)?(?:轧|绞|砸|压)"
            r"|(?:上班|干活|做工|厂里|车间|工地上?|矿上|煤窑上?|窑上|砖窑)[^,。;摔跌掉]{0,6}(?:砸|压|轧|绞|夹|切)(?:到|着|断|伤|坏|掉|了)"
            r"|矿上(?:受伤|出事)"
            r"|(?:工地上?|矿上?|井下|厂里|车间|窑上|上班|干活|做工)(?:的时候|时)?[^,。;羊牛猪]{0,4}(?:摔|砸|压|轧|埋|跌)死"
        ),
    ),
    (
        "摔伤",
        re.compile(
            r"摔(?:着|到|(?:进|下|沟|坑|坎|河|井)|伤|断|下来|坏|成|残|倒|(?:的|得)(?:腿|脚|手|胳膊|腰|头|骨头)|了一?跤|一跤|跤|折|瘫|骨折|了(?!杯|碗|东西|手机))"
            r"|踩空|(?:滑|跌)(?:倒|断|伤|下来|了一?跤)|滚下(?:山|来|坡)|从[^,。;]{1,8}(?:摔|掉|跌"
            r"|滚)(?:下来|下去|了)|绊(?:倒|断|伤)|(?:腿|脚|脚杆|手|手杆|胯|腰杆?)(?:给)?(?:绊|跶|崴)断"
        ),
    ),
]
_NOT_THE_BOT = re.compile(r"怎么|什么叫|是什么|算不算|包括")
_HAPPENED = re.compile(
    r"补偿标准|应急(?:预案|演练|知识|包|物资|避险)|预警|演练|保险能|会不会|怎么防"
)


def _first(scene: Scene, key: str, table: list[tuple[str, re.Pattern[str]]]) -> Fact | None:
    for value, pattern in table:
        for match in pattern.finditer(scene.text):
            if not scene.negated(match.start()):
                return Fact(key, value, match.start(), match.end())
    return None


def _stages(scene: Scene) -> Fact | None:
    found = []
    for name, pattern in _STAGES:
        match = pattern.search(scene.text)
        finished = match and (
            re.search(r"(?:没|未)(?:念|读|上)(?:完|过)?$", scene.text[: match.start()])
            or re.search(r"(?:念|读|上)完了?$", scene.text[: match.start()])
        )
        if match and not finished:  # 没念完高中, 读完大专了: at school no more
            found.append((name, match.start(), match.end()))
    if not found:
        return None
    found.sort(key=lambda item: item[1])
    if len(found) > 1 and _YEAR_AT_OTHER.search(scene.text):
        found = [one for one in found if one[0] != "小学"]
    names = list(dict.fromkeys(name for name, _, _ in found))
    return Fact("student_stage", names[0] if len(names) == 1 else names, found[0][1], found[-1][2])


def _waiting(scene: Scene) -> Fact | None:
    match = _WAIT.search(scene.text)
    if not match:
        return None
    piece = match.group()
    if re.search(r"不起|失业|下岗|没(?:有)?(?:工作|活)|房租|学费", piece):
        return None  # 房租交不起了,失业三个月: nothing was handed in
    if re.search(
        r"医保|社保|断交|断缴|欠费|没打|没发",
        scene.text[max(0, match.start() - 4) : match.end() + 3],
    ):
        return None
    if any(h.held for h in scene.programmes) and not re.search(r"申请|交|报|审|批|办|递", piece):
        return None  # 补贴两个月没到账: a payment is late, no application
    if re.search(r"多|几|好几|来年|左右", scene.text[match.start() : match.end() + 1]):
        return None
    if _GONE_SINCE.search(scene.text[: match.end() + 6]):
        return None  # 妈妈走了一年没消息: nobody waits for an office
    if "半年" in piece:
        return Fact("waiting_months", 6, match.start(), match.end())
    for q in find_quantities(piece):
        if q.unit == "month" and q.value is not None:
            return Fact(
                "waiting_months", int(q.value), match.start() + q.start, match.start() + q.end
            )
        if q.unit == "year" and q.value is not None:
            months = int(q.value * 12)
            if scene.text[match.start() + q.end : match.start() + q.end + 1] == "半":
                months += 6
            return Fact("waiting_months", months, match.start() + q.start, match.start() + q.end)
    return None


# 没上班,在家带娃; 医生让养半年,不能上班: no job was lost.
_AT_HOME = re.compile(
    r"[,， 。]?(?:就|都|一直|天天|要)*(?:在|搁)?(?:家里?|屋头|屋里|厝内)?(?:要|得|就|专门)?"
    r"(?:带|看|照顾|照看|伺候|守|引)(?:着|到|倒)?[^,，。]{0,4}(?:娃|孩|孙|老人|妈|爸|婆婆|公公)"
)
_RESTING = re.compile(
    r"(?:医生|大夫|医院|出院|术后|手术)[^。;!?]{0,12}(?:静养|休养|休息|养(?![老活家])|歇)"
)


#: 被辞退了,在家带娃 has lost one.
_NOT_AT_WORK = re.compile(r"(?:没|不能|无法|没法|上不了)[^,。;]{0,4}(?:上班|工作|班)")


def _jobless(scene: Scene) -> Fact | None:
    """我没失业 and 不是下岗 deny it."""
    for match in _JOBLESS.finditer(scene.text):
        rests = _AT_HOME.match(scene.text, match.end()) or _RESTING.search(
            scene.text[: match.start()]
        )
        if rests and _NOT_AT_WORK.search(match.group()):
            continue
        if not (scene.about_other(match.start()) or scene.negated(match.start())):
            return Fact("lost_job", True, match.start(), match.end())
    return None


def extract(scene: Scene) -> list[Fact]:
    """Living conditions, schooling, work, and blows of fate."""
    facts = [_stages(scene), _waiting(scene)]
    if not _HAPPENED.search(scene.text):
        facts += [_first(scene, "disaster", _DISASTERS), _first(scene, "accident", _ACCIDENTS)]
    facts.append(_jobless(scene))
    return [fact for fact in facts if fact is not None]
