"""A program that labels without pause, for the crash test to kill.

Says on standard output, a line each, what the engine has said is saved: ``text label``. Between
the labels it imports a file, undoes and redoes, so that the kill falls into all kinds of work.
"""

from __future__ import annotations

import sys
from itertools import count

from engine.api import Engine, ImportTexts, OpenProject, RedoLast, SetLabels, UndoLast


def main(project: str, extra: str, seed: int) -> None:
    with Engine() as engine:
        info = engine.submit(OpenProject(project)).result()
        task = info.task
        for number in count(seed):
            text_id = number % 40 + 1
            label_id = task.labels[number * 7 % len(task.labels)].id
            engine.submit(SetLabels(task.id, (text_id,), (label_id,))).result()
            print(text_id, label_id, flush=True)
            if number % 10 == 3:
                engine.submit(ImportTexts(path=extra, task_id=task.id))
            if number % 10 == 7:
                engine.submit(UndoLast()).result()
                engine.submit(RedoLast()).result()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
