"""What a prefix really holds: each file with what the file system says of it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import field

from conda_preflight.plain import document_type


@document_type
class Tree:
    """Everything below a directory, links not followed, in columns of one length.

    ``paths`` are relative, with forward slashes; bytes of a name that are no UTF-8 are
    surrogate escapes. ``modes``, ``sizes``, ``inodes``, ``mtimes`` and ``ctimes`` (both in
    nanoseconds) are as lstat tells them. ``links`` are the targets of symbolic links by path;
    ``closed`` are folders that could not be read, with the reason; ``skipped`` are folders
    that were not entered; ``more`` is true where there was more than is held here.
    """

    paths: list[str] = field(default_factory=list)
    modes: array[int] = field(default_factory=lambda: array("L"))
    sizes: array[int] = field(default_factory=lambda: array("q"))
    inodes: array[int] = field(default_factory=lambda: array("Q"))
    mtimes: array[int] = field(default_factory=lambda: array("q"))
    ctimes: array[int] = field(default_factory=lambda: array("q"))
    links: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    more: bool = False
