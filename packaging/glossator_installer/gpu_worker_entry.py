"""Where the GPU add-on begins: it is the worker and nothing else."""

import multiprocessing
import os
import sys

if __name__ == "__main__":
    # As in entry.py: helper processes of the libraries have to be recognised first.
    multiprocessing.freeze_support()
    from engine.jobs.worker import main

    code = main(sys.argv[1:])
    sys.stderr.flush()
    # As the worker does by itself: unloading torch can take seconds.
    os._exit(code)
