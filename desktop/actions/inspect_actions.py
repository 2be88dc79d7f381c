"""The commands of Inspect: for labels of whole texts, for passages, and for both."""

from __future__ import annotations

from desktop.actions.action import Action
from engine.api import tr

_LABELS = (
    Action(
        "inspect.keep",
        tr("Keep the label"),
        tr("The label is right and the model wrong; on to the next text."),
        "K",
        "check",
        view="inspect.documents",
        menu="Inspect",
    ),
    Action(
        "inspect.flag",
        tr("Mark as ambiguous"),
        tr("Flag this text for a second look: people could disagree about it."),
        "A",
        "flag-outline",
        view="inspect.documents",
        menu="Inspect",
        letters=(("inspect", "F"),),
    ),
    Action(
        "inspect.open",
        tr("Open this text in Annotate"),
        tr("Show the chosen text at reading size."),
        "Return",
        "arrow-right",
        view="inspect.documents",
        menu="Inspect",
    ),
)

_PASSAGES = (
    Action(
        "inspect.take",
        tr("Take the prediction"),
        tr(
            "The model is right: its passage takes the place of the marked one, or the mark goes "
            "where it found nothing. P does the same unless a label has that key."
        ),
        "Return",
        "check-all",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.keep_mark",
        tr("Keep it as it is"),
        tr("What is marked is right and the model wrong; on to the next mistake."),
        "K",
        "check",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.ambiguous",
        tr("Ambiguous, because …"),
        tr("Flag the text and write into the guideline of the label what is unclear here."),
        "A",
        "flag-outline",
        view="inspect.spans",
        menu="Inspect",
        letters=(("inspect", "F"),),
    ),
    Action(
        "inspect.remove_mark",
        tr("Take the mark off this passage"),
        tr("Nothing is to be marked here; on to the next mistake."),
        "Backspace",
        "eraser",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.next",
        tr("Next mistake"),
        tr("On to the next mistake without a decision."),
        "Ctrl+Down",
        "arrow-down",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.previous",
        tr("Previous mistake"),
        tr("Back to the mistake before."),
        "Ctrl+Up",
        "arrow-up",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.end_earlier",
        tr("End the passage one character earlier"),
        tr("Move the end of the marked passage to the left."),
        "Alt+Left",
        "arrow-collapse-left",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.end_later",
        tr("End the passage one character later"),
        tr("Move the end of the marked passage to the right."),
        "Alt+Right",
        "arrow-collapse-right",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.begin_earlier",
        tr("Begin the passage one character earlier"),
        tr("Move the beginning of the marked passage to the left."),
        "Alt+Shift+Left",
        "arrow-collapse-left",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.begin_later",
        tr("Begin the passage one character later"),
        tr("Move the beginning of the marked passage to the right."),
        "Alt+Shift+Right",
        "arrow-collapse-right",
        view="inspect.spans",
        menu="Inspect",
    ),
    Action(
        "inspect.open_passage",
        tr("Open the text of this passage in Annotate"),
        tr("Show the text at reading size, to mark more in it."),
        "Ctrl+Return",
        "arrow-right",
        view="inspect.spans",
        menu="Inspect",
    ),
)

_BOTH = (
    Action(
        "inspect.predict",
        tr("Predict these texts"),
        tr("Have the model predict the texts of this part that it has not predicted yet."),
        icon="auto-fix",
        view="inspect",
        menu="Inspect",
    ),
    Action(
        "inspect.train",
        tr("Train again with the corrections"),
        tr("Go to Train with this model's settings and today's labels."),
        icon="chart-line",
        view="inspect",
        menu="Inspect",
    ),
)

INSPECT = (*_LABELS, *_PASSAGES, *_BOTH)
