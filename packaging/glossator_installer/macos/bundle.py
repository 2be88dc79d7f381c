"""Lay out Glossator.app from an application folder that was frozen on macOS.

Not run on macOS yet: the layout follows what PyInstaller's programs look for in a bundle, and what
Apple documents of signing. A test lays out a small one and reads its Info.plist.

A bundle keeps programs in Contents/MacOS, all that is machine code in Contents/Frameworks, and all
else in Contents/Resources; the signature of a bundle with anything out of place is refused. The
programs look for everything in Frameworks, so links lead from there to what is in Resources. A
folder in Frameworks whose name has a dot would be taken for a bundle of its own, hence it gets
another name and a link with the right one; frameworks, such as Qt's, are bundles and stay whole.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from glossator_installer.payload import HERE, PROGRAMS
from pip_process import BootstrapError

NAME = "Glossator.app"
DOT = "__dot__"

# The first bytes of a program or library for one processor, and for several in one file.
MACHINE_CODE = tuple(
    bytes.fromhex(magic) for magic in ("cffaedfe", "cefaedfe", "cafebabe", "cafebabf")
)


def write_bundle(application: Path, folder: Path, version: str) -> Path:
    """Write `Glossator.app` into `folder`, in place of one that is there; its path.

    Raises:
        BootstrapError: a program is missing in `application`.
    """
    for program in PROGRAMS:
        if not (application / program).is_file():
            raise BootstrapError(
                f"{application} is no application folder: the program {program} is missing in it. "
                "Nothing was written; freeze the application on macOS first."
            )
    bundle = folder / NAME
    shutil.rmtree(bundle, ignore_errors=True)
    contents = bundle / "Contents"
    for name in ("MacOS", "Frameworks", "Resources"):
        (contents / name).mkdir(parents=True)
    for program in PROGRAMS:
        shutil.copy2(application / program, contents / "MacOS" / program)
    for path in sorted((application / "_internal").iterdir()):
        place(path, contents / "Frameworks" / path.name, contents / "Resources" / path.name)
    template = (HERE / "macos" / "Info.plist").read_text(encoding="utf-8")
    (contents / "Info.plist").write_text(template.replace("@VERSION@", version), encoding="utf-8")
    (contents / "PkgInfo").write_text("APPL????", encoding="ascii")
    shutil.copy(HERE / "icons" / "glossator.icns", contents / "Resources")
    return bundle


def place(source: Path, framework: Path, resource: Path) -> None:
    """Copy a file or folder to `framework` if it is code, else to `resource`, linked from there."""
    if source.is_symlink():
        framework.symlink_to(source.readlink())
    elif source.suffix == ".framework":
        shutil.copytree(source, framework, symlinks=True)
    elif not holds_code(source):
        resource.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, resource, symlinks=True)
        else:
            shutil.copy2(source, resource)
        link(framework, resource)
    elif source.is_dir():
        if "." in framework.name:
            named, framework = framework, framework.with_name(framework.name.replace(".", DOT))
            named.symlink_to(framework.name)
        framework.mkdir()
        for path in sorted(source.iterdir()):
            place(path, framework / path.name, resource / path.name)
    else:
        shutil.copy2(source, framework)


def holds_code(path: Path) -> bool:
    """Whether a file is machine code, or any file in a folder is."""
    if path.is_dir():
        return any(holds_code(below) for below in path.iterdir() if not below.is_symlink())
    with path.open("rb") as file:
        return file.read(4) in MACHINE_CODE


def link(place: Path, target: Path) -> None:
    """Make `place` a link to `target` that is still right when the bundle is moved."""
    place.symlink_to(os.path.relpath(target, place.parent))


def signing_commands(bundle: Path, identity: str, profile: str) -> list[list[str]]:
    """The commands that follow on a Mac: sign, have Apple check it, make a disk image.

    `identity` is a "Developer ID Application" certificate in the keychain, `profile` the name under
    which `xcrun notarytool store-credentials` has kept an account. The identifiers in Info.plist
    are to become ones of the domain that the certificate's owner has. Signed is from the inside
    out, since a signature covers those of what it contains.
    """
    entitlements = HERE / "macos" / "entitlements.plist"
    sign = ["codesign", "--force", "--timestamp", "--options", "runtime", "--sign", identity]
    frameworks = bundle / "Contents" / "Frameworks"
    inner = [
        path
        for path in sorted(frameworks.rglob("*"), key=lambda path: (-len(path.parts), path))
        if not path.is_symlink()
        and (path.suffix == ".framework" or (path.is_file() and holds_code(path)))
    ]
    programs = [bundle / "Contents" / "MacOS" / program for program in PROGRAMS]
    archive, image = bundle.with_suffix(".zip"), bundle.with_suffix(".dmg")
    return [
        *([*sign, str(path)] for path in inner),
        *([*sign, "--entitlements", str(entitlements), str(path)] for path in (*programs, bundle)),
        ["codesign", "--verify", "--deep", "--strict", str(bundle)],
        ["ditto", "-c", "-k", "--keepParent", str(bundle), str(archive)],
        ["xcrun", "notarytool", "submit", str(archive), "--keychain-profile", profile, "--wait"],
        ["xcrun", "stapler", "staple", str(bundle)],
        ["hdiutil", "create", "-volname", "Glossator", "-srcfolder", str(bundle), str(image)],
        [*sign, str(image)],
    ]
