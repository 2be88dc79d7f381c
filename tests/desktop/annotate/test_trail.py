"""The walk through texts that the arrow keys retrace."""

from __future__ import annotations

from desktop.annotate.trail import Trail


def walked(*text_ids: int) -> Trail:
    trail = Trail()
    for text_id in text_ids:
        trail.append(text_id)
    return trail


def test_back_and_forward_stop_at_the_ends() -> None:
    trail = walked(1, 2, 3)
    assert [trail.back(), trail.back(), trail.back()] == [2, 1, None]
    assert [trail.forward(), trail.forward(), trail.forward()] == [2, 3, None]


def test_jumping_to_a_text_that_was_shown_goes_back_to_it() -> None:
    trail = walked(1, 2, 3)
    trail.jump(1)
    assert trail.current == 1
    assert trail.forward() == 2


def test_jumping_to_a_new_text_is_a_detour_before_the_current_one() -> None:
    trail = walked(1, 2)
    trail.jump(9)
    assert trail.current == 9
    assert trail.forward() == 2


def test_going_on_passes_finished_texts() -> None:
    trail = walked(1, 2, 3, 4)
    trail.jump(1)
    assert trail.forward_to_unfinished({1, 2, 3}) == 4
    assert trail.forward_to_unfinished({1, 2, 3, 4}) is None


def test_neighbours_are_what_the_arrows_would_show_next() -> None:
    trail = walked(1, 2, 3, 4, 5)
    trail.jump(3)
    assert trail.neighbours() == (4, 5, 2, 1)
