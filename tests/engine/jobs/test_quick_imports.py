"""Imports are not slowed by the garbage collector, which works again after them."""

from __future__ import annotations

import gc
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
    before = gc.get_freeze_count()
    with quick_imports():
        pass
    assert gc.get_freeze_count() > before


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with quick_imports():
        pass
    assert not gc.isenabled()


def test_a_library_that_is_missing_leaves_the_collector_on() -> None:
    with pytest.raises(ModuleNotFoundError), quick_imports():
        import no_such_library  # noqa: F401
    assert gc.isenabled()
