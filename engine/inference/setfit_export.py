"""Write a published SetFit model as the library setfit keeps its own: with a pickled head.

It is the one place of Glossator that writes a pickle, when somebody asks for it, and outside of
the registry; nothing of Glossator reads one.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.errors import KnownError
from engine.core.files import explain_os_error, sync_folder
from engine.core.language import tr
from engine.inference.setfit_head import FACTS, WEIGHTS, Head, has_head, load_head
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.registry.manifest import MANIFEST
from engine.registry.publish import export_model, require_new_folder

PICKLE = "model_head.pkl"
CONFIG = "config_setfit.json"


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a job of the kind "export": `spec.model` as a SetFit folder at `spec.output`.

    Raises:
        KnownError: if the model was not trained by SetFit, is damaged, or cannot be written.
    """
    export_setfit(Path(spec.model), Path(spec.output))
    report.send("finished")


def export_setfit(folder: Path, target: Path) -> None:
    """Write the SetFit model in `folder` to the new folder `target`; all of it or nothing.

    ``SetFitModel.from_pretrained(target)`` loads it and predicts the same.

    Raises:
        KnownError: if `folder` holds another kind of model, is damaged, or `target` exists or
            cannot be written.
    """
    if not has_head(folder):
        raise KnownError(
            tr(
                "Only a model that was trained with SetFit can be exported as a SetFit folder; "
                "export this one as it is."
            )
        )
    require_new_folder(target)
    partial = target.with_name(f".{target.name}.setfit-{os.getpid()}")
    try:
        export_model(folder, partial)
        head, labels = load_head(partial)
        # The folder becomes another library's: what only Glossator reads would soon be untrue.
        for name in (MANIFEST, WEIGHTS, FACTS):
            (partial / name).unlink()
        _dump(head, partial / PICKLE)
        facts = {"normalize_embeddings": False, "labels": list(labels)}
        (partial / CONFIG).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        partial.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        what = tr("The model was not exported to {folder}", folder=target)
        raise explain_os_error(error, what) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _dump(head: Head, path: Path) -> None:
    import joblib

    model = _one_for_each(head) if head.several else _regression(head)
    with path.open("wb") as stream:
        joblib.dump(model, stream)
        stream.flush()
        os.fsync(stream.fileno())


def _regression(head: Head) -> Any:
    """Return scikit-learn's regression with the weights of a head for one label a text."""
    if len(head.bias) == 2:
        # It keeps one logit for two labels: how much the second is ahead of the first.
        return _fitted(head.weight[1:] - head.weight[:1], head.bias[1:] - head.bias[:1], 2)
    return _fitted(head.weight, head.bias, len(head.bias))


def _one_for_each(head: Head) -> Any:
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import LabelBinarizer

    labels = len(head.bias)
    model = OneVsRestClassifier(_unfitted())
    model.estimators_ = [
        _fitted(head.weight[at : at + 1], head.bias[at : at + 1], 2) for at in range(labels)
    ]
    every = np.vstack([np.zeros((1, labels), int), np.eye(labels, dtype=int)])
    model.label_binarizer_ = LabelBinarizer(sparse_output=True).fit(every)
    model.n_features_in_ = head.weight.shape[1]
    return model


def _fitted(weight: np.ndarray, bias: np.ndarray, classes: int) -> Any:
    model = _unfitted()
    model.coef_ = weight.astype(np.float64)
    model.intercept_ = bias.astype(np.float64)
    model.classes_ = np.arange(classes)
    model.n_features_in_ = weight.shape[1]
    model.n_iter_ = np.array([1], np.int32)
    return model


def _unfitted() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression()
