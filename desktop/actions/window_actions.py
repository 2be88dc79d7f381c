"""The commands of the whole window, by menu."""

from __future__ import annotations

from desktop.actions.action import Action
from engine.api import tr

PROJECT = (
    Action(
        "project.new",
        tr("New project…"),
        tr("Start a project: name your labels, then bring in your texts."),
        "Ctrl+N",
        "file-plus-outline",
        menu="Project",
    ),
    Action(
        "project.open",
        tr("Open a project…"),
        tr("Open a project file from your disk."),
        "Ctrl+O",
        "folder-open-outline",
        menu="Project",
    ),
    Action(
        "project.sample",
        tr("Open the sample project"),
        tr(
            "Two thousand invented letters to an insurer, some of them labelled, to try "
            "everything on."
        ),
        icon="school-outline",
        menu="Project",
    ),
    Action(
        "project.sample_spans",
        tr("Open the sample with marked passages"),
        tr(
            "The same letters with names, dates and addresses marked in them, to train models that "
            "find such passages."
        ),
        icon="marker",
        menu="Project",
    ),
    Action(
        "project.labels",
        tr("Labels and guideline…"),
        tr("Change the names, keys, colours and meaning of the labels."),
        "Ctrl+L",
        "tag-multiple-outline",
        menu="Project",
    ),
    Action(
        "project.rules",
        tr("Expressions and lists…"),
        tr(
            "Say what passages of a label look like, or list them, so that they are found without "
            "a model."
        ),
        icon="regex",
        menu="Project",
    ),
    Action(
        "project.annotator",
        tr("Who is labelling…"),
        tr("Say your name; it is kept with every label you give."),
        icon="account-outline",
        menu="Project",
    ),
    Action(
        "texts.import",
        tr("Import texts…"),
        tr(
            "Bring in texts from a CSV, JSONL or CoNLL file, which can also be dropped on the "
            "window."
        ),
        "Ctrl+I",
        "tray-arrow-down",
        menu="Project",
    ),
    Action(
        "texts.export",
        tr("Export texts and labels…"),
        tr("Write the texts with their labels to a CSV or JSONL file."),
        "Ctrl+E",
        "tray-arrow-up",
        menu="Project",
    ),
    Action(
        "project.close",
        tr("Close the project"),
        tr("Close the project. There is nothing to save: everything is on disk already."),
        "Ctrl+W",
        "close",
        menu="Project",
    ),
    Action(
        "app.quit",
        tr("Quit"),
        tr("Close the program. There is nothing to save: everything is on disk already."),
        "Ctrl+Q",
        "power",
        menu="Project",
    ),
)

EDIT = (
    Action(
        "edit.undo",
        tr("Undo"),
        tr("Take the last change back. Undo never runs out, not even after closing."),
        "Ctrl+Z",
        "undo",
        menu="Edit",
        letters=(("texts", "Z"), ("annotate", "Z"), ("inspect", "Z")),
    ),
    Action(
        "edit.redo",
        tr("Redo"),
        tr("Do the change again that was taken back last."),
        "Ctrl+Shift+Z",
        "redo",
        menu="Edit",
        letters=(("texts", "Shift+Z"), ("annotate", "Shift+Z"), ("inspect", "Shift+Z")),
    ),
    Action(
        "app.search",
        tr("Search texts"),
        tr("Find texts by the words in them."),
        "Ctrl+F",
        "magnify",
        menu="Edit",
        letters=(("", "/"),),
    ),
)

GO = (
    Action(
        "go.texts",
        tr("Texts"),
        tr("All texts in a table: import, search, filter, label many at once."),
        "Ctrl+1",
        "text-box-multiple-outline",
        menu="View",
    ),
    Action(
        "go.annotate",
        tr("Annotate"),
        tr("One text after the other, labelled by key."),
        "Ctrl+2",
        "tag-outline",
        menu="View",
    ),
    Action(
        "go.train",
        tr("Train"),
        tr("Train a model from your labels and watch it learn."),
        "Ctrl+3",
        "chart-line",
        menu="View",
    ),
    Action(
        "go.inspect",
        tr("Inspect"),
        tr("See what a model gets wrong, and correct labels on the spot."),
        "Ctrl+4",
        "table-search",
        menu="View",
    ),
    Action(
        "go.models",
        tr("Models"),
        tr("The models you have trained, their scores, and what to do with them."),
        "Ctrl+5",
        "family-tree",
        menu="View",
    ),
    Action(
        "go.redact",
        tr("Redact"),
        tr(
            "Replace what identifies somebody, review what was likely missed, and export the texts."
        ),
        "Ctrl+6",
        "incognito",
        menu="View",
    ),
    Action(
        "app.palette",
        tr("All commands…"),
        tr("Find any command by typing a few letters of it."),
        "Ctrl+K",
        "console-line",
        menu="View",
    ),
    Action(
        "theme.light",
        tr("Light colours"),
        tr("Dark words on a light ground."),
        icon="white-balance-sunny",
        menu="View",
    ),
    Action(
        "theme.dark",
        tr("Dark colours"),
        tr("Light words on a dark ground."),
        icon="weather-night",
        menu="View",
    ),
    Action(
        "theme.system",
        tr("Colours of the system"),
        tr("Light or dark, as the system is."),
        icon="theme-light-dark",
        menu="View",
    ),
    Action(
        "language.system",
        tr("Language of the system"),
        tr("Speak the language that the system speaks, from the next start on."),
        icon="translate",
        menu="View",
    ),
    # In their own words, for those who cannot read the language that is set.
    Action(
        "language.en",
        "Language: English",
        "Speak English from the next start on.",
        icon="translate",
        menu="View",
    ),
    Action(
        "language.de",
        "Sprache: Deutsch",
        "Vom nächsten Start an Deutsch sprechen.",
        icon="translate",
        menu="View",
    ),
    Action(
        "app.full_screen",
        tr("Full screen"),
        tr("Fill the screen with the window, and back."),
        "F11",
        "fullscreen",
        menu="View",
    ),
)

HELP = (
    Action(
        "app.help",
        tr("Help on this view"),
        tr("Explain the view that is open, beside it."),
        "F1",
        "help-circle-outline",
        menu="Help",
    ),
    Action(
        "app.keys",
        tr("All keys"),
        tr("Show every key that works in this view."),
        icon="keyboard-outline",
        menu="Help",
        letters=(("", "?"),),
    ),
    Action(
        "app.licences",
        tr("Licences of everything in it"),
        tr("List what Glossator is made of, each part with the text of its licence."),
        icon="scale-balance",
        menu="Help",
    ),
    Action(
        "app.about",
        tr("About Glossator"),
        tr("Version, licence, and where your files are."),
        icon="information-outline",
        menu="Help",
    ),
)
