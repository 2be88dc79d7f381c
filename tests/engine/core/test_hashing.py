"""Hashes do not depend on the run or the machine."""

from __future__ import annotations

from pathlib import Path

from engine.core.hashing import file_sha256, stable_fraction, text_sha256


def test_a_text_and_a_file_of_it_have_the_same_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Grüße 😀".encode())
    assert file_sha256(path) == text_sha256("Grüße 😀").hex()


def test_fractions_are_known_and_even() -> None:
    assert stable_fraction("seed", "text") == stable_fraction("seed", "text")
    assert stable_fraction("ab", "c") != stable_fraction("a", "bc")
    fractions = [stable_fraction("seed", str(number)) for number in range(4000)]
    assert 0 <= min(fractions) < max(fractions) < 1
    assert abs(sum(fractions) / 4000 - 0.5) < 0.02
    assert stable_fraction("seed", "text").hex() == "0x1.67b21dcaa5bd0p-4"
