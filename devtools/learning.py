"""`wenzhu learn`: from labelled sentences to a model that is at least as good, and back again.

What staff labelled (`cases.misheard_desk`) becomes training lines in the data directory, never in
the repository; a candidate is trained on today's data and these lines, and compared with the model
at work on the frozen messages. Released it is taken over by the running server without a pause;
`serving.json` beside it is what every start and restart goes by.
"""

from __future__ import annotations

import hashlib
import json
import os
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases import misheard_desk
from devtools import training
from foundation.runtime import Runtime
from foundation.settings import Settings

LOAD_SECONDS = 120
Figures = dict[str, Any]


class CannotRelease(Exception):
    """One clear line saying why the model stays as it is."""


@dataclass(frozen=True)
class Comparison:
    """The candidate beside the model at work. `falls` says in what it is worse; empty is good."""

    candidate: Path
    sentences: int
    measures: tuple[tuple[str, float, float], ...]  # name, at work, candidate
    falls: tuple[str, ...]


def folder(settings: Settings) -> Path:
    """Where everything learned lies."""
    return settings.data_dir.resolve() / "learned"


# ---- which model serves ------------------------------------------------------------------------
def serving(settings: Settings) -> Path:
    """The model to serve: the one set, else the last release of today's data, else the current."""
    if settings.model_file:
        return settings.model_file
    for name in reversed(_released(settings)):
        model = folder(settings) / name
        if name.startswith(training.digest()) and model.exists():
            return model
    return training.current_model()


