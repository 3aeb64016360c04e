"""Illness, disability, and how far somebody can look after himself."""

from __future__ import annotations

import re

from .scene import Fact, Scene

_LEVEL_DIGIT = {
    "1": "一",
    "2": "二",
    "3": "三",
    "4": "四",
    "一": "一",
    "二": "二",
    "三": "三",
    "四": "四",
}
_LEVEL = re.compile(r"(?<![\d几])([一二三四1-4])级(?!别|台|以上|地震|钢琴)")
_DISABILITY = re.compile(
    r"残|障|脑瘫|看不见|听不见|不会说话|瘫|唐氏|自闭|孤独症|截肢|侏儒|证|聋|哑|盲|肢体|视力|听力|言语|智力|精神|伤残"
)
_TYPES: list[tuple[str, re.Pattern[str]]] = [
    ("肢体", re.compile(r"肢体(?:残疾?|障碍|[一二三四1-4]级|证|有残|重残|缺)?|肢残")),
    ("视力", re.compile(r"视力(?:残疾?|障碍|[一二三四1-4]级|重残)|视障|视残|盲人")),
    ("听力", re.compile(r"听力(?:残疾?|障碍|[一二三四1-4]级|重残)|听障|听残|耳聋(?!眼)")),
    (
        "言语",
        re.compile(r"言语(?:残疾?|障碍|[一二三四1-4]级)|语言(?:残疾|[一二三四1-4]级)|言语残|语残"),
    ),
    ("智力", re.compile(r"智残|智力(?:残疾?|障碍|[一二三四1-4]级|有残|重残)|智障(?!能)")),
    ("精神", re.compile(r"精神(?:残疾?|障碍|[一二三四1-4]级|重残)")),
]
_DEAF_MUTE = re.compile(r"聋哑")
# Without a certificate or a grade, poor eyes are no disability.
_COLLOQUIAL_TYPES: list[tuple[str, re.Pattern[str]]] = [
    (
        "视力",
        re.compile(r"视力|眼睛?(?:都|全|两只|也)*(?:看不[见到]|瞎)|双目失明|失明|瞎子|盲(?!目|盒)"),
    ),
    ("听力", re.compile(r"耳朵?(?:都|全|两只|也)*(?:听不[见到]|聋)|(?<!装)聋(?!哑)|听不见|听力")),
    ("言语", re.compile(r"言语|(?<!聋)哑巴|不会说话|说不出话")),
    ("肢体", re.compile(r"肢体")),
    ("智力", re.compile(r"智力|弱智|傻(?!瓜|眼)|唐氏")),
    ("精神", re.compile(r"精神(?!文明|好|不好|状态|分裂|病|失常)")),
]
_CERTIFIED = re.compile(
    r"残疾(?:证|人|[一二三四1-4]级)|[一二三四1-4]级(?:残|的?证|证)?|残联|评残|持证"
)
_CARE = re.compile(
    r"(?:生活)?(?:完全|都|也|根本|基本)?(?:不能|不会|没法|无法|没办法"
    r"|不得)(?:生活)?自理|(?:失去|丧失|没有?)(?:生活)?自理能力|瘫(?:了|痪|在|巴|吧|子|倒)|下肢瘫|全瘫"
    r"|走路只能爬|生活(?:都|已经)?(?:难以|不太能|很难)自理|生活(?:完全)?(?:都|全)?(?:需要|要|靠)(?:别?人|家人|专人|[^,。;]{0,8}(?:母亲|父亲|妈妈?|爸爸?|妻子|老婆|丈夫|老公|老伴|儿子|女儿|我))(?:来)?照[料顾看]"
    r"|(?:二十四小时|24小时|白天黑夜|时时刻刻|天天|一刻)(?:都)?(?:要|得|需要)(?:有)?人(?:看|守|照|陪)|(?:吃饭|吃喝|饭)(?:都|也)?(?:要|得|靠|全靠)喂"
    r"|失能|(?:吃饭|吃喝|大小便|拉屎|洗澡|穿衣)(?:吃饭|拉撒|都|也|还|全)*(?:要|靠|得"
    r"|需要)(?:人|别人|我)(?!民)|(?:要|得|需要)人(?:伺候|服侍|端屎端尿|喂饭|喂)|植物人"
    r"|(?<!走)动不了|(?:躺|瘫|睡)[^,。;]{0,3}动不得|动弹不得|不能动弹|(?:半边|下半)身[^,。;]{0,4}不能动|端屎端尿|擦屎擦尿|(?:吃喝|屎尿|大小便)[^,。;]{0,3}(?:都|全|全都)(?:要|靠|得|在床)|(?:穿衣|吃饭|上厕所|起床|翻身|洗澡)[^,。;]{0,4}(?:得|要|靠|需要)(?:有)?(?:人|别人|(?<=全靠)我|(?<=都靠)我)(?!民)|大小便失禁|全护理|完全失能|离不开人|离不得人"
)
_CARE_UNLESS = re.compile(r"偏瘫|能自理|脑瘫|半瘫")
_BEDRIDDEN = re.compile(
    r"卧床|(?:屎尿|吃喝拉撒|吃喝)(?:都|全|也)?在床|摊了?(?:在|响)床|躺着(?:不能动|动不了|起不来)|(?:瘫|躺|倒|卧病)(?:痪)?(?:佇|在|到|着|倒)*(?:了)?(?:病|那)?[床炕]|瘫床|(?:床上|炕上)(?:躺|睡)了?[^,。;]{0,4}(?:年|个月)|卧病|常年在床|床上(?:躺|瘫)|(?:离|下|起)不(?:开|得|了|来)床|吃喝拉撒[^,。;]{0,4}床|长期(?:躺|卧)|下不了床|起不了床|下不来床|下不得床|起不来床|躺在?床上?(?:起不来|好几?年"
    r"|动不|[一二三四五六七八九十几\d]+[年个]|不能动)|长年躺床|常年躺|久卧|瘫痪在床"
    r"|只能躺"
)
_GENERIC = re.compile(r"哪些(?:病|疾)|什么病|算不算|属于|目录|范围内|能办几级|包不包括|种类")


