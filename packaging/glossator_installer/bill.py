"""The software bill of materials: CycloneDX 1.6 in JSON, for those who must know what they install.

It lists the same components as the licences do, so the two cannot disagree. Its serial number
follows from what is in it and its time is the one that is given: the same components give the same
file. Needs cyclonedx-python-lib, which is in the build environment only.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glossator_installer.licences import Component

if TYPE_CHECKING:
    from cyclonedx.model.component import Component as Listed

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:glossator:bill-of-materials")


def write_bill(components: Sequence[Component], target: Path, epoch: int) -> Path:
    """Write the bill of `components`, of which the one of kind `program` contains the others."""
    from cyclonedx.output.json import JsonV1Dot6

    target.write_text(
        JsonV1Dot6(bill(components, epoch)).output_as_string(indent=1) + "\n",
        encoding="utf-8",
        newline="\n",
    )
    return target


def bill(components: Sequence[Component], epoch: int) -> Any:
    """The bill as an object of the library."""
    from cyclonedx.model.bom import Bom, BomMetaData

    (program,) = [component for component in components if component.kind == "program"]
    parts = [listed(component) for component in components if component is not program]
    whole = listed(program)
    metadata = BomMetaData(component=whole, timestamp=datetime.fromtimestamp(epoch, UTC))
    made = Bom(components=parts, metadata=metadata, serial_number=serial_number(components, epoch))
    made.register_dependency(whole, parts)
    return made


def serial_number(components: Sequence[Component], epoch: int) -> uuid.UUID:
    """A number that the content decides."""
    digest = hashlib.sha256(str(epoch).encode())
    for component in sorted(components, key=lambda component: (component.name, component.version)):
        digest.update(repr(component).encode())
    return uuid.uuid5(NAMESPACE, digest.hexdigest())


def listed(component: Component) -> Listed:
    """One component as the library has it."""
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component as Listed
    from cyclonedx.model.component import ComponentType
    from packageurl import PackageURL

    kinds = {
        "program": ComponentType.APPLICATION,
        "library": ComponentType.LIBRARY,
        "font": ComponentType.FILE,
        "model": ComponentType.MACHINE_LEARNING_MODEL,
    }
    sha256 = component.sha256
    return Listed(
        name=component.name,
        type=kinds[component.kind],
        # A reference that is not given would be made up anew each time.
        bom_ref=component.purl or f"{component.name}@{component.version}",
        version=component.version or None,
        description=component.note or None,
        licenses=[licence(component.licence)],
        purl=PackageURL.from_string(component.purl) if component.purl else None,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)] if sha256 else None,
    )


def licence(words: str) -> Any:
    """A licence as an identifier or an expression of SPDX where it is one, else as a name."""
    from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
    from cyclonedx.spdx import is_expression, is_supported_id

    if is_supported_id(words):
        return DisjunctiveLicense(id=words)
    return LicenseExpression(words) if is_expression(words) else DisjunctiveLicense(name=words)
