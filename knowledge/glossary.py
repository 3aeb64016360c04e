"""Short explanations of official words, each with an example from daily life."""

from dataclasses import dataclass
from functools import cache

from knowledge import library
from knowledge.model import ContentError


@dataclass(frozen=True, slots=True)
class Term:
    """A word, its other names, and an explanation of at most sixty characters."""

    name: str
    aliases: tuple[str, ...]
    text: str


@cache
def terms() -> dict[str, Term]:
    """Every term under each of its names. Raises ContentError when a name stands for two."""
    found: dict[str, Term] = {}
    for name, row in library.read_yaml(library.FOLDER / "glossary.yml").items():
        term = Term(name, tuple(row.get("aliases", ())), row["text"])
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
