"""What frameworks and their tools load by themselves; each row has the page that says so."""

from __future__ import annotations

from conda_preflight.facts.dynamic_need import DynamicNeed

_COMPILERS = (
    *("gcc", "gxx", "clang", "clangxx", "c-compiler", "cxx-compiler", "compilers"),
    *("gcc_linux-64", "gxx_linux-64", "gcc_linux-aarch64", "gxx_linux-aarch64", "clang_osx-arm64"),
    *("gcc_impl_linux-64", "gxx_impl_linux-64", "build-essential", "vs2022_win-64", "ziglang"),
)
_NVCC = (
    "cuda-nvcc",
    "cuda-toolkit",
    "cudatoolkit-dev",
    "cuda",
    "nvidia-cuda-nvcc",
    "cuda-compiler",
)
_NVCC_WHEELS = ("nvidia-cuda-nvcc-cu12", "nvidia-cuda-nvcc-cu13", "nvidia-cuda-nvcc-cu11")

FRAMEWORKS = (
    DynamicNeed(
        "torch-compile",
        _COMPILERS,
        "`torch.compile` builds its kernels with a C or C++ compiler, also on a GPU",
        "https://docs.pytorch.org/docs/stable/torch.compiler_faq.html",
        calls=("torch.compile",),
        firm=False,
        system=True,
    ),
    DynamicNeed(
        "torch-extension",
        ("ninja",),
        "PyTorch builds C++ extensions with ninja while the program runs",
        "https://docs.pytorch.org/docs/stable/cpp_extension.html",
        calls=("torch.utils.cpp_extension.load", "torch.utils.cpp_extension.load_inline"),
    ),
    DynamicNeed(
        "deepspeed-nvcc",
        (*_NVCC, *_NVCC_WHEELS),
        "DeepSpeed builds its operators with nvcc when they are first used",
        "https://www.deepspeed.ai/tutorials/advanced-install/",
        imported=("deepspeed",),
        firm=False,
        system=True,
    ),
    DynamicNeed(
        "summary-writer",
        ("tensorboard",),
        "`torch.utils.tensorboard` writes by tensorboard",
        "https://docs.pytorch.org/docs/stable/tensorboard.html",
        imported=("torch.utils.tensorboard", "torch.utils.tensorboard.SummaryWriter"),
    ),
    DynamicNeed(
        "read-video",
        ("av", "torchcodec"),
        "torchvision decodes video with PyAV",
        "https://docs.pytorch.org/vision/stable/io.html",
        calls=("torchvision.io.read_video", "torchvision.io.write_video"),
    ),
    *(
        DynamicNeed(
            f"lightning-{project}",
            (project, *more),
            f"this logger of Lightning writes by {project}",
            "https://lightning.ai/docs/pytorch/stable/extensions/logging.html",
            imported=tuple(
                f"{top}.{logger}"
                for top in (
                    *("pytorch_lightning.loggers", "lightning.pytorch.loggers"),
                    *(
                        f"pytorch_lightning.loggers.{project}",
                        f"lightning.pytorch.loggers.{project}",
                    ),
                )
            ),
        )
        for project, logger, more in (
            ("wandb", "WandbLogger", ()),
            ("mlflow", "MLFlowLogger", ("mlflow-skinny",)),
            ("tensorboard", "TensorBoardLogger", ("tensorboardx",)),
            ("neptune", "NeptuneLogger", ()),
            ("comet-ml", "CometLogger", ()),
        )
    ),
    DynamicNeed(
        "plot-model",
        ("pydot",),
        "Keras draws a model with pydot and graphviz",
        "https://keras.io/api/utils/model_plotting_utils/",
        calls=(
            *("tensorflow.keras.utils.plot_model", "keras.utils.plot_model"),
            *("tensorflow.keras.utils.plot_model.plot_model", "keras.utils.vis_utils.plot_model"),
        ),
    ),
    DynamicNeed(
        "networkx-draw",
        ("matplotlib",),
        "networkx draws with matplotlib",
        "https://networkx.org/documentation/stable/install.html",
        calls=("networkx.draw", "networkx.draw_networkx", "networkx.draw_spring"),
    ),
    DynamicNeed(
        "networkx-agraph",
        ("pygraphviz",),
        "networkx asks pygraphviz for this layout",
        "https://networkx.org/documentation/stable/install.html",
        imported=("networkx.drawing.nx_agraph", "networkx.drawing.nx_agraph.graphviz_layout"),
        calls=("networkx.nx_agraph.graphviz_layout", "networkx.nx_agraph.to_agraph"),
    ),
    DynamicNeed(
        "optuna-plots",
        ("plotly",),
        "optuna draws with plotly",
        "https://optuna.readthedocs.io/en/stable/reference/visualization/index.html",
        calls=tuple(
            f"optuna.visualization.plot_{name}"
            for name in (
                *("optimization_history", "param_importances", "parallel_coordinate"),
                *("contour", "slice", "intermediate_values", "pareto_front"),
            )
        ),
    ),
    DynamicNeed(
        "plotly-image",
        ("kaleido", "python-kaleido"),
        "plotly writes images with kaleido",
        "https://plotly.com/python/static-image-export/",
        calls=("plotly.io.write_image", "plotly.io.to_image"),
        methods=("write_image", "to_image"),
        module="plotly",
    ),
)
"""Rows about PyTorch, DeepSpeed, Lightning, Keras and what draws."""
