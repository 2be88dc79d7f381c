"""The commands of Annotate in a project in which passages are marked."""

from __future__ import annotations

from desktop.actions.action import Action
from engine.api import tr

ANNOTATE = (
    Action(
        "annotate.accept_passage",
        tr("Accept the passage or finish the text"),
        tr(
            "Mark the passage that is suggested and go to the next; with none left, finish "
            "the text."
        ),
        "Return",
        "check",
        view="annotate.spans",
        menu="Annotate",
    ),
    Action(
        "annotate.accept_all",
        tr("Accept all likely passages"),
        tr("Mark every suggested passage of this text that is likely enough, in one step."),
        "Ctrl+Return",
        "check-all",
        view="annotate.spans",
        menu="Annotate",
    ),
    Action(
        "annotate.remove_passage",
        tr("Take the mark off"),
        tr("Take the mark off the passage, or leave out the passage that is suggested."),
        "Delete",
        "marker-cancel",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", "Backspace"),),
    ),
    Action(
        "annotate.everywhere",
        tr("Mark the same words everywhere"),
        tr(
            "Give the label of the passage to the same words in this text: once shows where, twice "
            "does it."
        ),
        icon="format-letter-matches",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", "A"),),
    ),
    Action(
        "annotate.entity",
        tr("Say who or what is meant"),
        tr(
            "Name the person or thing that a marked passage means: passages with the same name "
            "mean the same."
        ),
        icon="equal",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", "="),),
    ),
    Action(
        "annotate.next_passage",
        tr("Next passage"),
        tr("Go to the next passage that is suggested or marked, else to the next likely one."),
        "Tab",
        "arrow-right-thin",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.previous_passage",
        tr("Passage before"),
        tr("Go back to the passage before that is suggested or marked, else to a likely one."),
        "Shift+Tab",
        "arrow-left-thin",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.next_likely",
        tr("Next likely passage"),
        tr("Go to the next name, number or date that nobody has marked yet."),
        icon="page-next-outline",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", "."),),
    ),
    Action(
        "annotate.previous_likely",
        tr("Likely passage before"),
        tr("Go back to the name, number or date before that nobody has marked yet."),
        icon="page-previous-outline",
        view="annotate.spans",
        menu="Annotate",
        letters=(("annotate.spans", ","),),
    ),
    Action(
        "annotate.extend",
        tr("Select a word more"),
        tr("Let the selection reach one word further."),
        "Shift+Right",
        "arrow-expand-right",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.extend_back",
        tr("Select a word less"),
        tr("Take the last word out of the selection."),
        "Shift+Left",
        "arrow-collapse-left",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.end_on",
        tr("End a character on"),
        tr("Let the passage reach one character further."),
        "Alt+Right",
        "format-indent-increase",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.end_back",
        tr("End a character back"),
        tr("Let the passage end one character sooner."),
        "Alt+Left",
        "format-indent-decrease",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.start_on",
        tr("Beginning a character on"),
        tr("Let the passage begin one character later."),
        "Alt+Shift+Right",
        "arrow-right-bottom",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
    Action(
        "annotate.start_back",
        tr("Beginning a character back"),
        tr("Let the passage begin one character sooner."),
        "Alt+Shift+Left",
        "arrow-left-bottom",
        view="annotate.spans",
        menu="Annotate",
        in_text=True,
    ),
)