def _diseases(scene: Scene) -> Fact | None:
    names: list[str] = []
    start = end = -1
    exact = scene.lexicon.disease_words.find(scene.text)
    sounding = scene.lexicon.diseases_by_sound(scene.text, [(h.start, h.end) for h in exact])
    for hit in sorted([*exact, *sounding], key=lambda h: h.start):
        if scene.negated(hit.start) or (scene.about_other(hit.start) and not scene.of_reported()):
            continue
        name = scene.lexicon.diseases[hit.word]
        if name == "精神病" and re.match(r"人|院|科", scene.text[hit.end :]):
            continue
        if name in {"烧伤"} and re.search(r"怕|会", scene.text[max(0, hit.start - 2) : hit.start]):
            continue
        if name not in names:
            names.append(name)
        start, end = (hit.start if start < 0 else start), hit.end
    if "精神病" in names and re.search(r"精神[一二三四1-4]级|精神残", scene.text):
        names.remove("精神病")
    general = {"癌症": "癌", "精神病": "精神", "肾病": "尿毒"}
    for name, mark in general.items():
        if name in names and any(mark in other and other != name for other in names):
            names.remove(name)
    if not names:
        return None
    return Fact("disease", names[0] if len(names) == 1 else names, start, end)


# 有,二级肢体 or 不对,是三级: a grade and a kind with nothing around them mean the certificate
_BARE_LEVEL = re.compile(
    r"^(?:□|口误|记错了|搞错了|不对|错了|写错了|说错了|等等|哦|是|有|嗯|的|证上|,|，| )*[一二三四1-4]级"
    r"(?:□|的|残疾|肢体|视力|听力|言语|智力|精神|,|，| |嘛|吧|啊|哈|。|!)*$"
)


