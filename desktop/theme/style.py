"""One style sheet and one palette, built from the tokens.

Widgets choose among a few looks by dynamic properties, never by colours of their own:

- ``role`` of a QPushButton or QToolButton: "primary", "quiet", "danger" (default: outlined)
- ``role`` of a QLabel: "title", "heading", "muted", "small", "technical", "danger", "warning",
  "ok", "figure", "key"
- ``role`` of a QPlainTextEdit: "code" (letters of one width)
- ``role`` of a QFrame or QWidget: "card", "sunken", "raised", "line", "banner-info",
  "banner-error"
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtGui import QColor, QPalette

from desktop.theme.fonts import INTERFACE, INTERFACE_SIZE, READING
from desktop.theme.tokens import Tokens

GRID = 8  # pixels; margins and gaps are multiples of it


def palette(tokens: Tokens) -> QPalette:
    """Return the palette for what Qt paints without asking the style sheet."""
    result = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.surface,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface_raised,
        QPalette.ColorRole.AlternateBase: tokens.surface_sunken,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.text_muted,
        QPalette.ColorRole.Button: tokens.surface_raised,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.danger,
        QPalette.ColorRole.Highlight: tokens.selection,
        QPalette.ColorRole.HighlightedText: tokens.text,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.surface_raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Light: tokens.surface_raised,
        QPalette.ColorRole.Midlight: tokens.hover,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.line_strong,
        QPalette.ColorRole.Shadow: tokens.line_strong,
        QPalette.ColorRole.Accent: tokens.accent,
    }
    for role, color in roles.items():
        result.setColor(role, QColor(color))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.line_strong))
    return result


def style_sheet(tokens: Tokens, images: dict[str, str]) -> str:
    """Return the style sheet; `images` are files for "down", "up", "right", "check", "some"."""
    values = asdict(tokens) | {f"image_{name}": path for name, path in images.items()}
    return _SHEET.substitute(values, family=INTERFACE, reading=READING, size=INTERFACE_SIZE)


_SHEET = Template(
    """
* { outline: none; }
QWidget { font-family: "$family"; font-size: ${size}px; color: $text; }
QMainWindow, QDialog { background: $surface; }
QToolTip {
    background: $surface_raised; color: $text; border: 1px solid $line_strong; padding: 4px 6px;
}

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 22px; font-weight: 600; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
QLabel[role="figure"] { font-size: 28px; font-weight: 600; }
QLabel[role="caption"] { font-weight: 500; }
QLabel[role="muted"] { color: $text_muted; }
QLabel[role="small"] { color: $text_muted; font-size: 12px; }
QLabel[role="technical"] { color: $text_muted; font-size: 12px; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="ok"] { color: $ok; }
QLabel[role="key"] { color: $text; font-weight: 500; background: $surface_sunken;
    border: 1px solid $line; border-radius: 4px; padding: 1px 6px; }

QLabel[role="lead"] { font-size: 15px; color: $text_muted; }
QLabel[role="wordmark"] { font-family: "$reading"; font-size: 40px; }

