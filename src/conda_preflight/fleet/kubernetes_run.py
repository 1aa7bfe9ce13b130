"""One run of questions to the nodes of a Kubernetes cluster: its jobs, from first to last.

What was made is removed at the end, however that comes; what ends without it (``kill -9``) leaves
jobs that end at their time and are then removed by the cluster.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace

from conda_preflight.cluster import fleet_job
from conda_preflight.cluster.fleet_access import NAME
from conda_preflight.fleet import log_lines
from conda_preflight.fleet.answers import DEAD, FAILED, TIMED_OUT, Listing, NodeAnswer
from conda_preflight.fleet.kubernetes_api import Cluster, RefusedError
from conda_preflight.fleet.kubernetes_states import (
    DONE,
    WAITING,
    State,
    Thing,
    has_begun_without_pods,
    node_trouble,
    state,
    text,
)
from conda_preflight.writers.wording import number

Told = Callable[[str, int, int], None]
Say = Callable[[str], None]
_MAKING, _STEP = "Making jobs", "Asking nodes"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 4.0
_GRACE = 60.0
_NO_POD = 30.0
_NOT_MADE = f"no pod can be made for it: is the account {NAME} there, and does a quota stop it?"


class Run:
    """The jobs of one run, by the node that each asks."""

    def __init__(self, cluster: Cluster, question: fleet_job.Question, run: str, say: Say) -> None:
        self._cluster, self._question, self._run, self._say = cluster, question, run, say
        self._jobs: dict[str, str] = {}
        self._pods: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._answers: list[NodeAnswer] = []
        self._begun = time.monotonic()

    @property
    def _chosen(self) -> str:
        return f"{fleet_job.RUN}={self._run}"

    @contextmanager
    def cleaned(self) -> Iterator[None]:
        """Whatever happens inside, the jobs are removed; what cannot be is told."""
        try:
            yield
        finally:
            self._clean()

    def _clean(self) -> None:
        left = list(self._jobs.values())
        try:
            while left:
                self._cluster.delete(self._question.namespace, left[-1])
                left.pop()
        except RefusedError as error:
            how = f"kubectl delete jobs -n {self._question.namespace} -l {self._chosen}"
            what = f"{number(len(left), 'job')} left, which the cluster ends in time"
            self._say(f"{error.message}. {what}; this removes what is left: {how}")

    def begin(self, nodes: Sequence[Thing], told: Told) -> None:
        """Make the jobs; a node that is not ready gets none and is told."""
        for place, node in enumerate(nodes):
            told(_MAKING, place, len(nodes))
            name = text(node, "metadata", "name")
            status, why = node_trouble(node)
            if status:
                self._answers.append(NodeAnswer(name, status, why))
                continue
            job = fleet_job.job(self._question, self._run, name)
            self._jobs[name] = job["metadata"]["name"]
            self._cluster.create(self._question.namespace, job)
        self._begun = time.monotonic()

    def answers(self, told: Told) -> list[NodeAnswer]:
        """The answers of all nodes, when the last of them has come or will not come."""
        waiting, total = dict(self._jobs), len(self._jobs)
        pause = _FIRST_PAUSE
        while waiting:
            told(_STEP, total - len(waiting), total)
            looked = time.monotonic()
            try:
                self._take(waiting)
            except RefusedError as error:
                if not any(answer.is_reached for answer in self._answers):
                    raise
                self._answers += [NodeAnswer(node, FAILED, error.message) for node in waiting]
                break
            if waiting:
                time.sleep(max(pause, time.monotonic() - looked))  # it has others to serve
                pause = min(pause * 1.5, _LONGEST_PAUSE)
        return self._with_lost(self._answers)

    def _take(self, waiting: dict[str, str]) -> None:
        """Look once, and take the nodes from those that are waited for that have ended."""
        for node, found in self._look(waiting):
            if found.status == WAITING:
                self._reasons[node] = found.reason or self._reasons.get(node, "")
            else:
                del waiting[node]
                self._answers.append(self._answer(node, found))

    def _look(self, waiting: Mapping[str, str]) -> Iterator[tuple[str, State]]:
        """The state of each job; a server that does not answer for a while is waited for."""
        space, took = self._question.namespace, time.monotonic() - self._begun
        is_late = took > self._question.seconds + _GRACE
        try:
            jobs = {text(j, "metadata", "name"): j for j in self._cluster.jobs(space, self._chosen)}
            pods = self._by_job(self._cluster.pods(space, self._chosen))
        except RefusedError as error:
            if is_late or 400 <= error.status < 429:  # noqa: PLR2004  (no, and not only now)
                raise
            return
        for node, name in list(waiting.items()):
            job, own = jobs.get(name), pods.get(name, ())
            if job is None:
                yield node, State(FAILED, "its job was removed by somebody else")
            elif took > _NO_POD and has_begun_without_pods(job, own):
                yield node, State(FAILED, _NOT_MADE)
            else:
                found = state(job, own)
                yield node, State(TIMED_OUT) if is_late and found.status == WAITING else found

    @staticmethod
    def _by_job(pods: Iterable[Thing]) -> dict[str, list[Thing]]:
        found: dict[str, list[Thing]] = {}
        for pod in pods:
            found.setdefault(text(pod, "metadata", "labels", fleet_job.JOB), []).append(pod)
        return found

    def _answer(self, node: str, found: State) -> NodeAnswer:
        seconds = time.monotonic() - self._begun
        if found.status == DONE:
            self._pods[node] = found.pod
            return replace(self._read(node, found.pod), node=node, seconds=seconds)
        why = found.reason
        if found.status == TIMED_OUT:
            last = self._reasons.get(node, "")
            why = f"no answer in {self._question.seconds} seconds{f'; {last}' if last else ''}"
        if found.pod:
            why = f"{why}{self._last_words(found.pod)}"
        return NodeAnswer(node, found.status, why, seconds=seconds)

    def _read(self, node: str, pod: str) -> NodeAnswer:
        try:
            with closing(self._log(pod)) as lines:
                return log_lines.first(node, lines)
        except RefusedError as error:
            return NodeAnswer(node, FAILED, f"its log cannot be read: {error.message}")

    def _last_words(self, pod: str) -> str:
        parts = log_lines.Parts()
        try:
            for line in self._log(pod):
                parts.add(line)
        except RefusedError as error:
            return f"; its log cannot be read: {error.message}"
        return f": {parts.last}" if parts.last else ""

    def _log(self, pod: str) -> Generator[str]:
        return self._cluster.log(self._question.namespace, pod, fleet_job.CONTAINER)

    def listing(self, node: str) -> Listing | None:
        """The list of files of a node that answered, from its log once more."""
        try:
            with closing(self._log(self._pods[node])) as lines:
                return next(iter(log_lines.read(node, lines))).listing
        except (RefusedError, KeyError):
            return None

    def _with_lost(self, answers: Sequence[NodeAnswer]) -> list[NodeAnswer]:
        """Those that were too late, told as what they are where their node was lost meanwhile."""
        if all(answer.status != TIMED_OUT for answer in answers):
            return list(answers)
        try:
            known = {text(n, "metadata", "name"): n for n in self._cluster.nodes()}
        except RefusedError:
            return list(answers)
        return [self._lost(answer, known.get(answer.node)) for answer in answers]

    @staticmethod
    def _lost(answer: NodeAnswer, node: Thing | None) -> NodeAnswer:
        if answer.status != TIMED_OUT:
            return answer
        if node is None:
            return replace(answer, status=DEAD, reason="it left the cluster while it was asked")
        status, why = node_trouble(node)
        return replace(answer, status=status, reason=why) if status else answer
