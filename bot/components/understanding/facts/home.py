"""The household register (hukou) and the home."""

from __future__ import annotations

import re

from .scene import Fact, Scene

_END = r"(?=$|[,。;!? 吗嘛吧呀啊])"
_RURAL = re.compile(
    r"(?<!非)(?:农村|农业)(?:的)?(?:户口|户籍|户|人)|(?:户口|户籍)(?:本)?(?:上)?(?:还|都|也|一直|全|目前|现在)*(?:是|在|为|属|属于|落在|:)*(?:我们)?(?:农村|农业|乡下|老家农村|村里|村上|农)"
    rf"|(?:我们?|俺们?|咱们?|家|老家|都)?(?:是|在|属于|都是)?(?:农村|乡下|乡里|山里|农户)(?:的|人家?|来的|户口|出来的){_END}|^(?:农村|农业|农户){_END}"
    # run together without marks: 没存款农村的忠县金声乡
    r"|(?<![去来在到嫁往回])农村(?:的|户口)(?=没车|没存|没房|[一二两三四五六七八九\d]口|[\u4e00-\u9fff]{1,4}(?:县|区|市|旗|镇|乡))"
    r"|农民(?!工)(?:户口)?|庄稼人|(?:独居|住|居住|生活|家|老家)(?:在|是)?(?:农村|乡下)|种地的(?:人家|农民)|农村家庭|山区农村"
)
_URBAN = re.compile(
    r"(?:城镇|城市|居民|非农业?|城里|县城|市民|街道|镇上)(?:的)?(?:户口|户籍)|(?:户口|户籍)(?:还|都|也|一直|全|目前|现在)*(?:是|在|为|属|属于|落在|:)*(?:城镇|城市|居民|非农|城里|县城|街道|市里)"
    rf"|(?:是|属于)农转非|农转非了|农转非[^,。;怎能]{0, 5}年|(?:转|改)(?:成|为|了)(?:居民|城镇|城市|非农)(?:户口)?|^(?:城镇|城市|城里|居民|非农业?)(?:的|户口)?{_END}|(?:^|[,。;])(?:是)?(?:城镇|城市|城里|非农业?)的?{_END}|城里人{_END}|(?:城镇|城市)居民(?!医保|养老|基本)"
)
_NONLOCAL = re.compile(
    r"户口(?:是|在)(?!本|当|这|我|农|城|镇|村|一|他|她|咱|俺)[\u4e00-\u9fff]{2,4}的(?=$|[,。;!?])|(?:外地|外省|外县|外市|异地|外来|外乡|非本地)的?(?:户口|户籍)|(?:户口|户籍)(?:也|都|还|一直)*(?:不在(?!一)|在外[地省县市]|在老家|是外|没迁|没转|没落|在别|在另外|没过来)|^外地(?:的|人)"
    r"|(?:我|俺|像我)(?:们)?(?:是|系|这种|这样的)?外[地省](?:人|的|来|过[来嚟])|外地人|外省人|外乡人|非本地(?:户口|户籍|人)|外来(?:务工|人员|人口|打工)|不是(?:本地|当地|本市|本县|这里的?)(?:户口|户籍|人)|(?:没有?|没得|冇)(?:本地|这边|这里|当地)的?户口|流动人口|居住证"
    r"|(?<!媳妇)(?<!老婆)(?<!老公)户口[^,。;]{0,6}没(?:有)?(?:迁|转|落)|随迁|从[^,。;]{2,5}来的?[,。 ]?(?:在|到)?这|(?:户口|户籍)(?:也)?(?:是|在)(?!农|城|镇|乡|村|居|一|我|他|她|本|这)[^,。;]{1,6},[^,。;]{0,3}(?:在|现居|住)"
)
#: 我住天津和平区,户口在河南: two places, and the register is at the other.
_LIVES_THERE = re.compile(
    r"(?:住在?|人在|搬到|来到?|待在)([\u4e00-\u9fff]{2,9}?)(?:打工|上班|租房|生活)?[,。; ]{1,2}(?:但是?|可是?|不过)?(?:我|俺|我们)?的?"
    r"(?:户口|户籍)(?:也|都|还|一直)*[是在](?!农|城|镇|乡|村|居|一|我|他|她|本|这|当|外)([\u4e00-\u9fff]{2,8})"
)
_NOT_HUKOU = re.compile(
    r"和(?:农村|城市|城镇)|还是(?:农村|城)|与(?:农村|城)|城乡|区别|农村和|农村跟|城市跟|城里和"
)
_DENIED = re.compile(r"(?:不是|不属于|没有|不算|并非|不再是|不在)(?:什么|的)?$")

