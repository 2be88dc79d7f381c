"""A worker that writes a checkpoint at every step, for the crash test to kill.

Started as ``python trainer.py job.json`` it runs that job as `engine.jobs.worker` does.
"""

from __future__ import annotations

import math
import sys

from engine.jobs.worker import main
from engine.training.resuming import course

if __name__ == "__main__":
    course.INTERVAL, course.SHARE = 0.0, math.inf
    sys.exit(main(sys.argv[1:]))
