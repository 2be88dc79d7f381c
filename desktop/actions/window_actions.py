"""The commands of the whole window, by menu."""

from __future__ import annotations

from desktop.actions.action import Action

PROJECT = (
    Action(
        "project.new",
        "New project…",
        "Start a project: name your labels, then bring in your texts.",
        "Ctrl+N",
        "file-plus-outline",
        menu="Project",
    ),
    Action(
        "project.open",
        "Open a project…",
        "Open a project file from your disk.",
        "Ctrl+O",
        "folder-open-outline",
        menu="Project",
    ),
    Action(
        "project.sample",
        "Open the sample project",
        "Two thousand invented letters to an insurer, some of them labelled, to try everything on.",
        icon="school-outline",
        menu="Project",
    ),
    Action(
        "project.sample_spans",
        "Open the sample with marked passages",
        "The same letters with names, dates and addresses marked in them, to train models that "
        "find such passages.",
        icon="marker",
        menu="Project",
    ),
    Action(
        "project.labels",
        "Labels and guideline…",
        "Change the names, keys, colours and meaning of the labels.",
        "Ctrl+L",
        "tag-multiple-outline",
        menu="Project",
    ),
    Action(
        "project.rules",
        "Expressions and lists…",
        "Say what passages of a label look like, or list them, so that they are found without a "
        "model.",
        icon="regex",
        menu="Project",
    ),
    Action(
        "project.annotator",
        "Who is labelling…",
        "Say your name; it is kept with every label you give.",
        icon="account-outline",
        menu="Project",
    ),
    Action(
        "texts.import",
        "Import texts…",
        "Bring in texts from a CSV, JSONL or CoNLL file, which can also be dropped on the window.",
        "Ctrl+I",
        "tray-arrow-down",
        menu="Project",
    ),
    Action(
        "texts.export",
        "Export texts and labels…",
        "Write the texts with their labels to a CSV or JSONL file.",
        "Ctrl+E",
        "tray-arrow-up",
        menu="Project",
    ),
    Action(
        "project.close",
        "Close the project",
        "Close the project. There is nothing to save: everything is on disk already.",
        "Ctrl+W",
        "close",
        menu="Project",
    ),
    Action(
        "app.quit",
        "Quit",
        "Close the program. There is nothing to save: everything is on disk already.",
        "Ctrl+Q",
        "power",
        menu="Project",
    ),
)

EDIT = (
    Action(
        "edit.undo",
        "Undo",
        "Take the last change back. Undo never runs out, not even after closing.",
        "Ctrl+Z",
        "undo",
        menu="Edit",
        letters=(("texts", "Z"), ("annotate", "Z"), ("inspect", "Z")),
    ),
    Action(
        "edit.redo",
        "Redo",
        "Do the change again that was taken back last.",
        "Ctrl+Shift+Z",
        "redo",
        menu="Edit",
        letters=(("texts", "Shift+Z"), ("annotate", "Shift+Z"), ("inspect", "Shift+Z")),
    ),
    Action(
        "app.search",
        "Search texts",
        "Find texts by the words in them.",
        "Ctrl+F",
        "magnify",
        menu="Edit",
        letters=(("", "/"),),
    ),
)

GO = (
    Action(
        "go.texts",
        "Texts",
        "All texts in a table: import, search, filter, label many at once.",
        "Ctrl+1",
        "text-box-multiple-outline",
        menu="View",
    ),
    Action(
        "go.annotate",
        "Annotate",
        "One text after the other, labelled by key.",
        "Ctrl+2",
        "tag-outline",
        menu="View",
    ),
    Action(
        "go.train",
        "Train",
        "Train a model from your labels and watch it learn.",
        "Ctrl+3",
        "chart-line",
        menu="View",
    ),
    Action(
        "go.inspect",
        "Inspect",
        "See what a model gets wrong, and correct labels on the spot.",
        "Ctrl+4",
        "table-search",
        menu="View",
    ),
    Action(
        "go.models",
        "Models",
        "The models you have trained, their scores, and what to do with them.",
        "Ctrl+5",
        "family-tree",
        menu="View",
    ),
    Action(
        "go.redact",
        "Redact",
        "Replace what identifies somebody, review what was likely missed, and export the texts.",
        "Ctrl+6",
        "incognito",
        menu="View",
    ),
    Action(
        "app.palette",
        "All commands…",
        "Find any command by typing a few letters of it.",
        "Ctrl+K",
        "console-line",
        menu="View",
    ),
    Action(
        "theme.light",
        "Light colours",
        "Dark words on a light ground.",
        icon="white-balance-sunny",
        menu="View",
    ),
    Action(
        "theme.dark",
        "Dark colours",
        "Light words on a dark ground.",
        icon="weather-night",
        menu="View",
    ),
    Action(
        "theme.system",
        "Colours of the system",
        "Light or dark, as the system is.",
        icon="theme-light-dark",
        menu="View",
    ),
    Action(
        "app.full_screen",
        "Full screen",
        "Fill the screen with the window, and back.",
        "F11",
        "fullscreen",
        menu="View",
    ),
)

HELP = (
    Action(
        "app.help",
        "Help on this view",
        "Explain the view that is open, beside it.",
        "F1",
        "help-circle-outline",
        menu="Help",
    ),
    Action(
        "app.keys",
        "All keys",
        "Show every key that works in this view.",
        icon="keyboard-outline",
        menu="Help",
        letters=(("", "?"),),
    ),
    Action(
        "app.about",
        "About Glossator",
        "Version, licence, and where your files are.",
        icon="information-outline",
        menu="Help",
    ),
)
