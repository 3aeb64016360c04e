"""The content files: no typed figure, no promise, nothing undignified, every source registered."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import glossary, library
from knowledge.figures import PLACEHOLDER
from knowledge.model import ContentError
from rules.parameter_store import default_store

EMERGENCY = re.compile(r"(?<!\d)(110|119|120|12356)(?!\d)")
# Figures spelt out: money, working days, shares and multiples belong into the parameters.
SPELT = re.compile(r"[一二两三四五六七八九十百千万半几]+(元|块钱|个工作日|工作日|倍|成|天内|日内)")
PROMISES = (
    "一定能", "肯定能", "(?<!低)保证", "包过", "包办", "马上到账", "准能", "必能", "放心拿",
    "您可以领", "您能领到", "批准了您", "马上有人上门", "一定会批",
)  # fmt: skip
UNDIGNIFIED = (
    "穷人", "贫民", "吃低保", "吃救济", "残废", "瞎子", "聋子", "傻", "疯", "懒", "穷户", "乞丐",
    "没资格", "不够格", "不能申请", "无权", "光棍", "孤寡", "弱智", "要饭",
)  # fmt: skip
DECISION = re.compile(r"(?<!可能)符合")


def said() -> Iterator[tuple[str, str]]:
    """Every text a resident may read, with where it stands."""
    for programme in library.programmes().values():
        for sentence in programme.closing:
            yield f"{programme.code} closing", sentence.say
        for entry in programme.entries:
            where = f"{programme.code} {entry.label} {entry.topic}"
            yield where, entry.title
            for paragraph in entry.paragraphs:
                for sentence in paragraph:
                    yield where, sentence.say
                    if sentence.otherwise:
                        yield where, sentence.otherwise
    for name, words in library.read_yaml(library.FOLDER / "words.yml").items():
        if isinstance(words, str) and name != "stop":
            yield f"words {name}", words
    for name, term in glossary.terms().items():
        yield f"glossary {name}", term.text


def test_no_digit_is_typed() -> None:
    typed = [
        (where, text)
        for where, text in said()
        if re.search(r"\d", EMERGENCY.sub("", PLACEHOLDER.sub("", text)))
    ]
    assert typed == []


def test_no_figure_is_spelt_out() -> None:
    assert [(where, text) for where, text in said() if SPELT.search(text)] == []


@pytest.mark.parametrize("word", [*PROMISES, *UNDIGNIFIED])
def test_no_promise_and_nothing_undignified(word: str) -> None:
    assert [(where, text) for where, text in said() if re.search(word, text)] == []


def test_nothing_is_decided() -> None:
    assert [(where, text) for where, text in said() if DECISION.search(text)] == []


def test_sentences_end() -> None:
    """A paragraph is sentences put together: each must end by itself."""
    open_ended = [
        sentence.say
        for programme in library.programmes().values()
        for entry in programme.entries
        for paragraph in (*entry.paragraphs, programme.closing)
        for sentence in paragraph
        if sentence.say[-1] not in "。！？"
    ]
    assert open_ended == []


def test_every_placeholder_is_a_parameter() -> None:
    known = {p.name for p in default_store().parameters} | {
        a.parameter.name for a in default_store().quarantined
    }
    used = {m["name"] for _, text in said() for m in PLACEHOLDER.finditer(text)}
    standing = {"help_phone", "place", "figures", "month", "day", "name", "text"}
    assert used - known - standing == set()
    assert len(used - standing) > 30


def test_braces_are_placeholders() -> None:
    for where, text in said():
        assert not re.search(r"[{}]", PLACEHOLDER.sub("", text)), where


def test_no_source_is_a_mirror_or_of_a_grade_not_shown() -> None:
    for document in library.documents().values():
        assert document.grade in "SABR"
        assert not re.search(r"http|github|镜像|seed|\.com|\.cn", document.title)


def test_every_registered_source_is_used() -> None:
    used = {
        cite.document.key
        for programme in library.programmes().values()
        for entry in programme.entries
        for paragraph in entry.paragraphs
        for sentence in paragraph
        for cite in sentence.cites
    }
    assert set(library.documents()) - used == set()


def test_region_prefixes_name_a_place() -> None:
    from rules import regions

    for programme in library.programmes().values():
        for entry in programme.entries:
            for paragraph in entry.paragraphs:
                for sentence in paragraph:
                    for prefix in (*sentence.within, *sentence.outside):
                        assert regions.region(prefix.ljust(6, "0"))


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


HEAD = "programme: dibao\nname: 低保\nentries:\n"
ENTRY = "  - label: ask_materials\n    title: 材料\n    cite: [M]\n    text: [[带身份证。]]\n"
SOURCES = "M: {title: 《办法》, from: 2021-07-01, date: 2021-07-01, grade: R}\n"


@pytest.mark.parametrize(
    ("sources", "content", "reason"),
    [
        (SOURCES.replace("grade: R", "grade: C"), HEAD + ENTRY, "证据级别"),
        (SOURCES, HEAD + ENTRY.replace("[M]", "[N]"), "没有登记的出处"),
        (SOURCES, HEAD + ENTRY.replace("    cite: [M]\n", ""), "没有出处"),
        (SOURCES, HEAD + ENTRY + ENTRY, "写了两次"),
        (SOURCES, HEAD + ENTRY.replace("ask_materials", "ask_nothing"), "不认识的问题"),
        (
            SOURCES,
            HEAD + ENTRY.replace("title: 材料", "title: 材料\n    tilte: 材料"),
            "不认识的键",
        ),
        (SOURCES, HEAD + ENTRY.replace("[[带身份证。]]", "[[{say: 带。, in: [50]}]]"), "引号"),
        (SOURCES, HEAD + ENTRY.replace("title: 材料", "title: 材料\n    topic: x"), "keys"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, sources: str, content: str, reason: str) -> None:
    write(tmp_path, "sources.yml", sources)
    write(tmp_path, "dibao.yml", content)
    with pytest.raises(ContentError, match=reason):
        library.programmes(tmp_path)


def test_a_right_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, "sources.yml", SOURCES)
    write(tmp_path, "dibao.yml", HEAD + ENTRY)
    entry = library.programmes(tmp_path)["dibao"].entries[0]
    assert entry.paragraphs[0][0].cites[0].document.title == "《办法》"
