"""What libraries for services load by themselves; each row has the page that says so."""

from __future__ import annotations

from conda_preflight.facts.dynamic_need import DynamicNeed

_FASTAPI = "https://fastapi.tiangolo.com/#dependencies"
SERVICES = (
    DynamicNeed(
        "fastapi-form",
        ("python-multipart",),
        "fastapi reads forms and uploads with python-multipart",
        _FASTAPI,
        imported=("fastapi.Form", "fastapi.File", "fastapi.UploadFile"),
        bringers=("fastapi",),
    ),
    DynamicNeed(
        "test-client",
        ("httpx",),
        "the test client of fastapi and starlette is one of httpx",
        _FASTAPI,
        imported=("fastapi.testclient.TestClient", "starlette.testclient.TestClient"),
        bringers=("fastapi",),
    ),
    DynamicNeed(
        "jinja-templates",
        ("jinja2",),
        "these templates are those of jinja2",
        _FASTAPI,
        imported=(*("fastapi.templating.Jinja2Templates", "starlette.templating.Jinja2Templates"),),
        bringers=("fastapi",),
    ),
    DynamicNeed(
        "email",
        ("email-validator",),
        "pydantic checks addresses with email-validator",
        "https://docs.pydantic.dev/latest/api/networks/#pydantic.networks.EmailStr",
        imported=("pydantic.EmailStr", "pydantic.NameEmail"),
    ),
    DynamicNeed(
        "http2",
        ("h2",),
        "httpx speaks HTTP/2 by h2",
        "https://www.python-httpx.org/http2/",
        calls=("httpx.Client", "httpx.AsyncClient"),
        keyword="http2",
        values=("True",),
    ),
    *(
        DynamicNeed(
            f"langchain-{name.lower()}",
            projects,
            f"{name} of langchain works by {projects[0]}",
            "https://docs.langchain.com/oss/python/integrations/providers/overview",
            imported=tuple(
                f"{top}.{name}"
                for top in (
                    *("langchain.vectorstores", "langchain_community.vectorstores"),
                    *("langchain.embeddings", "langchain_community.embeddings"),
                )
            ),
        )
        for name, projects in (
            ("FAISS", ("faiss-cpu", "faiss-gpu", "faiss", "faiss-gpu-cu12", "faiss-gpu-cu11")),
            ("Chroma", ("chromadb", "chromadb-client")),
            ("HuggingFaceEmbeddings", ("sentence-transformers",)),
            ("Qdrant", ("qdrant-client",)),
        )
    ),
)
"""Rows about fastapi, pydantic, httpx and langchain."""
