"""Nothing of another county leaks by any address; `make probes` asks 25,000 times."""

from __future__ import annotations

from tests.api.conftest import Desk
from tests.api.probing import Probes


def test_no_probe_tells_of_another_county(desk: Desk) -> None:
    probes = Probes(desk.runtime, desk.client.app)
    assert len(probes.addresses) > 100
    probes.run(1200, seed=1)
    statuses = {seen["foreign"][0] for seen in probes.answers.values()}
    assert {404, 403} <= statuses