_KIND = r"(?:肢体|视力|听力|言语|智力|精神)"
_KIND_BEFORE = re.compile(_KIND + r"(?:残疾|残)?(?:是|为)?$")
_KIND_AFTER = re.compile(rf"的?{_KIND}")


def _at(match: re.Match[str]) -> int:
    return match.start()


def _level(scene: Scene) -> Fact | None:
    found = list(_LEVEL.finditer(scene.text))
    if not found:
        return None
    match = found[0]
    near = scene.text[max(0, match.start() - 14) : match.end() + 8]
    asked = scene.asking in {"disability_level", "disability_type"}
    if not (_DISABILITY.search(near) or asked or _BARE_LEVEL.match(scene.text)):
        return None
    if re.search(
        r"残疾人?(?:和|到|、|或|至)?[一二三四]级[、和到或至]|[一二三四]级?[、和到或至][一二三四]级",
        scene.text,
    ):
        return None
    graded = [m for m in found if _KIND_BEFORE.search(scene.text[: m.start()])]
    graded += [m for m in found if m not in graded and _KIND_AFTER.match(scene.text, m.end())]
    levels = list(dict.fromkeys(_LEVEL_DIGIT[m.group(1)] + "级" for m in sorted(graded, key=_at)))
    if len(levels) > 1:  # 一个视力一级一个肢体三级
        return Fact("disability_level", levels, match.start(), found[-1].end())
    if scene.text[: match.start()].endswith(("是不是", "是否")):
        return None  # 是不是三级也可以领: asked of a rule
    return Fact("disability_level", _LEVEL_DIGIT[match.group(1)] + "级", match.start(), match.end())


def _types(scene: Scene) -> Fact | None:
    found: list[tuple[str, int, int]] = []
    for name, pattern in _TYPES:
        for match in pattern.finditer(scene.text):
            bare = match.group() == name
            if bare and scene.asking != "disability_type" and not _BARE_LEVEL.match(scene.text):
                continue
            if scene.negated(match.start()):
                continue
            found.append((name, match.start(), match.end()))
            break
    found = found or _colloquial(scene)
    several = "多重残" in scene.text  # 肢体智力多重残疾: the kinds are only named
    if several or (not found and scene.asking == "disability_type"):
        found = []
        for name in ("肢体", "视力", "听力", "言语", "智力", "精神"):
            at = scene.text.find(name)
            if at >= 0:
                found.append((name, at, at + 2))
    if not found:
        return None
    names = [name for name, _, _ in found]
    return Fact(
        "disability_type", names[0] if len(names) == 1 else names, found[0][1], found[-1][2]
    )


def _colloquial(scene: Scene) -> list[tuple[str, int, int]]:
    """聋哑 always; 眼睛看不见 and 听力的 beside a grade or a certificate."""
    deaf = _DEAF_MUTE.search(scene.text)
    if deaf:
        return [("听力", *deaf.span()), ("言语", *deaf.span())]
    grade = _CERTIFIED.search(scene.text)
    if not grade or _GENERIC.search(scene.text):
        return []
    near = (max(0, grade.start() - 14), grade.end() + 10)
    for name, pattern in _COLLOQUIAL_TYPES:
        match = pattern.search(scene.text, *near)
        if match and not scene.negated(match.start()):
            return [(name, match.start(), match.end())]
    return []


def extract(scene: Scene) -> list[Fact]:
    """Health facts of the message."""
    facts = [_level(scene), _types(scene)]
    if not _GENERIC.search(scene.text):
        facts.append(_diseases(scene))
    care = _CARE.search(scene.text)
    if care and not (
        care.group().startswith("瘫")
        and _CARE_UNLESS.search(scene.text[max(0, care.start() - 1) : care.end() + 1])
    ):
        facts.append(Fact("self_care", "不能自理", care.start(), care.end()))
    bed = _BEDRIDDEN.search(scene.text)
    if bed:
        facts.append(Fact("bedridden", True, bed.start(), bed.end()))
    return [fact for fact in facts if fact is not None]
