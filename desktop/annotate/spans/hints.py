"""What the next keys do, in words, from where one stands in a text."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.actions import ActionSet
from desktop.annotate.span_canvas import Mark
from desktop.annotate.spans.everywhere import Preview
from desktop.annotate.spans.page import PLACE
from engine.api import TaskInfo, tr, trn

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
        again = trn(
            "{key} again marks 1 more place as {label}",
            "{key} again marks {n:,} more places as {label}",
            len(preview.places),
            key=key("everywhere"),
            label=_name(standing.task, preview.label_id),
        )
        return [again, tr("Esc leaves it")]
    hints = []
    enter = key("accept_passage")
    gold = current is not None and current.kind != "suggestion"
    if current is not None and not gold:
        name = _name(standing.task, current.label_id)
        hints.append(tr("{key} accepts {labels}", key=enter, labels=name))
        hints.append(tr("{key} leaves it out", key=key("remove_passage")))
    elif standing.suggested:
        hints.append(
            trn(
                "{key} goes to the suggestion",
                "{key} goes to suggestions",
                standing.suggested,
                key=enter,
            )
        )
    else:
        hints.append(_finishes(enter, standing.marked))
    if gold:
        hints.append(tr("A key changes the label"))
        hints.append(tr("{key} takes it off", key=key("remove_passage")))
        hints.append(tr("{key} marks it everywhere", key=key("everywhere")))
        hints.append(tr("{key} says who is meant", key=key("entity")))
        return hints
    if standing.likely > 1:
        hints.append(tr("{key} accepts {n:,}", key=key("accept_all"), n=standing.likely))
    if standing.selection is not None:
        passage = _excerpt(standing.content, standing.selection)
        hints.insert(0, tr("A key marks “{passage}”", passage=passage))
    hints.append(tr("{key} goes on", key=key("next_passage")))
    return hints


def _name(task: TaskInfo, label_id: int) -> str:
    return next((label.name for label in task.labels if label.id == label_id), "")


def _finishes(key: str, marked: int) -> str:
    if not marked:
        return tr("{key} finishes: nothing to mark", key=key)
    return trn("{key} finishes: 1 passage", "{key} finishes: {n:,} passages", marked, key=key)


def _excerpt(content: str, chosen: tuple[int, int]) -> str:
    words = " ".join(content[chosen[0] : min(chosen[1], chosen[0] + 2 * LONGEST)].split())
    whole = chosen[1] - chosen[0] <= 2 * LONGEST and len(words) <= LONGEST
    return words if whole else f"{words[: LONGEST - 1]}…"
