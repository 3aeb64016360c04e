"""Which web conversation a secret token opens."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool

from conversations import identity
from foundation.runtime import Runtime

NOT_FOUND = "没有找到这个对话，请重新打开页面。"
REMEMBERED = 10_000  # tokens: more conversations than are alive at once in a county


class Ownership:
    """One per process. A token never opens another conversation, so one look is enough."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._known: dict[str, str] = {}  # by the token's pseudonym

    async def of(self, token: str) -> str | None:
        """The conversation's id, or None; without a thread when the token has been seen."""
        key = self._runtime.cipher.pseudonym("token.web", token)
        return self._known.get(key) or await run_in_threadpool(self.look_up, token)

    def look_up(self, token: str) -> str | None:
        """The same from the database, and remembered."""
        with self._runtime.database.read() as session:
            found = identity.by_token(session, self._runtime.cipher, token)
        if found is None or found.token_hash is None:
            return None
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[found.token_hash] = found.id
        return found.id
