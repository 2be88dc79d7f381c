"""Where the frozen program begins: the window, the command line or the worker, by its arguments."""

import multiprocessing
import sys

if __name__ == "__main__":
    # Of the libraries' own helper processes, which are the same program once more, each has to be
    # recognised before anything else is imported.
    multiprocessing.freeze_support()
    from desktop.main import main

    sys.exit(main())
