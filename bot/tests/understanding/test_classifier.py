"""The classifier learns, repeats itself exactly, and persists without pickle."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.components.understanding import classifier
from bot.components.understanding.classifier import Classifier, homophones, noise, train
from bot.components.understanding.lexicon import default_lexicon
from bot.components.understanding.pipeline import Understander

_EXAMPLES = {
    "ask_materials": "办低保要带什么材料 需要哪些证件 户口本要不要带 申请要交什么资料 要准备啥东西 材料清单有没有",
    "ask_processing_time": "多久能批下来 几天出结果 要等多长时间 审批要几个月 什么时候能办好 要多少工作日",
    "ask_amount_standard": "一个月给多少钱 低保标准是多少 能领几百块 补助多少钱 每月发多少 一次给好多钱",
    "thanks": "谢谢你 多谢了 感谢感谢 麻烦你了谢谢 太谢谢了 谢了啊",
}


def _pairs() -> list[tuple[str, str]]:
    rows = [(text, label) for label, texts in _EXAMPLES.items() for text in texts.split()]
    return rows * 2


@pytest.fixture(scope="module")
def trained() -> Classifier:
    return train(_pairs(), Understander.untrained(default_lexicon()).featurise, seed=7)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("要带哪些资料", "ask_materials"),
        ("几天能批", "ask_processing_time"),
        ("给多少钱一个月", "ask_amount_standard"),
    ],
)
def test_unseen_sentence_gets_its_label(trained: Classifier, text: str, label: str) -> None:
    features = Understander.untrained(default_lexicon()).featurise(text)
    assert trained.ranking(features)[0][0] == label


def test_probabilities_are_a_distribution(trained: Classifier) -> None:
    features = Understander.untrained(default_lexicon()).featurise("谢谢，要多久")
    ranking = trained.ranking(features)
    assert sum(p for _, p in ranking) == pytest.approx(1, abs=1e-4)
    assert [p for _, p in ranking] == sorted((p for _, p in ranking), reverse=True)


def test_same_seed_gives_the_same_weights(trained: Classifier) -> None:
    again = train(_pairs(), Understander.untrained(default_lexicon()).featurise, seed=7)
    assert again.index == trained.index
    assert np.array_equal(again.weights, trained.weights)


def test_saved_and_loaded_classifier_answers_alike(trained: Classifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    assert {p.suffix for p in tmp_path.iterdir()} == {".json", ".npz"}
    features = Understander.untrained(default_lexicon()).featurise("要交什么材料")
    before, after = trained.ranking(features), Classifier.load(tmp_path).ranking(features)
    assert [n for n, _ in before] == [n for n, _ in after]
    assert [p for _, p in after] == pytest.approx([p for _, p in before], abs=5e-3)


def test_pickled_weights_are_refused(trained: Classifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    np.savez(tmp_path / "classifier.npz", idf=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        Classifier.load(tmp_path)


def test_noise_swaps_homophones_and_stays_readable() -> None:
    sounds = homophones(["低保怎么办", "地包咋板"])
    slips = {noise("低保怎么办", sounds, random.Random(i)) for i in range(40)}
    assert slips - {"低保怎么办"}
    assert all(3 <= len(slip) <= 6 for slip in slips)


def test_further_requests_of_a_message_are_reported(trained: Classifier) -> None:
    trained.secondary_threshold = 0.3
    understander = Understander(trained, default_lexicon())
    result = understander.parse("要啥材料，多久能批，一个月给多少")
    named = {result.label, *(item["name"] for item in result.secondary)}
    assert named == {"ask_materials", "ask_processing_time", "ask_amount_standard"}
    assert len(result.secondary) == 2


def test_untrained_understander_says_so() -> None:
    with pytest.raises(RuntimeError, match="never trained"):
        Understander.untrained(default_lexicon()).parse("低保")


@pytest.mark.parametrize(
    "unit", ["一", "没有", "我和", "低保", "0", "我家三口人一个月八百，", "他爸死", "(", "⟦"]
)
def test_long_input_is_understood_in_bounded_time(trained: Classifier, unit: str) -> None:
    import time

    text = (unit * 1000)[:1000]
    understander = Understander(trained, default_lexicon())
    began = time.process_time()
    understander.parse(text)
    assert time.process_time() - began < 2


def test_where_the_question_stands_is_seen() -> None:
    featurise = Understander.untrained(default_lexicon()).featurise
    asked = featurise("我爹中风瘫了，村里讲没名额，我家这样能不能申请？")
    told = featurise("我爹中风瘫了，能不能申请问过三回，村里讲没名额。")
    assert {"tlast", "tend_?", "tc_qualify"} <= set(asked)
    assert {"tlast2", "tend_."} <= set(told)
    assert "tc_qualify" not in told
    assert [name for name in featurise("三口人，能申请吗？") if name.startswith("t")] == []


def test_no_single_draw_of_slips_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    featurise = Understander.untrained(default_lexicon()).featurise
    shares: list[float] = []
    real = classifier._fit_svm

    def fit(matrix: Any, targets: Any, seed: int) -> Any:
        shares.append(matrix.shape[0])
        return real(matrix, targets, seed)

    monkeypatch.setattr(classifier, "_fit_svm", fit)
    model = classifier.train(_pairs(), featurise, seed=7)
    learnt = [rows for rows in shares if rows > len(_pairs())]
    assert len(learnt) == classifier._DRAWS > 1
    assert model.weights.shape == (len(model.index), len(model.labels))
