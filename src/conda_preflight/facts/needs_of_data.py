"""What libraries for data load by themselves; each row has the page that says so."""

from __future__ import annotations

from conda_preflight.facts.dynamic_need import DynamicNeed

_PANDAS = "https://pandas.pydata.org/docs/getting_started/install.html#optional-dependencies"
_HDF = ("tables", "pytables")
_EXCEL = ("openpyxl", "xlrd", "pyxlsb", "odfpy", "python-calamine", "calamine")


def _pandas(
    key: str,
    does: str,
    projects: tuple[str, ...],
    calls: tuple[str, ...] = (),
    methods: tuple[str, ...] = (),
    *,
    firm: bool = True,
) -> DynamicNeed:
    functions = tuple(f"pandas.{name}" for name in calls)
    return DynamicNeed(
        f"pandas-{key}",
        projects,
        f"pandas {does}",
        _PANDAS,
        calls=functions,
        methods=methods,
        module="pandas",
        firm=firm,
    )


_PARQUET = ("pyarrow", "fastparquet")
_WRITERS = ("openpyxl", "xlsxwriter", "odfpy")

_TABULAR = (
    _pandas("read-parquet", "reads Parquet with pyarrow", _PARQUET, ("read_parquet",)),
    _pandas("write-parquet", "writes Parquet with pyarrow", _PARQUET, (), ("to_parquet",)),
    _pandas("read-feather", "reads Feather with pyarrow", ("pyarrow",), ("read_feather",)),
    _pandas("write-feather", "writes Feather with pyarrow", ("pyarrow",), (), ("to_feather",)),
    _pandas("orc", "reads and writes ORC with pyarrow", ("pyarrow",), ("read_orc",), ("to_orc",)),
    _pandas("read-excel", "reads spreadsheets with openpyxl", _EXCEL, ("read_excel", "ExcelFile")),
    _pandas("new-excel", "writes spreadsheets with openpyxl", _WRITERS, ("ExcelWriter",)),
    _pandas("write-excel", "writes spreadsheets with openpyxl", _WRITERS, (), ("to_excel",)),
    _pandas("markdown", "writes Markdown with tabulate", ("tabulate",), (), ("to_markdown",)),
    _pandas("read-hdf", "reads HDF5 with tables", _HDF, ("read_hdf", "HDFStore")),
    _pandas("write-hdf", "writes HDF5 with tables", _HDF, (), ("to_hdf",)),
    _pandas("html", "reads HTML with lxml or html5lib", ("lxml", "html5lib"), ("read_html",)),
    _pandas("xml", "reads XML with lxml", ("lxml",), ("read_xml",), ("to_xml",), firm=False),
    _pandas("spss", "reads SPSS files with pyreadstat", ("pyreadstat",), ("read_spss",)),
    _pandas("gbq", "asks BigQuery by pandas-gbq", ("pandas-gbq",), ("read_gbq",), ("to_gbq",)),
    _pandas("latex", "writes LaTeX with jinja2", ("jinja2",), (), ("to_latex",), firm=False),
)

_READS = tuple(
    f"pandas.read_{kind}" for kind in ("csv", "parquet", "json", "pickle", "feather", "excel")
)
_STORES = tuple(
    DynamicNeed(
        f"fsspec-{scheme}",
        projects,
        f"a path {scheme}:// is opened by {projects[0]}",
        "https://filesystem-spec.readthedocs.io/en/latest/api.html#other-known-implementations",
        calls=(*_READS, "fsspec.open", "dask.dataframe.read_csv", "dask.dataframe.read_parquet"),
        argument=f"{scheme}://",
    )
    for scheme, projects in (
        ("s3", ("s3fs",)),
        ("gs", ("gcsfs",)),
        ("gcs", ("gcsfs",)),
        ("abfs", ("adlfs",)),
        ("abfss", ("adlfs",)),
        ("hf", ("huggingface-hub",)),
    )
)

_DATA = (
    DynamicNeed(
        "dask-parquet",
        ("pyarrow",),
        "dask reads Parquet with pyarrow",
        "https://docs.dask.org/en/stable/dataframe-parquet.html",
        calls=("dask.dataframe.read_parquet",),
    ),
    DynamicNeed(
        "polars-excel",
        ("fastexcel", "openpyxl", "xlsx2csv"),
        "polars reads spreadsheets with fastexcel",
        "https://docs.pola.rs/user-guide/io/excel/",
        calls=("polars.read_excel",),
    ),
    DynamicNeed(
        "polars-to-pandas",
        ("pyarrow",),
        "polars gives tables to pandas by pyarrow",
        "https://docs.pola.rs/api/python/stable/reference/dataframe/export.html",
        methods=("to_pandas",),
        module="polars",
        firm=False,
    ),
    DynamicNeed(
        "xarray-netcdf",
        ("netcdf4", "h5netcdf", "scipy", "cfgrib", "zarr", "rasterio", "rioxarray"),
        "xarray opens files by an engine such as netcdf4 or h5netcdf",
        "https://docs.xarray.dev/en/stable/getting-started-guide/installing.html",
        calls=("xarray.open_dataset", "xarray.open_dataarray", "xarray.load_dataset"),
    ),
    DynamicNeed(
        "xarray-many",
        ("dask", "dask-core"),
        "xarray opens several files at once by dask",
        "https://docs.xarray.dev/en/stable/user-guide/dask.html",
        calls=("xarray.open_mfdataset",),
    ),
    DynamicNeed(
        "xarray-zarr",
        ("zarr",),
        "xarray opens Zarr stores by zarr",
        "https://docs.xarray.dev/en/stable/user-guide/io.html#zarr",
        calls=("xarray.open_zarr",),
        methods=("to_zarr",),
        module="xarray",
    ),
    DynamicNeed(
        "datasets-audio",
        ("soundfile", "torchcodec"),
        "the Audio feature of datasets decodes with torchcodec or soundfile",
        "https://huggingface.co/docs/datasets/audio_load",
        calls=("datasets.Audio", "datasets.features.Audio"),
    ),
    DynamicNeed(
        "datasets-image",
        ("pillow",),
        "the Image feature of datasets decodes with Pillow",
        "https://huggingface.co/docs/datasets/image_load",
        calls=("datasets.Image", "datasets.features.Image"),
    ),
    *(
        DynamicNeed(
            f"sqlalchemy-{scheme.replace('+', '-')}",
            projects,
            f"SQLAlchemy reaches {scheme}:// by {projects[0]}",
            "https://docs.sqlalchemy.org/en/20/dialects/index.html",
            calls=("sqlalchemy.create_engine",),
            argument=f"{scheme}://",
        )
        for scheme, projects in (
            ("postgresql", ("psycopg2", "psycopg2-binary")),
            ("postgresql+psycopg2", ("psycopg2", "psycopg2-binary")),
            ("postgresql+psycopg", ("psycopg", "psycopg-binary")),
            ("mysql", ("mysqlclient",)),
            ("mysql+pymysql", ("pymysql",)),
            ("snowflake", ("snowflake-sqlalchemy",)),
            ("duckdb", ("duckdb-engine",)),
        )
    ),
    DynamicNeed(
        "spacy-model",
        ("en-core-web-sm", "spacy-model-en_core_web_sm"),
        "spaCy loads this model as a package",
        "https://spacy.io/usage/models",
        calls=("spacy.load",),
        argument="en_core_web_sm",
        firm=False,
    ),
)

DATA = (*_TABULAR, *_STORES, *_DATA)
"""Rows about pandas, dask, polars, xarray, datasets and databases."""
