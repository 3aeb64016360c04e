"""Finding places: gazetteer names, joined upwards (忠县石宝镇), with the village behind them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

from .lexicon import Hit, Lexicon, Place, Words, default_lexicon

_RANK = {"province": 1, "prefecture": 2, "county": 3, "township": 4}
_TAIL = re.compile(
    r"(?:[\u4e00-\u9fff]{1,4}?(?:镇|乡|街道))?(?:[\u4e00-\u9fff]{1,6}?(?:村|社区|嘎查|屯|苏木|居委会|小区|坝子))?"
    r"(?:第?[\d一二三四五六七八九十]{1,3}(?:组|社|队|号|村民小组|小组|栋))?"
)
# 昭通市镇雄县: a county that no list has, right after the prefecture it lies in.
_COUNTY_TAIL = re.compile(
    r"(?![^县市旗区]{0,3}[的在住有是这那个户人去来从到])"
    r"(?:[\u4e00-\u9fff]{1,3}(?:县(?!城)|市(?!区|里|民|场)|旗)|(?!市|城区|郊区|地区)[\u4e00-\u9fff]{1,2}(?<![小社])区)"
)
# Any name with an administrative ending, where the gazetteer has nothing.
_UNLISTED = re.compile(
    r"[\u4e00-\u9fff]{1,5}?(?:自治县|街道办|街道|嘎查|苏木|社区|县|镇|乡|村|屯|寨|小区|旗)"
    r"(?:[\u4e00-\u9fff]{1,5}?(?:镇|乡|村|社区|屯|寨|湾|坝))?"
    r"(?:第?[\d一二三四五六七八九十]{1,3}(?:组|社|队|号楼|号))?"
)
_NO_NAME = re.compile(
    r"还是|住建|城中村|[的们是不了有和里到去要给吗把被就]|(?:民政|派出|卫生)|户口|属于|城镇|乡下|农村"
)
#: What stands between a place and the smaller one inside it, or the larger one round it: 忠县 乌杨,
#: 忠县那边的乌杨镇, 乌杨、忠县.
_JOINT = re.compile(
    r"[ ,、·-]*(?:的|市|县|区|那边的?|这边的?|那里的?|这里的?|那个|这个|那块的?|那头的?|下面的?|底下的?|下头的?|里头的?"
    r"|里面的?|辖区的?|属于|归)?[ ,、·-]*"
)
#: After a pause or a 的 a short name (忠县 新生) counts where the next words leave no other sense.
_ENDS_PLACE = re.compile(
    r"$|[ ,。;!?、]|(?:那|这)(?:边|里|儿|块|头|角|片|一带|个地方)|(?:上|里|乡|街|镇)[头下上]?(?=$|[ ,。;!?、的人住])"
    r"|(?:的|人|住)(?=$|[ ,。;!?、我俺])|[我俺阮]|第?[0-9一二三四五六七八九十]{1,3}[组社队村]"
)
_TOO_SHORT = frozenset({"东区", "西区", "高县", "理县", "新城区", "新镇"})
# 离开县城, 送达县民政局, 沙县小吃: no 开县, 达县, 沙县.
_INSIDE_WORDS = {
    "开县": re.compile(r"(?:离|分|打|展|公|召|走|搬)开县"),
    "达县": re.compile(r"(?:到|送|抵|传|下|发)达县"),
    "安县": re.compile(r"(?:公|平|保|治|延|六|西|一)安县"),
    "伊家": re.compile(r"伊家己"),  # southern Min: he himself, no 伊家乡
    "沙县": re.compile(r"沙县小吃|沙县的?店"),
}
_ANY_KIND = re.compile(r"(?:街道|苏木|[镇乡])(?![上里下])")
_KIND_OF_TOWNSHIP = re.compile(r"(?:街道|[镇乡]|苏木)$")
_LIVES = re.compile(
    r"(?:现?住在?的?(?:地方)?是?|家在|家住|老家是?|老家在|户口在|户口是|户籍在|户籍是"
    r"|户籍地是?|户口落在|地址是?:?"
    r"|我是|我们是|来自|坐标|本人在|人在|搬到了?|我在|我们在|地点:?|所在地是?:?)$"
)
_ELSEWHERE_BEFORE = re.compile(
    r"(?:去|到|往|听说|转到|送到|跑到|从|跟|比|听|在网上看到|嫁到|嫁去|人家|打工在"
    r"|据说|像|学|看到)$"
)
_ELSEWHERE_AFTER = re.compile(
    r"(?:那边)?(?:打工|上班|看病|住院|医院|务工|读书|上学|大学|做手术|治病|银行|话"
    r"|人民医院|出差|做生意|当兵|卖|开刀|送|开|搬|跑|工地|租房|做|当|厂)"
)


# 在丰泽打工, 人在晋江租房: where somebody is now, though perhaps not registered.
_HERE_BEFORE = re.compile(r"(?:人|我|俺|现在?|目前|一直|都|就|家)?在$")
_HERE_AFTER = re.compile(r"(?:那边|这边)?(?:打工|务工|上班|做工|干活|租房)")


_WHERE_BEFORE = re.compile(r"(?:(?:我|俺|我们|家)(?:是|在|住)?|[,，。;；] ?(?:在|住)?)$")
_WHERE_AFTER = re.compile(r"(?:的|这边|这里|那边|人)?(?:$|[,，。;；!！?？])")


# 忠县我们村, 忠县的一个村: no name.
_NOT_NAMED = re.compile(
    r"(?:农|本|外|这|那|同|哪|什么|某|一?个|另|驻|别|各|全|进|回|下|我|俺|咱|你|他|她|乡|在|是|有|没|不"
    r"|老|出|几|的|低|当|做|原|都|就|也|和|跟)"
)


def _village(text: str, end: int) -> tuple[int, str]:
    """Where the town or village begins that is told right after a place, and its name."""
    for at in dict.fromkeys((end, _joint_end(text, end))):
        tail = _TAIL.match(text, at)
        if tail and tail.group() and not _NOT_NAMED.match(tail.group()):
            return at, tail.group()
    return end, ""


def _joint_end(text: str, at: int) -> int:
    joint = _JOINT.match(text, at)
    return joint.end() if joint else at


@dataclass(frozen=True)
class PlaceHit:
    """A place mention; several `places` when the name is ambiguous."""

    start: int
    end: int
    surface: str
    places: tuple[Place, ...]
    tail: str = ""
    elsewhere: bool = False
    here: bool = False

    @property
    def value(self) -> str | list[str]:
        """Full name (忠县 → 重庆市忠县); candidates in a list; a bare city stays as said."""
        if not self.places:
            return self.surface
        if len(self.places) > 1:
            return [place.full_name + self.tail for place in self.places]
        place = self.places[0]
        if place.level in {"province", "prefecture"} and not self.tail and self._bare():
            return self.surface
        return place.full_name + self.tail

    def _bare(self) -> bool:
        place = self.places[0]
        return self.surface == place.name or self.surface in place.aliases


class Gazetteer:
    """Place search over the lexicon's rows."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        self._short: dict[str, list[Place]] = defaultdict(list)
        self._by_code = {place.code: place for place in lexicon.places}
        for place in lexicon.places:
            self._by_name[place.name].append(place)
            if (
                place.level == "county"
                and len(place.name) == 3
                and place.name[:2] not in place.aliases
            ):
                # 和平, 河东: too common a word, unless the question was where.
                self._short[place.name[:2]].append(place)
            for alias in place.aliases:
                self._by_name[alias].append(place)
            if place.level == "township":
                self._add_township(place)
        self._all_words = Words(list(self._by_name) + list(self._short))

    def _add_township(self, place: Place) -> None:
        """永丰 or 和平 alone is hardly ever the township of that name."""
        bare = _KIND_OF_TOWNSHIP.sub("", place.name)
        if len(bare) >= 2:
            self._short[bare].append(place)
        if place.name.endswith("街道"):
            self._by_name[place.name + "办"].append(place)

    def ancestors(self, place: Place) -> list[str]:
        """Codes of the place and all above it."""
        codes = [place.code]
        while place.parent_code in self._by_code:
            place = self._by_code[place.parent_code]
            codes.append(place.code)
        return codes

    def _candidates(self, word: str) -> list[Place]:
        return self._by_name.get(word, []) + self._short.get(word, [])

    def _says_where(self, text: str, hit: Hit) -> bool:
        """我是南开的; 低保户能免吗,南开: a county's short name where nothing but a place can stand."""
        if not any(place.level == "county" for place in self._short.get(hit.word, [])):
            return False
        before, after = _WHERE_BEFORE.search(text[: hit.start]), _WHERE_AFTER.match(text, hit.end)
        return bool(before and after)

    def find(self, text: str, asked: bool = False) -> list[PlaceHit]:
        """Mentions in order. `asked`: the resident was asked where, so short names count too."""
        out: list[PlaceHit] = []
        for run in self._runs(text, asked):
            out += self._resolve(text, run, asked)
        return self._disambiguate(out)

    def _runs(self, text: str, asked: bool) -> list[list[Hit]]:
        """Names that stand together: 忠县 乌杨那边, 乌杨的,忠县."""
        hits = list(self._all_words.find(text))
        named = any(hit.word in self._by_name for hit in hits)
        kept: list[Hit] = []
        for at, hit in enumerate(hits):
            before = text[kept[-1].end : hit.start] if kept else None
            inside = _INSIDE_WORDS.get(hit.word)
            if inside and inside.search(text, max(0, hit.start - 1), hit.end + 2):
                continue
            if not asked and not self._counts(text, hit, before, hits[at + 1 : at + 2]):
                continue
            apart = before is not None and not _JOINT.fullmatch(before)
            if named and apart and hit.word not in self._by_name:
                continue  # 乌兰浩特汽车站 is not in 车站街道
            kept.append(hit)
        runs: list[list[Hit]] = []
        for hit in kept:
            if runs and _JOINT.fullmatch(text, runs[-1][-1].end, hit.start):
                runs[-1].append(hit)
            else:
                runs.append([hit])
        return runs

    def _counts(self, text: str, hit: Hit, before: str | None, following: list[Hit]) -> bool:
        """Whether a name is one: a short one only beside the place it lies in, or where asked."""
        if hit.word in _TOO_SHORT and before != "":
            return False
        if hit.word in self._by_name or before == "" or self._says_where(text, hit):
            return True
        if not _ENDS_PLACE.match(text, hit.end):
            return False
        larger = [h for h in following if _JOINT.fullmatch(text, hit.end, h.start)]
        beside = before is not None and bool(_JOINT.fullmatch(before))
        return beside or any(self._inside(hit.word, one.word) for one in larger)

    def _inside(self, small: str, large: str) -> list[Place]:
        """The places called `small` within one called `large`."""
        around = {place.code for place in self._by_name.get(large, [])}
        options = self._candidates(small)
        return [place for place in options if around & set(self.ancestors(place)[1:])]

    def _resolve(self, text: str, run: list[Hit], asked: bool) -> list[PlaceHit]:
        hits: list[PlaceHit] = []
        current: list[Place] = []
        start = end = 0
        for hit, following in zip(run, [*run[1:], None], strict=True):
            options = self._candidates(hit.word)
            codes = {place.code for place in current}
            inside = [p for p in options if codes & set(self.ancestors(p)[1:])]
            if inside:
                current, end = inside, hit.end
                continue
            around = {place.code for place in options}
            within = [p for p in current if around & set(self.ancestors(p)[1:])]
            if within and hit.word in self._by_name:  # 乌杨镇,忠县的
                current, end = within, hit.end
                continue
            if following and not current and self._inside(hit.word, following.word):
                current, start, end = self._inside(hit.word, following.word), hit.start, hit.end
                continue
            gap = text[end : hit.start]
            if hit.word not in self._by_name and not asked and not self._says_where(text, hit):
                continue
            if current and self._is_said_of(current, options, hit.word, gap):
                continue
            if current:
                hits.append(self._hit(text, start, end, current))
            current, start, end = options, hit.start, hit.end
        if current:
            hits.append(self._hit(text, start, end, current))
        return hits

    def _is_said_of(self, current: list[Place], options: list[Place], word: str, gap: str) -> bool:
        """昭觉县解放乡, 丰泽区临江街道: a township elsewhere has that name, and the county is said."""
        if any(place.level not in {"county", "prefecture"} for place in current) or gap:
            return False
        return word not in self._by_name or all(p.level == "township" for p in options)

    def _hit(self, text: str, start: int, end: int, places: list[Place]) -> PlaceHit:
        # 吉林 is a province and a city, 重庆江北 a district and a street: the larger one is meant.
        top = min(_RANK[place.level] for place in places)
        if top <= 2 or not self._candidates(text[start:end]):
            places = [place for place in places if _RANK[place.level] == top]
        # 丰泽: the district, not the street of the same name inside it.
        codes = {place.code for place in places}
        places = [p for p in places if not codes & set(self.ancestors(p)[1:])] or places
        tail = ""
        if places[0].level == "township" and (kind := _ANY_KIND.match(text, end)):
            end = kind.end()  # 乌杨镇: a street office by now, still called a town
        if _RANK[places[0].level] >= 3:
            at, tail = _village(text, end)
            end = at if tail else end
        elif places[0].level == "prefecture":
            county = _COUNTY_TAIL.match(text, end)
            tail = county.group() + (_TAIL.match(text, county.end()) or [""])[0] if county else ""
        before, after = text[:start], text[end:]
        elsewhere = bool(_ELSEWHERE_BEFORE.search(before)) or bool(_ELSEWHERE_AFTER.match(after))
        here = bool(_HERE_BEFORE.search(before) and _HERE_AFTER.match(after))
        surface = text[start:end]
        return PlaceHit(start, end + len(tail), surface, tuple(places), tail, elsewhere, here)

    def _disambiguate(self, hits: list[PlaceHit]) -> list[PlaceHit]:
        sure = {code for h in hits if len(h.places) == 1 for code in self.ancestors(h.places[0])}
        out = []
        for hit in hits:
            if len(hit.places) > 1:
                kept = tuple(p for p in hit.places if set(self.ancestors(p)[1:-1]) & sure)
                if len(kept) == 1:
                    hit = replace(hit, places=kept)
            out.append(hit)
        return out

    def unlisted(self, text: str, asked: bool = False) -> PlaceHit | None:
        """石板村4组: a name with an administrative ending that no list has."""
        if asked:
            match = _UNLISTED.search(text.removeprefix("我").removeprefix("在").removeprefix("是"))
            if match:
                at = text.find(match.group())
                return PlaceHit(at, at + len(match.group()), match.group(), ())
            return None
        for match in _UNLISTED.finditer(text):
            for at in range(match.start(), match.end()):
                lead = _LIVES.search(text[:at])
                inner = _UNLISTED.match(text, at)
                if (
                    lead
                    and inner
                    and not _NO_NAME.search(inner.group())
                    and not re.match(
                        r"(?:农|本|外|这|那|同|哪|什么|个|另|驻|别|各|全|进|回|下|我|你|他|乡|在|是|有|个"
                        r"|老|出|几)",
                        text[at:],
                    )
                ):
                    return PlaceHit(at, inner.end(), inner.group(), ())
        return None


@cache
def default_gazetteer() -> Gazetteer:
    """Gazetteer over this repository's places."""
    return Gazetteer(default_lexicon())
