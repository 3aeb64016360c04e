"""Which rules and figures gave an answer: one digest over the code, the data and the store."""

import hashlib
from dataclasses import fields
from functools import cache, lru_cache
from pathlib import Path

from rules.parameter_store import Store, default_store
from rules.parameter_values import Parameter

HERE = Path(__file__).resolve().parent
# Set by the reader of a value, not part of it.
_COMPUTED = frozenset({"stale", "local_unverified"})


@cache
def _code() -> str:
    """Of the expressions and relations; parameters come through the store."""
    digest = hashlib.sha256()
    words = [*HERE.glob("*.yml"), *(HERE / "programmes").glob("*.yml")]
    for path in sorted([*HERE.rglob("*.py"), *words]):
        digest.update(path.relative_to(HERE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=32)
def _figures(store: Store) -> str:
    names = [field.name for field in fields(Parameter) if field.name not in _COMPUTED]
    rows = sorted("|".join(str(getattr(p, name)) for name in names) for p in store.parameters)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def rules_version(store: Store | None = None) -> str:
    """Twelve hexadecimal digits; the same rules and figures give the same ones anywhere."""
    both = f"{_code()}{_figures(store or default_store())}"
    return hashlib.sha256(both.encode()).hexdigest()[:12]
