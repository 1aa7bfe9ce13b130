"""What is audited: plain values that readers make and checks judge.

Every type here is frozen and does no input or output. Documents compare by
identity, small values (Location, Channel ...) by content.
"""

from __future__ import annotations

from conda_preflight.documents.channel import Channel
from conda_preflight.documents.commands import Command, Dockerfile, Instruction, Script
from conda_preflight.documents.condarc import Condarc, Setting
from conda_preflight.documents.host import GPU, Host, Trial
from conda_preflight.documents.lock import Lock, Package, Prefix, Replaced, VirtualPackage
from conda_preflight.documents.manifest import Manifest, Requirement, Requirements, Spec
from conda_preflight.documents.model import Model
from conda_preflight.documents.place import Location, Name
from conda_preflight.documents.platform import PLATFORMS
from conda_preflight.documents.project import Document, Project
from conda_preflight.documents.revision import Revision
from conda_preflight.documents.sbom import Sbom
from conda_preflight.documents.source import DuplicateKey, Layout, Source, Unreadable
from conda_preflight.documents.waiver import Waiver
from conda_preflight.documents.workload import Container, Workload

__all__ = [
    "GPU",
    "PLATFORMS",
    "Channel",
    "Command",
    "Condarc",
    "Container",
    "Dockerfile",
    "Document",
    "DuplicateKey",
    "Host",
    "Instruction",
    "Layout",
    "Location",
    "Lock",
    "Manifest",
    "Model",
    "Name",
    "Package",
    "Prefix",
    "Project",
    "Replaced",
    "Requirement",
    "Requirements",
    "Revision",
    "Sbom",
    "Script",
    "Setting",
    "Source",
    "Spec",
    "Trial",
    "Unreadable",
    "VirtualPackage",
    "Waiver",
    "Workload",
]
