"""What the next keys do, in words, from where one stands in a text."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.actions import ActionSet
from desktop.annotate.span_canvas import Mark
from desktop.annotate.spans.everywhere import Preview
from desktop.annotate.spans.page import PLACE
from engine.api import TaskInfo

LONGEST = 24  # characters of a passage in a hint


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands in a text: at a mark, a selection or neither, and what is left in it."""

    task: TaskInfo
    content: str
    current: Mark | None
    selection: tuple[int, int] | None
    marked: int
    suggested: int
    likely: int  # how many suggestions would be accepted together
    preview: Preview | None


def hints_for(standing: Standing, actions: ActionSet) -> list[str]:
    """Return what the keys would do now, the most useful first."""

    def key(id: str) -> str:
        return actions.key_words(f"annotate.{id}", PLACE)

    current, preview = standing.current, standing.preview
    if preview is not None:
        number = len(preview.places)
        places = "1 more place" if number == 1 else f"{number:,} more places"
        name = _name(standing.task, preview.label_id)
        return [f"{key('everywhere')} again marks {places} as {name}", "Esc leaves it"]
    hints = []
    enter = key("accept_passage")
    gold = current is not None and current.kind != "suggestion"
    if current is not None and not gold:
        hints.append(f"{enter} accepts {_name(standing.task, current.label_id)}")
        hints.append(f"{key('remove_passage')} leaves it out")
    elif standing.suggested:
        number = standing.suggested
        hints.append(f"{enter} goes to " + ("the suggestion" if number == 1 else "suggestions"))
    else:
        hints.append(f"{enter} finishes: {_number(standing.marked)}")
    if gold:
        hints.append("A key changes the label")
        hints.append(f"{key('remove_passage')} takes it off")
        hints.append(f"{key('everywhere')} marks it everywhere")
        hints.append(f"{key('entity')} says who is meant")
        return hints
    if standing.likely > 1:
        hints.append(f"{key('accept_all')} accepts {standing.likely:,}")
    if standing.selection is not None:
        hints.insert(0, f"A key marks “{_excerpt(standing.content, standing.selection)}”")
    hints.append(f"{key('next_passage')} goes on")
    return hints


def _name(task: TaskInfo, label_id: int) -> str:
    return next((label.name for label in task.labels if label.id == label_id), "")


def _number(marked: int) -> str:
    if not marked:
        return "nothing to mark"
    return "1 passage" if marked == 1 else f"{marked:,} passages"


def _excerpt(content: str, chosen: tuple[int, int]) -> str:
    words = " ".join(content[chosen[0] : min(chosen[1], chosen[0] + 2 * LONGEST)].split())
    whole = chosen[1] - chosen[0] <= 2 * LONGEST and len(words) <= LONGEST
    return words if whole else f"{words[: LONGEST - 1]}…"
