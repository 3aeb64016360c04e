"""Short explanations of official words, each with an example from daily life."""

import re
from dataclasses import dataclass
from functools import cache

from knowledge import library
from knowledge.model import Citation, ContentError

_ASKS_MEANING = re.compile(
    r"什么叫|啥叫|啥子叫|何谓|(?:啥|什么|什么个|啥子)(?:意思|概念|含义|名堂)|概念|指的?(?:是|什么|啥|哪)|怎么(?:讲|解释|理解|说)|咋(?:讲|解释|理解)|什么算法|什么说法"
    r"|是(?:个)?(?:啥|什么|啥子)(?:东西)?[吗呢呀啊嘛？?]*$"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, its other names, an explanation of at most sixty characters, and where it stands."""

    name: str
    aliases: tuple[str, ...]
    text: str
    cites: tuple[Citation, ...] = ()


@cache
def terms() -> dict[str, Term]:
    """Every term under each of its names. Raises ContentError when a name stands for two."""
    found: dict[str, Term] = {}
    for name, row in library.read_yaml(library.FOLDER / "glossary.yml").items():
        cites = library.cites(row.get("cite", ()), f"glossary.yml: {name}")
        term = Term(name, tuple(row.get("aliases", ())), row["text"], cites)
        for word in (term.name, *term.aliases):
            if word in found:
                raise ContentError(f"glossary.yml: {word} 写了两次")
            found[word] = term
    return found


def explain(term: str) -> str | None:
    """The explanation of the word, or of the longest word in it that has one; None if none has."""
    known = terms()
    text = term.strip().strip("“”\"'《》？?。").removesuffix("是什么").removesuffix("是啥")
    if text in known:
        return known[text].text
    inside = [word for word in known if word in text]
    return known[max(inside, key=len)].text if inside else None


def asked(question: str) -> Term | None:
    """The term whose meaning the sentence asks for: 渐退期是啥意思."""
    if not _ASKS_MEANING.search(question):
        return None
    inside = [word for word in terms() if word in question]
    return terms()[max(inside, key=len)] if inside else None
