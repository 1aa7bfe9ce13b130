"""The service: answers that it is alive, and that the GPU is there."""

import torch
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health() -> dict[str, bool]:
    """Whether the model could run here."""
    return {"alive": True, "cuda": torch.cuda.is_available()}
