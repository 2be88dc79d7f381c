"""Base models over the network: a hub on this machine sees who asks it for what."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    AddBaseModel,
    BaseModelsChanged,
    BugError,
    DownloadBaseModel,
    DownloadProgressed,
    Engine,
    KnownError,
    ListBaseModels,
    ListKnownModels,
    StopDownload,
)
from engine.core.places import data_folder
from engine.inference.pooling import read_pooling
from engine.jobs.spec import JobSpec
from engine.registry.base_models import find_base_model
from engine.service.downloads import download_base_model, read_hub_name
from engine.service.lone_job import JOB_ID, run_lone_job

WAIT = 60
SHA = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What is on the hub, by name, and what was asked of it."""

    models: dict[str, Path] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    slow: float = 0.0  # seconds before each part of a file

    @property
    def paths(self) -> set[str]:
        return {path for _, path, _ in self.requests}


def handler_for(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """The two things that a hub is asked for: what a model has, and one of its files."""

        def do_HEAD(self) -> None:
            self.do_GET(with_body=False)

        def do_GET(self, with_body: bool = True) -> None:
            path = self.path.split("?")[0]
            hub.requests.append((self.command, path, dict(self.headers)))
            for name, folder in hub.models.items():
                if path.startswith(f"/api/models/{name}"):
                    files = sorted(one for one in folder.rglob("*") if one.is_file())
                    listed = [
                        {"rfilename": one.relative_to(folder).as_posix(), "size": len(read(one))}
                        for one in files
                    ]
                    body = json.dumps({"id": name, "sha": SHA, "siblings": listed}).encode()
                    return self.answer(body, "application/json", with_body)
                prefix = f"/{name}/resolve/{SHA}/"
                if path.startswith(prefix) and (folder / path.removeprefix(prefix)).is_file():
                    body = read(folder / path.removeprefix(prefix))
                    return self.answer(body, "application/octet-stream", with_body)
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None

        def answer(self, body: bytes, kind: str, with_body: bool) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hash(body):x}"')
            self.send_header("X-Repo-Commit", SHA)
            self.end_headers()
            if with_body:
                try:
                    for at in range(0, len(body), 10_000):
                        time.sleep(hub.slow)
                        self.wfile.write(body[at : at + 10_000])
                except OSError:
                    pass  # whoever asked went away

        def log_message(self, *arguments: Any) -> None:
            """Keep quiet."""

    return Handler


def read(path: Path) -> bytes:
    return path.read_bytes()