def point(settings: Settings, model: Path) -> Path:
    """A link to the model, by which a server that dies is started again with the one released."""
    link = settings.data_dir.resolve() / "run" / "model.tar.gz"
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name("model.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(model.resolve())
    fresh.replace(link)
    return link


def _released(settings: Settings) -> list[str]:
    """File names of the releases that stand, the last one at the end."""
    try:
        found: list[str] = json.loads((folder(settings) / "serving.json").read_text("utf-8"))
    except FileNotFoundError:
        return []
    return found


def _record(settings: Settings, released: list[str]) -> None:
    """In one step, so that a crash leaves the old list or the new one."""
    place = folder(settings) / "serving.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(released), "utf-8")
    fresh.replace(place)


# ---- export ------------------------------------------------------------------------------------
def export(runtime: Runtime) -> tuple[Path, int]:
    """Write the labelled sentences as training lines; returns the folder and how many there are.

    The file is written anew each time: what is deleted in the table is gone from it too.
    """
    with runtime.database.read() as session:
        taught = misheard_desk.taught(session, runtime.cipher)
    lines = _usable(taught)
    place = folder(runtime.settings) / "nlu"
    place.mkdir(parents=True, exist_ok=True)
    (place / "learned.yml").write_text(_yaml(lines), "utf-8")
    return place, sum(map(len, lines.values()))


def _usable(taught: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Label → sentences, without those that stand in the benchmark in other clothes."""
    from benchmarks.nlu import nearness, score

    said: dict[str, str] = {}
    for text, label in taught:
        said[" ".join(text.translate(_NO_MARKS).split())] = label
    rows = [*score.read(score.MESSAGES), *score.read(score.PHRASES)]
    frozen = [(row["id"], row["text"]) for row in rows]
    known = {sentence for _, sentence, _ in nearness.too_near(frozen, said)}
    found: dict[str, list[str]] = defaultdict(list)
    for text, label in sorted(said.items()):
        if text and text not in known:
            found[label].append(text)
    return dict(sorted(found.items()))


#: Rasa reads these as marks of entities.
_NO_MARKS = str.maketrans("[]{}()", "〔〕〔〕（）")


def _yaml(lines: Mapping[str, list[str]]) -> str:
    parts = ['version: "3.1"', "nlu:" if lines else "nlu: []"]
    for label, sentences in lines.items():
        parts += [f"- intent: {label}", "  examples: |"]
        parts += [f"    - {sentence}" for sentence in sentences]
    return "\n".join(parts) + "\n"


# ---- candidate and comparison ------------------------------------------------------------------
def learn(runtime: Runtime, figures: Callable[[Path], Figures] | None = None) -> Comparison:
    """Export, train a candidate unless this one is there, compare. Raises `TrainingFailed`,
    `CannotRelease` when there is nothing to learn."""
    place, count = export(runtime)
    if not count:
        raise CannotRelease("还没有标注过的句子。请内容编辑先在工作台“没听懂的话”里标注。")
    lines = (place / "learned.yml").read_bytes()
    name = f"{training.digest()}-{hashlib.sha256(lines).hexdigest()[:8]}.tar.gz"
    candidate = folder(runtime.settings) / name
    if not candidate.exists():
        training.train_beside(candidate, place)
    at_work = serving(runtime.settings)
    if at_work == training.current_model():
        training.train()
    compared = compare(candidate, at_work, count, figures or _figures)
    _forget_candidates(runtime.settings, keep=candidate)
    return compared


def _forget_candidates(settings: Settings, keep: Path) -> None:
    """Releases stay, so that each can be gone back to; other candidates go."""
    stay = {keep.name, *_released(settings)}
    for model in folder(settings).glob("*.tar.gz"):
        if model.name not in stay:
            model.unlink()


def compare(
    candidate: Path, at_work: Path, sentences: int, figures: Callable[[Path], Figures]
) -> Comparison:
    """By the gates of CI: no measure a point lower, no danger missed that either was known."""
    from benchmarks.nlu import run

    before, after = figures(at_work), figures(candidate)
    floor = json.loads(run.BASELINE.read_text("utf-8"))
    falls = dict.fromkeys([*run.falls(after, run.baseline(before)), *run.falls(after, floor)])
    old, new = (run.baseline(one) for one in (before, after))
    measures = tuple(
        (measure, old[group][measure], new[group][measure])
        for group in ("overall", "hard_phrases")
        for measure in new[group]
        if measure in old[group]
    )
    return Comparison(candidate, sentences, measures, tuple(falls))


def _figures(model: Path) -> Figures:
    from benchmarks.nlu import run

    return run.figures(resamples=1, model=model)


# ---- release and back --------------------------------------------------------------------------
def release(runtime: Runtime, compared: Comparison) -> bool:
    """Serve the candidate; False when no server is running and the next start will.

    Raises `CannotRelease` when it is worse, or the server does not take it; then nothing changes.
    """
    settings = runtime.settings
    if settings.model_file:
        raise CannotRelease("设置了 WENZHU_MODEL_FILE，用的就是它；去掉以后再发布。")
    if compared.falls:
        raise CannotRelease(f"比现在的差，没有发布：{'；'.join(compared.falls)}")
    took = _hand_over(settings, compared.candidate)
    point(settings, compared.candidate)
    name = compared.candidate.name
    _record(settings, [*(one for one in _released(settings) if one != name), name])
    return took


def roll_back(runtime: Runtime) -> tuple[Path, bool]:
    """The model before the last release, and whether a running server took it.

    Raises `CannotRelease` when nothing was released.
    """
    settings = runtime.settings
    released = _released(settings)
    if settings.model_file or not released:
        raise CannotRelease("没有发布过新学的模型，现在用的就是原来的。")
    before = released[:-1]
    _record(settings, before)
    try:
        model = serving(settings)
        if not model.exists():
            model = training.train()
        took = _hand_over(settings, model)
        point(settings, model)
    except BaseException:
        _record(settings, released)
        raise
    return model, took


def _hand_over(settings: Settings, model: Path) -> bool:
    """Ask the running server to take the model; False when none is running."""
    request = urllib.request.Request(
        f"{settings.rasa_url}/webhooks/gateway/model",
        json.dumps({"model": os.fspath(model.resolve())}).encode(),
        {"Authorization": f"Bearer {settings.rasa_token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=LOAD_SECONDS) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as refused:
        raise CannotRelease(f"对话引擎没有接受这个模型（{refused.code}），还用原来的。") from None
    except (urllib.error.URLError, OSError) as away:
        if isinstance(getattr(away, "reason", away), ConnectionRefusedError):
            return False
        raise CannotRelease("对话引擎没有回应，还用原来的模型。请看 var/log。") from None
