"""Commands about the rules that suggest passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.service import commands as c
from engine.service.events import RulesChanged
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.service.session import Session


def set_rules(session: Session, command: c.SetRules) -> SlicedWork:
    """Say what passages of a label look like; expressions are tried first, on another thread."""
    from engine.assist.rule_finding import check_rules
    from engine.project.rules import longest_text
    from engine.project.rules import set_rules as store

    texts = (longest_text(session.project.connection),)
    yield session.aside(lambda: check_rules(command.rules, texts))
    rules = store(session.project, command.label_id, command.rules)
    labels = (label for task in session.info.tasks for label in task.labels)
    task_id = next(label.task_id for label in labels if label.id == command.label_id)
    session.emit(RulesChanged(task_id, command.label_id, asked_by=command.asked_by))
    return rules
