"""Kubernetes manifests: whose they are, what they say and where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Location, Source, Workload
from conda_preflight.errors import ReadError
from conda_preflight.readers import environment_yml, kubernetes

RAY = """\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: pool}
spec:
  headGroupSpec:
    template:
      spec:
        containers:
          - name: head
            image: registry.example.org/ray:2.9
            command: ["/bin/bash", "-c"]
            args:
              - |
                set -e
                pip install vllm
                exec ray start --head
  workerGroupSpecs:
    - template:
        spec:
          initContainers:
            - {name: wait, image: "busybox:1.36"}
            - {name: log, image: "busybox:1.36", restartPolicy: Always}
          containers:
            - name: worker
              image: registry.example.org/ray:2.9
              env:
                - {name: HF_HOME, value: /cache}
                - name: HF_TOKEN
                  valueFrom: {secretKeyRef: {name: hf, key: token}}
              resources:
                limits: {nvidia.com/gpu: 4, memory: 64Gi}
                claims: [{name: gpu}]
              volumeMounts: [{mountPath: /dev/shm, name: shm}]
              securityContext: {runAsUser: 1000}
          volumes:
            - name: shm
              emptyDir: {medium: Memory}
            - {hostPath: {path: /data}, name: data}
          securityContext: {runAsNonRoot: true}
          hostIPC: true
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: chat}
spec:
  template:
    spec:
      containers:
        - name: server
          resources: {limits: {memory: 8Gi}}
"""


def source(text: str, path: str = "deploy/chat.yaml") -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def read(text: str) -> list[Workload]:
    assert kubernetes.recognizes(source(text))
    return kubernetes.read(source(text))


def test_each_template_of_pods_is_a_workload():
    head, worker = read(RAY)
    assert (head.title, worker.title) == ("RayCluster pool", "RayCluster pool")
    assert head.location == Location("deploy/chat.yaml", 8, 9, 10)
    assert [c.name for c in worker.containers] == ["wait", "log", "worker"]
    assert [c.name for c in worker.main] == ["log", "worker"]
    assert worker.settings["hostIPC"].text == "true"
    assert worker.security["runAsNonRoot"].location == Location("deploy/chat.yaml", 39, 43, 4)
    assert worker.volumes == {"shm": ("emptyDir", "Memory"), "data": ("hostPath", "/data")}


def test_a_container_with_the_places_of_its_facts():
    head, worker = read(RAY)
    assert [c.words for c in head.main[0].commands] == [
        ("set", "-e"),
        ("pip", "install", "vllm"),
        ("ray", "start", "--head"),
    ]
    assert head.main[0].commands[1].location == Location("deploy/chat.yaml", 15, 17, 16)
    container = worker.main[1]
    assert container.image.text == "registry.example.org/ray:2.9"
    assert container.image.location.line == 25
    assert [(name.text, value) for name, value in container.variables] == [("HF_HOME", "/cache")]
    assert {key: amount.text for key, amount in container.limits.items()} == {
        "nvidia.com/gpu": "4",
        "memory": "64Gi",
    }
    assert container.claims == ("gpu",)
    assert container.mounts == {"/dev/shm": "shm"}  # noqa: S108  (read, never used)
    assert container.security["runAsUser"].text == "1000"


def test_several_documents_and_lists():
    listed = "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n"
    pod = "    metadata: {name: a}\n    spec: {containers: [{name: x, image: y}]}\n"
    text = RAY + "---\n" + PATCH + "---\napiVersion: v1\nkind: Service\n---\n" + listed + pod
    found = kubernetes.read(source(text))
    assert [w.title for w in found][2:] == ["Deployment chat", "Pod a"]
    assert [w.is_part for w in found] == [False, False, True, False]


@pytest.mark.parametrize(
    "line",
    [
        '      {{- include "chat.labels" . | nindent 6 }}\n',
        "  replicas: {{ .Values.replicas }}\n",
        "{% if gpu %}\n",
        "  replicas: {{ replicas }} of {{ all }\n",
    ],
)
def test_a_template_is_not_broken_and_not_read(line):
    (found,) = read(PATCH + line)
    assert found.is_template
    assert not found.containers


@pytest.mark.parametrize(
    "spec",
    [
        "spec: {containers: [{name: x, image: y}]}",
        "spec:\n  containers:  # two\n\n  # the server\n  - {name: x, image: y}",
        '"spec": {"containers": [{"name": "x", "image": "y"}]}',
    ],
)
def test_a_pod_in_any_style(spec):
    (found,) = read(f"apiVersion: v1\nkind: Pod\n{spec}\n")
    assert [c.image.text for c in found.main] == ["y"]


def test_placeholders_of_a_cluster_are_no_template():
    (found,) = read(PATCH + "          args: ['--seed', '{{inputs.parameters.seed}}']\n")
    assert found.main[0].words[1].text == "{{inputs.parameters.seed}}"


def test_broken_yaml_is_an_error_with_its_place():
    with pytest.raises(ReadError) as error:
        kubernetes.read(source(PATCH + "   x: [\n"))
    assert error.value.line


@pytest.mark.parametrize(
    "text",
    [
        "name: a\ndependencies: [python]\n",
        "apiVersion: v1\nkind: Service\nspec: {ports: []}\n",
        "on: push\njobs: {a: {steps: [{run: x}]}}\n",
        "apiVersion: a/v1\nkind: CustomResourceDefinition\nspec:\n  containers:\n    type: array\n",
    ],
)
def test_other_files_are_not_taken(text):
    assert not kubernetes.recognizes(source(text))


def test_a_manifest_of_conda_and_one_of_a_cluster_are_told_apart():
    assert not environment_yml.recognizes(source(PATCH))
    assert not kubernetes.recognizes(source("name: a\ndependencies: [python]\n", "environment.yml"))


@given(st.text(alphabet=st.sampled_from("acks:-{}[]&*<\n \"'|>apiVersionkindcontainers")))
def test_whatever_follows_there_are_documents_or_an_error(text):
    try:
        found = kubernetes.read(source(PATCH + text))
    except ReadError:
        return
    assert all(isinstance(document, Workload) for document in found)
