"""The commands of Annotate in a project in which passages are marked."""

from __future__ import annotations

from desktop.actions.action import Action

ANNOTATE = (
    Action(
        "annotate.accept_passage",
        "Accept the passage or finish the text",
        "Mark the passage that is suggested and go to the next; with none left, finish the text.",
        "Return",
        "check",
        view="annotate.spans",
        menu="Annotate",
    ),
    Action(
        "annotate.accept_all",
        "Accept all likely passages",
        "Mark every suggested passage of this text that is likely enough, in one step.",
        "Ctrl+Return",
        "check-all",
        view="annotate.spans",
        menu="Annotate",
    ),
    Action(
        "annotate.remove_passage",
        "Take the mark off",
        "Take the mark off the passage, or leave out the passage that is suggested.",
        "Delete",
        "marker-cancel",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", "Backspace"),),
    ),
    Action(
        "annotate.everywhere",
        "Mark the same words everywhere",
        "Give the label of the passage to the same words in this text: once shows where, twice "
        "does it.",
        icon="format-letter-matches",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", "A"),),
    ),
    Action(
        "annotate.next_passage",
        "Next passage",
        "Go to the next passage that is suggested or marked, else to the next likely one.",
        "Tab",
        "arrow-right-thin",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.previous_passage",
        "Passage before",
        "Go back to the passage before that is suggested or marked, else to a likely one.",
        "Shift+Tab",
        "arrow-left-thin",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.next_likely",
        "Next likely passage",
        "Go to the next name, number or date that nobody has marked yet.",
        icon="page-next-outline",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", "."),),
    ),
    Action(
        "annotate.previous_likely",
        "Likely passage before",
        "Go back to the name, number or date before that nobody has marked yet.",
        icon="page-previous-outline",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", ","),),
    ),
)
