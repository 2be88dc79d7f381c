"""The colours of the program can be read, in the light and in the dark."""

from __future__ import annotations

import pytest

from desktop.theme.tokens import DARK, LIGHT, TEXT_PAIRS, Tokens, contrast


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_words_can_be_read(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_focus_can_be_seen(tokens: Tokens) -> None:
    for ground in ("surface", "surface_raised", "surface_sunken"):
        assert contrast(tokens.focus, getattr(tokens, ground)) >= 3


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
