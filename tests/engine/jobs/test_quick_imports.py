"""Imports are not slowed by the garbage collector, which works again after them."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest

from engine.jobs.quick_imports import quick_imports


@pytest.fixture(autouse=True)
def switched_on() -> Iterator[None]:
    yield
    gc.enable()


def test_nothing_is_collected_meanwhile() -> None:
    with quick_imports():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_imported_is_not_gone_through_again() -> None:
    program = (
        "import gc\n"
        "from engine.jobs.quick_imports import quick_imports\n"
        "with quick_imports():\n"
        "    import sqlite3\n"
        "assert gc.get_freeze_count() > 1000\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_model_of_the_job_before_is_still_freed() -> None:
    class Model:
        pass

    with quick_imports():
        pass
    model = Model()
    model.itself = model  # type: ignore[attr-defined]
    gone = weakref.ref(model)
    with quick_imports():
        pass
    del model
    gc.collect()
    assert gone() is None


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with quick_imports():
        pass
    assert not gc.isenabled()


def test_a_library_that_is_missing_leaves_the_collector_on() -> None:
    with pytest.raises(ModuleNotFoundError), quick_imports():
        import no_such_library  # noqa: F401
    assert gc.isenabled()
