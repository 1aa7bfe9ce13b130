"""A shell text as simple commands, whoever wrote it: Dockerfile, workflow, README, script.

What a shell would do with variables, loops and conditions is not followed: each command
that stands in the text is one, in the order of the text. Nothing is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.documents import Command, Location
from conda_preflight.grammar.passage import Passage, Piece, passage, passage_of
from conda_preflight.grammar.shell_words import Lexer, Token, unescaped
from conda_preflight.grammar.shell_wrapper import is_shell, program_at, script_at

MAX_TEXT = 1024 * 1024
"""Characters of one text that are looked at; no script that a person wrote is longer."""

MAX_DEPTH = 5
_REDIRECTIONS = frozenset(("<", ">", ">>", "<<<", "&>", "&>>", "<&", ">&", ">|", "<>"))
_HEREDOCS = frozenset(("<<", "<<-"))


def commands(text: Passage, escape: str = "\\") -> tuple[Command, ...]:
    """The simple commands of a text, without wrappers such as ``sudo`` and ``bash -c``.

    ``escape`` is the character that quotes the next one and continues lines. Never raises.
    """
    bounded = text if len(text.text) <= MAX_TEXT else text.cut(0, MAX_TEXT)
    return tuple(_Reader(bounded, escape, 0).commands())


def command_of(words: Sequence[str], location: Location) -> tuple[Command, ...]:
    """The commands of a list of words that no shell splits, such as a Dockerfile's exec form.

    They all stand at the location given.
    """
    rest = tuple(words[program_at(words) :])
    if not rest:
        return ()
    script = script_at(rest)
    if script is None:
        return (Command(rest, location),)
    inner = commands(passage_of(location.path, rest[script]))
    return tuple(Command(command.words, location) for command in inner)


class _Heredoc:
    """A here-document that is announced, and the words of the command that will read it."""

    def __init__(self, delimiter: str, indented: bool, reader: list[Token]) -> None:  # noqa: FBT001
        self.delimiter = delimiter
        self.indented = indented
        self.reader = reader


class _Reader:
    def __init__(self, text: Passage, escape: str, depth: int) -> None:
        self._passage = text
        self._lexer = Lexer(text.text, escape)
        self._escape = escape
        self._depth = depth
        self._words: list[Token] = []
        self._pending: list[_Heredoc] = []

    def commands(self) -> Iterator[Command]:
        redirection = ""
        for token in self._lexer.tokens():
            if not token.operator:
                self._add(token, redirection)
                redirection = ""
            elif token.text in _REDIRECTIONS or token.text in _HEREDOCS:
                redirection = token.text
            else:
                redirection = ""
                yield from self._end_of_command(token.text)
        yield from self._flush()

    def _add(self, token: Token, redirection: str) -> None:
        if redirection in _HEREDOCS:
            self._pending.append(_Heredoc(token.text, redirection == "<<-", self._words))
        elif not redirection:
            self._words.append(token)

    def _end_of_command(self, operator: str) -> Iterator[Command]:
        if operator == "(" and self._words:
            self._words = []  # the name of a function that is defined here
            return
        yield from self._flush()
        if operator == "\n":
            pending, self._pending = self._pending, []
            for heredoc in pending:
                yield from self._body(heredoc)

    def _flush(self) -> Iterator[Command]:
        tokens, self._words = self._words, []
        words = [token.text for token in tokens]
        begin = program_at(words)
        tokens, words = tokens[begin:], words[begin:]
        if not words or not words[0]:
            return
        script = script_at(words)
        if script is None or self._depth >= MAX_DEPTH:
            place = self._passage.location(tokens[0].start, tokens[-1].end)
            yield Command(tuple(words), place)
        else:
            yield from self._inner(tokens[script])

    def _inner(self, token: Token) -> Iterator[Command]:
        """The commands in the text that ``bash -c`` is given."""
        inside = self._passage.cut(token.start + 1, token.end - 1)
        pieces = (Piece(unescaped(p.text), p.line, p.column) for p in inside.pieces)
        text = inside if inside.text == token.text else passage(self._passage.path, pieces)
        if text.text == token.text:
            yield from _Reader(text, self._escape, self._depth + 1).commands()
            return
        place = self._passage.location(token.start, token.end)
        text = passage_of(place.path, token.text)
        for command in _Reader(text, self._escape, self._depth + 1).commands():
            yield Command(command.words, place)

    def _body(self, heredoc: _Heredoc) -> Iterator[Command]:
        """Past the body of a here-document, and its commands where a shell reads it."""
        start = self._lexer.at
        end, self._lexer.at = _heredoc_end(self._passage.text, start, heredoc)
        body = self._passage.text[start:end]
        other = body.startswith("#!") and "sh" not in body.partition("\n")[0]
        words = [token.text for token in heredoc.reader]
        if self._depth < MAX_DEPTH and not other and is_shell(words):
            inner = self._passage.cut(start, end)
            yield from _Reader(inner, self._escape, self._depth + 1).commands()


def _heredoc_end(text: str, at: int, heredoc: _Heredoc) -> tuple[int, int]:
    """Where the body ends and where the text goes on; both the end of text if it never ends."""
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop]
        if (line.lstrip("\t") if heredoc.indented else line) == heredoc.delimiter:
            return at, min(stop + 1, len(text))
        at = stop + 1
    return len(text), len(text)
