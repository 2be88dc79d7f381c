"""What crosses the pipe between the engine and a worker process: plain JSON, nothing else.

A `JobSpec` says everything a worker needs to know; the worker never opens the project file. A
`JobEvent` is one JSON line on the worker's standard output. Both survive a round trip through
JSON unchanged, so that a job can be stored, repeated, or started by hand with
``python -m engine.jobs.worker job.json``.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

PROTOCOL = 3
"""What an engine and a worker have to agree on, since the two can be installed apart. Raise it when
an order, a spec or an event changes so that one side of today would not understand the other."""

METHODS = ("fine-tune", "setfit", "mlm", "ner")
"""The training methods that work in this version, in the order they are offered."""


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One job for a worker process.

    `folder` is the job's own folder: the worker reads the snapshot there and writes its
    predictions there. `output` is the model folder to publish (it does not exist yet; the worker
    writes a temporary folder beside it and renames). For `kind` "predict", `model` is the folder
    of a published model and `output` is unused. `kind` "export" writes `model`, of the method
    "setfit", as a SetFit folder to `output`. `kind` "probe" asks what the machine can compute
    with and needs nothing else; its "finished" event holds device, device_memory (bytes, 0
    without a GPU), cuda (the version that torch is built for, or ""), precision, threads and
    versions. `kind` "fill-mask" has the published model or
    base model in the folder `model` fill the gaps of settings["sentences"] with its
    settings["top"] likeliest words; its "finished" event holds sentences, as "preview" does.
    `kind` "sweep" trains with several values of one setting and publishes nothing; its settings are
    those of `engine.training.sweep_plan.SweepPlan`, and its "finished" event holds points beside
    seconds. `kind` "download", for a worker that may go online, fetches settings["hub_name"] into
    the folder `output`.

    The snapshot is a Parquet file with the columns ``text_id`` (int64), ``text`` (string),
    ``labels`` (list of int32, positions in `labels`; empty where a text is not labelled or, in a
    multi-label task, has none of them), ``labelled`` (bool), ``split`` ("train", "validation" or
    "test"), ``group`` (int64; texts of one document or near-duplicates of each other share it,
    and a split never cuts through a group) and ``spans`` (list of {start, end, label}, int32 each:
    code points, the end exclusive, and the position in `labels`; empty outside a task of spans).
    It holds the labelled texts; for the method "mlm" all texts but those of the split "test".

    A training whose folder holds checkpoints goes on from the newest one that is whole.
    """

    job_id: int
    kind: str  # "train", "sweep", "predict", "export", "fill-mask", "probe", "download"
    folder: str
    snapshot: str
    labels: tuple[str, ...]
    multi_label: bool = False
    method: str = "fine-tune"
    base_model: str = ""  # folder of the encoder to start from
    base_model_name: str = ""  # its name in the library, for the manifest
    output: str = ""  # folder of the model to publish
    name: str = ""  # the model's name, unique in the project
    model: str = ""  # kinds "predict" and "export": folder of the model to use
    settings: dict[str, Any] = field(default_factory=dict)
    seed: int = 42
    threads: int = 0  # 0: all cores; it changes the last digits of a result
    device: str = "auto"  # "auto", "cpu" or "cuda"
    # What the engine needs to store the result (task, split, file …); a worker does not look at it.
    request: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the spec as one line of JSON."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the spec that `to_json` wrote; unknown keys are an error (TypeError)."""
        raw = json.loads(text)
        raw["labels"] = tuple(raw["labels"])
        return cls(**raw)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a spec from a ``job.json``."""
        return cls.from_json(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One thing that happened in a worker; `kind` names it and `data` holds the facts.

    ==============  =============================================================================
    kind            data
    ==============  =============================================================================
    ready           protocol, pid: the first event of a worker that takes orders, and of no job;
                    with it from the GPU add-on version (of Glossator), torch, cuda (both
                    versions, "" where torch is built for the processor alone) and device ("cuda"
                    or "cpu")
    started         device, pid, threads, versions {library: version}
    progress        phase ("load", "warm-up", "train", "evaluate", "cross-validate", "predict",
                    "publish", "download", "sweep"),
                    done, total (both in the phase's own unit), seconds_left (of the whole job,
                    or None while unknown)
    measured        step, epoch (float), split ("train" or "validation"), metrics {name: number}:
                    "train" carries loss; "validation" loss with macro_f1 and accuracy, for the
                    method "ner" loss and f1, for "mlm" loss and perplexity
                    (at epoch 0 those before the training)
    preview         when ("before" or "after"), sentences [{text, words: [{word, probability}]}]:
                    what the method "mlm" would put into each mask, the likeliest first; a sentence
                    with several masks comes once for each of them
    point           value, seed, metrics {f1, macro_f1, accuracy, loss} on the validation texts,
                    best_epoch, seconds: a training of a sweep that is finished
    log             message: a sentence for the log of the run
    predictions     path of a Parquet file: text_id (int64), split (string), fold (int16, -1 where
                    the model did not come from cross-validation), probabilities (list of float32
                    in the order of JobSpec.labels), or for the method "ner", in its place, spans
                    (list of {start, end, label: int32, confidence: float32})
    published       folder, manifest_sha256, bytes
    finished        metrics {split: {...}}, seconds {total, load, train, evaluate}, device,
                    best_epoch, evaluation ("test" or "cross-validation"; for "mlm" "held-out"),
                    settings (all of them, defaults filled in)
    checkpoint      checkpoint (its number), phase, step, steps (of the stage under way; 0 between
                    two): the run can go on from here when it is stopped
    resumed         as "checkpoint": from where this run goes on; with the number 0 it begins anew,
                    because no checkpoint could be used. What was reported behind that point does
                    not hold any more
    paused          nothing: what the run needs to go on is in the job's folder
    cancelled       nothing
    failed          message (one sentence), known (bool), details (traceback or "")
    ==============  =============================================================================

    The last line of every job is finished, paused, cancelled or failed.
    """

    job_id: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the event as one line of JSON without the line's end."""
        return json.dumps({"job": self.job_id, "event": self.kind, "data": self.data})

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Return the event that `to_json` wrote.

        Raises:
            ValueError: if the line is not such an event.
        """
        raw = json.loads(line)
        if not isinstance(raw, dict) or not {"job", "event"} <= raw.keys():
            raise ValueError(f"not a job event: {line[:80]!r}")
        return cls(raw["job"], raw["event"], raw.get("data", {}))