QFrame[role="card"] { background: $surface_raised; border: 1px solid $line; border-radius: 8px; }
QWidget[role="raised"] { background: $surface_raised; }
QWidget[role="sunken"] { background: $surface_sunken; }
QFrame[role="line"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[role="banner-info"] { background: $accent_soft; border: none; border-radius: 6px; }
QFrame[role="banner-error"] { background: $danger_soft; border: none; border-radius: 6px; }

QPushButton, QToolButton {
    background: $surface_raised; border: 1px solid $line_strong; border-radius: 6px;
    padding: 6px 14px; min-height: 18px;
}
QToolButton { padding: 5px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:checked, QToolButton:checked { background: $accent_soft; border-color: $accent; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: 5px 13px; }
QToolButton:focus { padding: 4px; }
QPushButton:disabled, QToolButton:disabled { color: $text_muted; border-color: $line;
    background: $surface_sunken; }
QPushButton[role="primary"] {
    background: $accent; color: $accent_text; border: 1px solid $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled {
    background: $hover; color: $text_muted; border-color: $hover;
}
QPushButton[role="danger"] { color: $danger; border-color: $line_strong; }
QPushButton[role="danger"]:hover { background: $danger_soft; border-color: $danger; }
QPushButton[role="danger"]:disabled { color: $text_muted; border-color: $line; }
QPushButton[role="quiet"], QToolButton[role="quiet"] {
    background: transparent; border: 1px solid transparent;
}
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:checked, QToolButton[role="quiet"]:checked {
    background: $accent_soft; color: $accent; border-color: transparent;
}
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border: 2px solid $focus; }
QPushButton[role="quiet"]:disabled, QToolButton[role="quiet"]:disabled { color: $text_muted; }
QToolButton[role="rail"] {
    background: transparent; border: none; border-radius: 8px; padding: 4px 0; font-size: 12px;
    color: $text_muted;
}
QToolButton[role="rail"]:hover { background: $hover; color: $text; }
QToolButton[role="rail"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QToolButton[role="rail"]:focus { border: 2px solid $focus; }
QToolButton[role="rail"]::menu-indicator, QToolButton[role="swatch"]::menu-indicator {
    image: none;
}
QToolButton[role="swatch"] { background: transparent; border: 1px solid transparent; }
QToolButton[role="swatch"]:hover { background: $hover; }
QToolButton[role="swatch"]:focus { border: 2px solid $focus; }
QPushButton[role="field"] {
    background: $surface_raised; border: 1px solid $line; border-radius: 6px; text-align: left;
    min-height: 22px;
}
QPushButton[role="field"]:hover { border-color: $line_strong; }
QPushButton[role="field"]:focus { border: 2px solid $focus; }
QPushButton[role="door"] {
    background: $surface_raised; border: 1px solid $line; border-radius: 10px; text-align: left;
}
QPushButton[role="door"]:hover { border: 1px solid $accent; background: $surface_raised; }
QPushButton[role="door"]:focus { border: 2px solid $focus; }
QPushButton[role="row"] {
    background: transparent; border: 1px solid transparent; border-radius: 6px; text-align: left;
    min-height: 24px;
}
QPushButton[role="row"]:hover { background: $hover; }
QPushButton[role="row"]:focus { border: 2px solid $focus; }
QToolButton::menu-indicator, QPushButton::menu-indicator {
    image: url("$image_down"); width: 14px; height: 14px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 4px;
}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $surface_raised; border: 1px solid $line_strong; border-radius: 6px;
    padding: 5px 8px; selection-background-color: $selection; selection-color: $text;
}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 20px; }
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover {
    border-color: $text_muted;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus, QComboBox:on { border: 2px solid $focus; padding: 4px 7px; }
QLineEdit QToolButton { background: transparent; border: none; padding: 0; min-height: 0; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled,
QPlainTextEdit:disabled { background: $surface_sunken; color: $text_muted; border-color: $line; }
QPlainTextEdit[role="code"] { font-family: "DejaVu Sans Mono", "Menlo", "Consolas", monospace; }
QLineEdit[invalid="true"] { border-color: $danger; }
QPlainTextEdit[role="reading"], QTextEdit[role="reading"], QTextBrowser[role="reading"] {
    background: $surface; border: none; padding: 0; border-radius: 0;
}
QTextBrowser[role="reading"]:focus, QPlainTextEdit[role="reading"]:focus,
QTextEdit[role="reading"]:focus { border: none; padding: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$image_down"); width: 16px; height: 16px; }
QComboBox QAbstractItemView {
    background: $surface_raised; border: 1px solid $line_strong; padding: 4px;
    selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit { border: none; padding: 0 6px; min-height: 0; }
QSpinBox::up-button, QDoubleSpinBox::up-button {
    subcontrol-origin: border; subcontrol-position: top right;
    border: none; background: transparent; width: 20px; margin: 4px 4px 0 0;
}
QSpinBox::down-button, QDoubleSpinBox::down-button {
    subcontrol-origin: border; subcontrol-position: bottom right;
    border: none; background: transparent; width: 20px; margin: 0 4px 4px 0;
}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$image_up"); width: 14px; height: 14px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    image: url("$image_down"); width: 14px; height: 14px;
}

QCheckBox, QRadioButton { spacing: 8px; background: transparent; padding: 2px; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 16px; height: 16px; border: 1px solid $text_muted; background: $surface_raised;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $focus; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url("$image_check"); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent;
    image: url("$image_some"); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $text_muted; }

QSlider { background: transparent; min-height: 24px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $accent; width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
}
QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover {
    background: $surface_raised; border: 4px solid $accent; width: 8px; height: 8px;
}
QProgressBar {
    background: $line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
    text-align: center; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QTableView, QTreeView, QListView, QTableWidget, QTreeWidget, QListWidget {
    background: $surface; alternate-background-color: $surface; border: none;
    gridline-color: $line; selection-background-color: $selection; selection-color: $text;
}
QTableView::item, QTreeView::item, QListView::item { padding: 4px 8px; border: none; }
QTableView::item { border-bottom: 1px solid $line; }
QTreeView::item { min-height: 24px; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {
    background: $selection; color: $text;
}
QTableView:focus, QTreeView:focus, QListView:focus { border: none; }
QTreeView { show-decoration-selected: 1; }
QTreeView::branch { background: $surface; }
QTreeView::branch:selected { background: $selection; }
QTreeView::branch:has-children:closed { image: url("$image_right"); }
QTreeView::branch:has-children:open { image: url("$image_down"); }
QHeaderView { background: $surface; }
QHeaderView::section {
    background: $surface; color: $text_muted; border: none; border-bottom: 1px solid $line_strong;
    padding: 6px 8px; font-size: 12px; font-weight: 500;
}
QHeaderView::section:hover { color: $text; }
QHeaderView::down-arrow { image: url("$image_down"); width: 14px; height: 14px; }
QHeaderView::up-arrow { image: url("$image_up"); width: 14px; height: 14px; }
QTableCornerButton::section { background: $surface; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="page"] { background: $surface; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabWidget[role="inset"]::tab-bar { left: 24px; }
QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: $text_muted; padding: 8px 4px; margin-right: 20px;
    border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:focus { color: $accent; }
QTabBar QToolButton { background: $surface; border: none; border-radius: 0; padding: 0; }

QMenuBar { background: $surface_sunken; border-bottom: 1px solid $line; padding: 2px 4px; }
QMenuBar::item { padding: 4px 10px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface_raised; border: 1px solid $line_strong; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 28px; border-radius: 4px; }
QMenu::icon { left: 8px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $text_muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::right-arrow { image: url("$image_right"); width: 14px; height: 14px; }
"""
)