_LEAKY = r"(?:漏(?!洞|报|掉|发|气|电)|裂|开缝|要垮|快垮|垮了|要塌|快塌|塌(?:了|一|掉|半)|要倒|快倒|倾斜|歪(?:了|斜)|斜了|塌的|成危|透风|透光|下陷|下沉|掉渣|掉土|散架|摇摇|随时(?:会|要|都|可能)|会[塌垮倒]|塌得|垮塌|见天|透天|不行了|危险|不敢住|没法住|住不得人|不能住人|破(?:了|烂|得|败)|烂(?:了|得)|朽)"
_UNSAFE = re.compile(
    r"危房(?!改造|鉴定|改)|危险房|危旧房|(?:房(?:子|屋|顶)?|屋(?:子|顶|头|里)?|瓦|瓦房|土房|平房|老屋|墙|墙体|墙壁|梁|柱子|楼|家里|住的?地?方?|灶屋)[^,。;!?]{0,8}?"
    + _LEAKY
    + r"|(?:门窗|屋顶|房顶|瓦|房梁|墙)[^,。;]{0,5}(?:坏了|烂了|破了|没了|断了|掀|吹跑)|漏雨|厝[^,。]{0,3}漏|(?:蛀|朽|沤)(?:空|烂|断)|漏水厉害|下雨就漏|一下雨[^,。]{0,6}漏|外面下大雨[^。]{0,4}(?:里|头)下小雨"
    r"|土坯房|土墙房|烂房子|破房子|破屋|泥巴房|茅草房|茅草屋|泥砖房|[CD]级危|(?:鉴定|评)(?:为|成|是|了)?[CD]级|快塌的房|要塌的房|四面漏风|四面透风|摇摇欲坠"
)
_NOT_THE_HOUSE = re.compile(
    r"煤气|瓦斯|液化气|燃气|天然气|水管|马桶|冰箱|车胎|鞋|衣|手机|耳朵|尿|嘴|脸|皮肤|手|脚|肚|肠|胃"
)
_HOMELESS = re.compile(
    r"没(?:有)?买(?:过|上|得起)?房|买不起房|房子?(?:也|都|是)?没(?:有|得|了)(?=[,。; ]|$)|(?:住|借住|挤|搭)(?:在|到)?(?:了)?(?:亲戚|朋友|老表|熟人|老乡|邻居|战友|同学)(?:家|屋头|屋里|那)|睡沙发|没(?:有|得)?(?:自己的|一间|属于自己的)?(?:住)?房(?:子|屋|住|产)?(?!租|贷|产税|产证|本|东|顶|门|没|补|价|前)|无房|没(?:有|得)?地(?:方|儿|址)住|没(?:有|得)?住的?(?:地方|处)|没处(?:住|睡|去住|安身)|居无定所|没有?家(?:可归|住)"
    r"|无家可归|冇(?:房|屋)|(?:住|睡)(?:在|到|着|的是|的还是)?(?:了)?(?:[^,。;房租买家]{0,8}的|个|一个|村里|集体|人家|别人|朋友|老乡)?(?:旧|老|破)?(?:店里|网吧|桥洞|桥底|天桥|车里|车站|火车站|仓库|工棚|大街|马路|街头|公园|地下通道|车库|窝棚|棚子|车库|门面楼?|猪圈|牛棚|牛圈|岩洞|山洞|破庙|楼梯间|地下通道)|桥洞(?:底)?下(?:面)?(?:住|睡)|露宿|睡街|睡(?:在)?(?:楼道|楼梯间|外面|街)|(?:被|遭)?[^,。;]{0,4}(?:赶|撵|轰)出(?:来|去|门)[^,。;]{0,6}(?:没|无处)|没处去|没地方去|无处可去|流落街头|在街上过夜"
    r"|没车没房(?!补|租)|没了房(?!租|东|贷)|房子?(?:也)?没得(?!漏)|(?:借住|寄住|寄居)|上无片瓦|房无一间|名下(?:也)?(?:没|无)(?:有)?(?:任何)?房"
)
_PUBLIC = re.compile(
    r"(?:住(?:着|在|的(?:就|也|还)?是?|的)?|房子?(?:就|也)?是|租(?:着|的是?)?|分(?:到|了)|配租|同住|住进)(?:了|的|是|政府|公家|街道|一?套)*(?:公租房|廉租房|公屋|保障房|廉租屋|政府房|公廉租)|(?:公租房|廉租房)(?:里|住着|住了)|^(?:是|住的?)?(?:公租房|廉租房)(?=$|[,。;的一])|(?:我|俺|我们|家)家?(?:是|在)?(?:公租房|廉租房)"
)
_RENTED = re.compile(
    r"(?<![公廉出招])租(?:着|住)?(?:的)?(?:人家的?|别人的?|个|了(?:个|间|一间|套)?|住)?(?:小|单|破|老|旧|地下)?(?:房(?!补|东|合同|子?给|贷|屋补)|单间|屋|地下室|民房|隔断)|租住|租赁(?!补|合同)|房子?(?:都|也)?是租|(?:^|[,。;]|住)租(?:的|着|了)(?![^,。;]{0,2}(?:车|店|摊|门面|铺|地|田|鱼塘))|房东(?:要|想)?(?:收|卖)(?:回|了)?房|在外面?租|(?:房子|住处|住的)?(?:都)?是租的"
    r"|(?<![公廉])租(?:着|在)(?=[,。;!? 住]|别人|城|村|外)|房东(?:要|说|赶|撵|催)|城中村住"
    r"|(?<![公廉])租(?:了|着)?(?:一|个|两)?(?:间|套|单间)|租(?:了|着)?(?:一|个|一个)?(?:小|大)?(?:两居|一居|三居|开间|套间)|租人家|住(?:的|在)?出租|出租屋|出租房(?!屋管)|住房为租|(?<![公廉])租房(?!补)|房租(?!补|收|给我)|合租|群租"
)
_OWN = re.compile(
    r"自建房?(?!房补)|自己?(?:家)?(?:盖|修|建|起|砌)的|(?:自己的|自家的?|祖上的?|祖传的?|祖上留下的?)(?:老)?(?:瓦|土|砖|平|木|屋|宅|祖)?(?:瓦)?房|老瓦房|自家(?:房|屋)|老宅|老房子"
    r"|祖屋|祖宅|老屋|砖瓦房|砖房|平房|自己(?:的)?(?:宅基地)?(?:房子|房屋)|自家建|宅基地(?:上)?(?:房|的房)|木房|瓦房|土楼|吊脚楼|窑洞|石头房|农村(?:老)?房子"
)
_BOUGHT = re.compile(
    r"商品房|买的(?:房|楼|小区)|按揭(?:房|的)|贷款买的?房|小区房|电梯房|买(?:了|过)(?:一?套|个|个小)?(?:房|楼|小户型)|单位(?:分的)?房|房改房|福利房|集资房|经适房|经济适用房|二手房|安置房|回迁房|拆迁房|学区房|楼房一套|一套楼房"
)
_HOUSING = [
    ("危房", _UNSAFE),
    ("无房", _HOMELESS),
    ("公租房", _PUBLIC),
    ("租房", _RENTED),
    ("商品房", _BOUGHT),
    ("自建房", _OWN),
]
_ASK_PUBLIC = re.compile(r"公租房(?:需要|怎么|咋|条件|申请|能|要)|申请公租|想要公租")
_BURNT = re.compile(
    r"房子?(?:也|都|就|给)*烧(?:没|光)了|(?:房子?|屋|家|全|存折)[^。]{0,12}(?:烧光|烧没|全烧|烧毁|烧了)[^。]{0,16}(?:住在|没地方)"
)
# A house the flood took is the disaster; one that the earthquake cracked is unsafe.
_STRUCK = re.compile(r"洪水|大水|泥石流|滑坡|台风|大风|龙卷风|火|冲|埋|烧")
_STANDING = re.compile(r"裂|漏|歪|不敢住|危房|要[垮塌倒]|快[垮塌倒]")
_OTHERS_HOME = re.compile(r"别人家|人家|(?:他|她)家|村里有|有人|干部|听说")
_NO_HOME_RENTED = re.compile(r"车|店|摊|门面|铺")
_RULE = re.compile(
    r"(?:算不算|是不是|有没有|能不能|可以|怎么|咋|什么|条件|标准|补贴|补助|政策|名下)"
)


