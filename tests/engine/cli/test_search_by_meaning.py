"""search --semantic, as scripts use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)


@pytest.mark.slow
def test_the_first_search_embeds_and_every_one_answers_with_scores(
    glossator: Any, tmp_path: Path, tiny_encoder: Path
) -> None:
    project, source = tmp_path / "post.glossator", tmp_path / "a.jsonl"
    texts = ["court ruling of the judge", "fever and dosage", "invoice payment", "court ruling"]
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    glossator("new", project, "--labels", "law,medicine")
    glossator("import", project, source)

    options = ("--semantic", "--encoder", tiny_encoder, "--limit", "3")
    outcome = glossator("search", project, "fever and dosage", *options, "--json")
    assert outcome.code == 0, outcome.err
    data = outcome.data
    assert "Embedding texts" in outcome.err
    assert data["encoder"] == tiny_encoder.name
    assert data["texts"][0]["excerpt"] == "fever and dosage"
    scores = [text["score"] for text in data["texts"]]
    assert scores[0] == pytest.approx(1.0, abs=1e-3)
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3

    # Quantised vectors are made anew and kept beside the others.
    quantised = glossator("search", project, "fever and dosage", *options, "--quantised", "--json")
    assert quantised.code == 0, quantised.err
    assert "Embedding texts" in quantised.err
    assert quantised.data["encoder"] == f"{tiny_encoder.name} (quantised)"
    assert quantised.data["texts"][0]["excerpt"] == "fever and dosage"
    assert "Embedding texts" not in glossator("search", project, "fever", *options).err

    # Words are looked for as before, and what makes no sense is refused.
    words = glossator("search", project, "court ruling", "--json").data
    assert words["found"] == 2
    assert "score" not in words["texts"][0]
    assert glossator("search", project, "court", "--semantic", "--mixed").code == 2
    assert glossator("search", project, "court", "--encoder", "x").code == 2
    assert glossator("search", project, "court", "--quantised").code == 2
    outcome = glossator("search", project, "court", "--semantic", "--encoder", "nobody")
    assert outcome.code == 1
    assert 'no base model "nobody"' in outcome.err
