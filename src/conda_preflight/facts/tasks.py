"""What images are for: how a server of each kind is started, and what it is asked.

Sources: the documentation of the servers: https://docs.vllm.ai/ (``vllm serve``),
https://www.uvicorn.org/deployment/, https://docs.ray.io/en/latest/serve/,
https://mlflow.org/docs/latest/deployment/, https://docs.nvidia.com/deeplearning/triton-inference-server/,
https://huggingface.co/docs/text-generation-inference/.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Task:
    """A kind of image: the program, the port and the path that answers when it is well.

    ``packages`` are those of which one must be in the lock, none where nothing special must;
    ``port`` is 0 where nothing is served; ``environment`` are variables with their values.
    """

    name: str
    sentence: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    port: int = 0
    health: str = ""
    environment: tuple[tuple[str, str], ...] = ()


_OFFLINE = (("HF_HUB_OFFLINE", "1"), ("TRANSFORMERS_OFFLINE", "1"))

TASKS = {
    task.name: task
    for task in (
        Task("train", "A program that trains and ends.", (), ("python", "train.py")),
        Task("job", "A program that runs and ends.", (), ("python", "main.py")),
        Task(
            "nlp",
            "A service for text, by FastAPI and uvicorn.",
            ("uvicorn",),
            ("uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"),  # noqa: S104
            8000,
            "/health",
            _OFFLINE,
        ),
        Task(
            "cv",
            "A service for images, by FastAPI and uvicorn.",
            ("uvicorn",),
            ("uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"),  # noqa: S104
            8000,
            "/health",
            _OFFLINE,
        ),
        Task(
            "speech",
            "A service for sound, by FastAPI and uvicorn.",
            ("uvicorn",),
            ("uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"),  # noqa: S104
            8000,
            "/health",
            _OFFLINE,
        ),
        Task(
            "fastapi",
            "Any service by FastAPI and uvicorn.",
            ("uvicorn",),
            ("uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"),  # noqa: S104
            8000,
            "/health",
        ),
        Task(
            "vllm",
            "A server of vLLM with the interface of OpenAI's.",
            ("vllm",),
            ("vllm", "serve", "/models/model", "--host", "0.0.0.0", "--port", "8000"),  # noqa: S104
            8000,
            "/health",
            (*_OFFLINE, ("VLLM_NO_USAGE_STATS", "1"), ("DO_NOT_TRACK", "1")),
        ),
        Task(
            "sglang",
            "A server of SGLang.",
            ("sglang",),
            (
                *("python", "-m", "sglang.launch_server", "--model-path", "/models/model"),
                *("--host", "0.0.0.0", "--port", "8000"),  # noqa: S104
            ),
            8000,
            "/health",
            _OFFLINE,
        ),
        Task(
            "ray-serve",
            "A deployment of Ray Serve.",
            ("ray", "ray-serve", "ray-default", "ray-core"),  # conda's names have a part
            ("serve", "run", "--host", "0.0.0.0", "--port", "8000", "app:app"),  # noqa: S104
            8000,
            "/-/healthz",
        ),
        Task(
            "mlflow",
            "A model that MLflow has logged, served by it.",
            ("mlflow",),
            (
                *("mlflow", "models", "serve", "--model-uri", "/models/model"),
                *("--host", "0.0.0.0", "--port", "8000", "--env-manager", "local"),  # noqa: S104
            ),
            8000,
            "/health",
        ),
    )
}