def extract(scene: Scene) -> list[Fact]:
    """Hukou and housing of the message."""
    return [fact for fact in (_hukou(scene), _housing(scene)) if fact is not None]


def _hukou(scene: Scene) -> Fact | None:
    if not _NOT_HUKOU.search(scene.text):
        for value, pattern in (("nonlocal", _NONLOCAL), ("urban", _URBAN), ("rural", _RURAL)):
            for match in pattern.finditer(scene.text):
                if value == "nonlocal" and _LOCAL.search(scene.text):
                    continue
                if not _DENIED.search(scene.text[: match.start()]):
                    return Fact("hukou", value, match.start(), match.end())
        apart = _LIVES_THERE.search(scene.text)
        if apart and apart[1][:2] not in apart[2] and apart[2][:2] not in apart[1]:
            return Fact("hukou", "nonlocal", apart.start(), apart.end())
    return _of_programme(scene)


# 我本地户口,老公的户口没迁: the speaker belongs here.
_LOCAL = re.compile(
    r"(?:我|俺)(?:们)?(?:是)?(?:本地|当地|这边)的?(?:户口|人)|(?:媳妇|老婆|老公|丈夫)[^,。;]{0,4}户口[^,。;]{0,4}没"
)


def _of_programme(scene: Scene) -> Fact | None:
    """农村低保 is asked about by those whose register is rural."""
    found: list[tuple[str, int, int]] = []
    for hit in scene.programmes:
        if hit.code != "dibao" or hit.role == "cue":
            continue
        lead = re.search(r"(?:农村|农|乡下|城市|城镇|城里|县城)(?:的)?$", scene.text[: hit.start])
        own = re.match(r"农村?|城市|城镇|城", scene.text[hit.start : hit.end])
        if lead:
            found.append((lead.group(), lead.start(), lead.end()))
        elif own:
            found.append((own.group(), hit.start, hit.start + own.end()))
    if len(found) != 1 or _NOT_HUKOU.search(scene.text):
        return None
    word, start, end = found[0]
    return Fact("hukou", "rural" if word.startswith(("农", "乡")) else "urban", start, end)


