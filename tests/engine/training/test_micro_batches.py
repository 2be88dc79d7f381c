"""A step that does not fit into the memory is computed in parts, and learns the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.jobs.worker import failure, runner_of

METHODS: dict[str, dict[str, Any]] = {
    "fine-tune": {"epochs": 1, "class_weights": "on"},
    "fine-tune, several labels": {"epochs": 1},
    "ner": {"epochs": 1},
    "mlm": {"epochs": 1, "batch_size": 6, "max_length": 24},
    "setfit": {"steps": 2, "batch_size": 16},
    "setfit, exact": {"mode": "exact", "pairs": 2, "batch_size": 8},
}


class FirstStep(Exception):  # noqa: N818 - ends a run once its first gradient is known
    pass


@pytest.fixture(params=METHODS)
def run(request: pytest.FixtureRequest) -> str:
    """The name of one of `METHODS`."""
    name: str = request.param
    return name


@pytest.fixture
def make_spec(
    tmp_path: Path,
    tiny_encoder: Path,
    save_rows: Callable[..., Path],
    make_rows: Callable[..., Any],
    make_span_rows: Callable[..., Any],
) -> Callable[..., JobSpec]:
    """Make the spec of one of `METHODS`, from a base model without dropout."""
    base = tmp_path / "base"
    shutil.copytree(tiny_encoder, base)
    config = json.loads((base / "config.json").read_text())
    config |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (base / "config.json").write_text(json.dumps(config))

    def make(run: str, name: str) -> JobSpec:
        method = run.partition(",")[0]
        rows = (make_span_rows if method == "ner" else make_rows)(80, 16, 60)
        for row in rows[::3]:
            row.labels = [0]
        folder = tmp_path / name
        folder.mkdir()
        return JobSpec(
            job_id=1,
            kind="train",
            folder=str(folder),
            snapshot=str(save_rows(folder / "snapshot.parquet", rows)),
            labels=() if method == "mlm" else ("law", "medicine"),
            multi_label=run == "fine-tune, several labels",
            method=method,
            base_model=str(base),
            base_model_name="tiny",
            output=str(tmp_path / "models" / name),
            name="model",
            settings={"learning_rate": 1e-3, **METHODS[run]},
            threads=1,
            device="cpu",
        )

    return make


@pytest.fixture
def room_for(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leave a GPU's worth of room for so many texts at once: ``room_for(3)``.

    With ``reading=True`` it is scoring and predicting that is short of room, not learning.
    """

    def limit(texts: int, reading: bool = False) -> None:
        import torch
        from transformers import BertModel

        whole = BertModel.forward

        def forward(self: Any, input_ids: Any = None, **options: Any) -> Any:
            # What gradients need is what fills the memory.
            if torch.is_grad_enabled() is not reading and len(input_ids) > texts:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
            return whole(self, input_ids, **options)

        monkeypatch.setattr(BertModel, "forward", forward)

    return limit


def carry_out(spec: JobSpec) -> list[Any]:
    """Run a job in this process and return its events."""
    events: list[Any] = []
    runner_of(spec)(spec, Reporter(1, events.append))
    return events


def rounded(metrics: Any) -> Any:
    """Scores to the fourth digit: how texts are padded changes the last ones."""
    if isinstance(metrics, dict):
        return {name: rounded(value) for name, value in metrics.items()}
    return round(metrics, 4) if isinstance(metrics, float) else metrics


def test_the_gradient_is_that_of_the_whole_batch(
    run: str,
    make_spec: Callable[..., JobSpec],
    room_for: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    gradients: list[list[Any]] = []

    def keep(parameters: Any, norm: float) -> None:
        gradients.append([None if one.grad is None else one.grad.clone() for one in parameters])
        raise FirstStep

    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", keep)
    with pytest.raises(FirstStep):
        carry_out(make_spec(run, "whole"))
    room_for(3)
    with pytest.raises(FirstStep):
        carry_out(make_spec(run, "parts"))

    whole, parts = gradients
    assert any(one is not None and one.abs().max() > 1e-4 for one in whole)
    for one, other in zip(whole, parts, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert torch.allclose(one, other, rtol=0.0, atol=1e-6)


def test_a_run_goes_on_in_smaller_parts_and_says_so(
    run: str, make_spec: Callable[..., JobSpec], room_for: Callable[[int], None]
) -> None:
    room_for(3)
    events = carry_out(make_spec(run, "small"))
    assert events[-1].kind == "finished"
    logs = [event.data["message"] for event in events if event.kind == "log"]
    told = [line for line in logs if "The memory was not enough for" in line]
    assert told[-1].endswith("A step still learns from as many as before.")
    assert " at once, so 2 are computed at a time" in told[-1] or ", so 3 are" in told[-1]
    assert len(told) == len(set(told)) <= 4, "what fits is found once"


@pytest.mark.parametrize("run", ["fine-tune", "fine-tune, several labels", "ner", "setfit"])
def test_what_is_scored_in_smaller_parts_scores_the_same(
    run: str, make_spec: Callable[..., JobSpec], room_for: Callable[..., None]
) -> None:
    whole = carry_out(make_spec(run, "whole"))[-1]
    room_for(3, reading=True)
    parts = carry_out(make_spec(run, "parts"))[-1]
    assert (whole.kind, parts.kind) == ("finished", "finished")
    assert rounded(parts.data["metrics"]) == rounded(whole.data["metrics"])


def test_where_not_even_one_text_fits_the_job_fails_in_a_sentence(
    make_spec: Callable[..., JobSpec], room_for: Callable[[int], None]
) -> None:
    import torch

    room_for(0)
    with pytest.raises(torch.OutOfMemoryError) as caught:
        carry_out(make_spec("fine-tune", "none"))
    told = failure(caught.value)
    assert told["known"] is True
    assert told["message"].startswith("The memory was not enough for this job")