@pytest.fixture
def hub(tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with intfloat/e5-base-v2 (in truth tiny), beside it code, a pickle and other forms."""
    folder = Path(shutil.copytree(tiny_encoder, tmp_path / "hub" / "e5"))
    for name in ("pytorch_model.bin", "modeling.py", "onnx/config.json", "1_Pooling/config.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps({"pooling_mode": "mean"}))
    found = Hub({"intfloat/e5-base-v2": folder})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(found))
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GLOSSATOR_DATA_DIR", str(tmp_path / "data"))
    yield found
    found.slow = 0.0
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def nothing_came() -> Callable[[], bool]:
    """Whether the folder of arrivals is as if nobody had asked."""
    return lambda: not list((data_folder() / "base-models").glob("*"))


def test_only_the_model_that_was_asked_for_by_name_is_fetched(hub: Hub) -> None:
    told: list[tuple[int, int]] = []
    model = download_base_model("intfloat/e5-base-v2", on_progress=lambda *one: told.append(one))

    assert model.name == "e5-base-v2"
    assert Path(model.folder) == data_folder() / "base-models" / "e5-base-v2"
    there = {path.relative_to(model.folder).as_posix() for path in Path(model.folder).rglob("*.*")}
    assert there == {
        "1_Pooling/config.json",
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert all("intfloat/e5-base-v2" in path for path in hub.paths)
    assert not any(path.endswith((".py", ".bin")) or "onnx" in path for path in hub.paths)
    assert not any("authorization" in {*map(str.lower, headers)} for *_, headers in hub.requests)
    assert told[-1][0] == told[-1][1] > model.bytes
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert read_pooling(Path(model.folder)).prompt == "query: "


def test_nothing_is_asked_of_the_hub_otherwise(
    hub: Hub, engine: Engine, tiny_encoder: Path
) -> None:
    engine.ask(ListKnownModels()).result(WAIT)
    engine.ask(ListBaseModels()).result(WAIT)
    engine.submit(AddBaseModel(str(tiny_encoder), "tiny")).result(WAIT)
    with pytest.raises(KnownError, match="no base model"):
        find_base_model("intfloat/e5-base-v2")

    assert hub.requests == []


def test_a_worker_that_stays_offline_does_not_download(hub: Hub, tmp_path: Path) -> None:
    spec = JobSpec(
        job_id=JOB_ID,
        kind="download",
        folder=str(tmp_path),
        snapshot="",
        labels=(),
        output=str(tmp_path),
        settings={"hub_name": "intfloat/e5-base-v2"},
    )
    with pytest.raises(BugError, match="only downloads go online"):
        run_lone_job(spec, "The download")
    with pytest.raises(BugError, match="nothing else does"):
        run_lone_job(replace(spec, kind="probe"), "The probe", online=True)
    assert hub.requests == []


def test_from_the_command_line(hub: Hub, capfd: pytest.CaptureFixture[str]) -> None:
    from engine.cli.main import run

    assert run(["models", "download", "intfloat/e5-base-v2", "--as", "e5", "--json"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out.splitlines()[-1])["name"] == "e5"
    assert "downloading intfloat/e5-base-v2" in err

    assert run(["models", "download", "intfloat/e5-mistral-7b-instruct"]) == 1
    assert "decoder" in capfd.readouterr().err


def test_the_engine_goes_on_while_a_model_arrives(hub: Hub, engine: Engine, heard: Any) -> None:
    hub.slow = 0.02
    arriving = engine.submit(DownloadBaseModel("https://huggingface.co/intfloat/e5-base-v2", "e5"))
    with pytest.raises(KnownError, match="Another model is being downloaded"):
        engine.submit(DownloadBaseModel("google-bert/bert-base-cased")).result(WAIT)
    engine.submit(AddBaseModel(str(hub.models["intfloat/e5-base-v2"]), "copy")).result(WAIT)

    assert arriving.result(WAIT).name == "e5"
    assert heard.of(BaseModelsChanged)
    progress = heard.of(DownloadProgressed)
    assert not progress[-1].running
    assert all(one.done <= one.total for one in progress)


def test_a_download_can_be_given_up(
    hub: Hub, engine: Engine, heard: Any, nothing_came: Callable[[], bool]
) -> None:
    hub.slow = 0.3
    arriving = engine.submit(DownloadBaseModel("intfloat/e5-base-v2"))
    deadline = time.monotonic() + WAIT
    while not heard.of(DownloadProgressed):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    engine.submit(StopDownload()).result(WAIT)

    with pytest.raises(KnownError, match="The download was cancelled"):
        arriving.result(5)
    assert nothing_came()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ({"model.safetensors": None}, r"only as pytorch_model.bin, a pickle, .* Convert it"),
        ({"model.safetensors": None, "pytorch_model.bin": None}, "has no model.safetensors"),
        ({"config.json": {"model_type": "mistral"}}, r"e5-base-v2 \(mistral\) is a decoder"),
        ({"config.json": {"model_type": "new", "auto_map": {}}}, "program code of its own"),
        ({"tokenizer.json": None}, "The folder intfloat/e5-base-v2 has no tokenizer"),
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(
    spoil: dict[str, Any], sentence: str, hub: Hub, nothing_came: Callable[[], bool]
) -> None:
    folder = hub.models["intfloat/e5-base-v2"]
    for name, content in spoil.items():
        (folder / name).unlink()
        if content is not None:
            (folder / name).write_text(json.dumps(content))

    with pytest.raises(KnownError, match=sentence):
        download_base_model("intfloat/e5-base-v2")
    assert nothing_came()
    if "tokenizer.json" not in spoil:
        assert not any(path.endswith(".safetensors") for path in hub.paths)


def test_a_model_that_is_known_not_to_work_is_not_asked_for(hub: Hub) -> None:
    with pytest.raises(KnownError, match=r"was not downloaded\. Nothing of it works: .* decoder"):
        download_base_model("intfloat/e5-mistral-7b-instruct")
    assert hub.requests == []


def test_a_name_that_is_not_on_the_hub(hub: Hub, nothing_came: Callable[[], bool]) -> None:
    with pytest.raises(KnownError, match="There is no model legal/nothing that anybody may"):
        download_base_model("legal/nothing")
    assert nothing_came()


def test_a_hub_that_cannot_be_reached(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, nothing_came: Callable[[], bool]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(KnownError, match="the hub cannot be reached"):
        download_base_model("intfloat/e5-base-v2")
    assert nothing_came()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" intfloat/e5-base-v2 ", "intfloat/e5-base-v2"),
        ("https://huggingface.co/intfloat/e5-base-v2/tree/main", "intfloat/e5-base-v2"),
        ("huggingface", "huggingface"),
    ],
)
def test_a_name_or_the_address_of_a_page(written: str, name: str) -> None:
    assert read_hub_name(written) == name


@pytest.mark.parametrize("written", ["", "../x", "a b", "/etc/passwd", "https://evil.org/a/b"])
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(KnownError, match="is not the name of a model"):
        read_hub_name(written)