def _housing(scene: Scene) -> Fact | None:
    burnt = _BURNT.search(scene.text)
    if burnt:
        return Fact("housing", "无房", burnt.start(), burnt.end())
    homes = _HOUSING
    if _COLLAPSED.search(scene.text):
        homes = [("无房", _HOMELESS), *_HOUSING]  # 老家的房塌了,睡在朋友店里
    for value, pattern in homes:
        for match in pattern.finditer(scene.text):
            if _is_home(scene, value, match):
                return Fact("housing", value, match.start(), match.end())
    return None


_COLLAPSED = re.compile(r"(?:房子?|屋)(?:也|都|就|已经|全)*(?:塌|倒|垮|冲|烧|没)(?:了|没)")


def _is_home(scene: Scene, value: str, match: re.Match[str]) -> bool:
    clause = scene.clause_at(match.start())
    if value != "无房" and scene.negated(match.start()):
        return False
    if value == "危房" and _NOT_THE_HOUSE.search(match.group()):
        return False
    if (
        value in {"危房", "自建房"}
        and _STRUCK.search(clause.text)
        and not _STANDING.search(clause.text)
    ):
        return False
    if value == "租房" and _NO_HOME_RENTED.search(
        scene.text[max(clause.start, match.start() - 3) : match.start() + 1]
    ):
        return False
    if value == "租房" and re.search(r"(?:没钱|没法|想|不起)$", scene.text[: match.start()]):
        return False
    if value == "公租房" and _ASK_PUBLIC.search(scene.text):
        return False
    # 平房 and 老屋 are asked about in rules (老房子能不能翻修).
    if value == "自建房" and _RULE.search(clause.text) and clause.subject != "self":
        return False
    return not _OTHERS_HOME.search(clause.text[: match.start() - clause.start + 2])
