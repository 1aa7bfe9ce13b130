"""Projects of PyPI that bring a module of their own name.

Source: the files that their wheels hold. Any module is looked for in the project of its name;
these are the ones of which it is known that this is right.
"""

from __future__ import annotations

_NAMES = """
    accelerate accessible_pygments addict adjusttext adlfs aeon aequitas affinegap aicsimageio
    aif360 aim aio_pika aiobotocore aiocache aiofiles aiohttp aiohttp_cors aiokafka aiomysql
    aioredis aiosqlite albumentations alembic alibi alpaca_eval altair ampligraph angr anndata annoy
    anthropic antropy anyio anytree apache_beam apispec appdirs approvaltests appwrite apscheduler
    arcade arch argcomplete argilla arq arrow arviz asana asciimatics asciitree asdf ase asgiref
    astroid astroML astropy asyncpg asyncssh atari_py atomate2 attrs audioread authlib auto_gptq
    autoawq autoflake autogluon autokeras autoviz av awkward awscli axolotl b2sdk babel backoff
    backtrader bandit bcrypt beartype BeautifulSoup beautifultable behave bentoml bert_score bidict
    bioblend bioformats bioframe biopython biosppy biotite bitarray bitsandbytes black blackjax
    bleak blessed bleurt blinker blosc blosc2 bnlearn boilerpy3 bokeh boltons boltztrap2
    boost_histogram boruta boto3 botocore botorch bottle bottleneck bowler boxsdk bpython bqplot
    braintree braintrust briefcase bt build bz2file cachecontrol cached_property cachetools caffe
    caldav camel_tools capstone captum cartopy casadi catboost category_encoders cattrs
    causal_conv1d causalml ccxt cdo cdsapi celery cellpose cellrank certifi cf_xarray cffi cfgrib
    cftime chainer chalice chardet charset_normalizer chartify checklist chemprop cherrypy chex
    chgnet cirq clarabel cleanlab clearml click clickhouse_connect clickhouse_driver cliff climpred
    cloudinary cloudpickle cma cmake cmd2 cmdstanpy cmocean coffea cog cohere colorama colorcet
    colossalai comet_ml commitizen configargparse configobj configspace confluent_kafka confuse
    connectorx connexion contractions cooler CoolProp copulas coremltools corner cotengra covalent
    coverage crewai croniter crypten cryptography csbdeep cssselect ctransformers ctranslate2
    cufflinks curio curl_cffi custodian cvat_sdk cvxopt cwltool cx_freeze cx_oracle cycler Cython
    cytoolz cyvcf2 d2l daal4py dagster darts dash dash_bootstrap_components dask dask_cuda dask_expr
    dask_jobqueue dask_ml dataclasses_json datamodel_code_generator datamol dataset datasets
    datashader datatable dateparser ddgs ddt ddtrace deap decorator dedalus deep_translator deepcell
    deepchem deepdiff deepgraph deepspeed deeptools delta deltalake deprecated detectron2 devito
    dgllife dictdiffer diff_match_patch diffrax diffusers dill dipy diskcache disnake distributed
    django dm_control dm_env dnspython doccano docformatter docker dockerfile_parse docopt docutils
    docx2txt docxtpl dowhy dpkt dramatiq drf_spectacular drf_yasg dropbox dstack dtale duckdb
    duckduckgo_search dulwich durationpy dvc dynaconf dynesty e3nn earthpy easydict easyocr ebooklib
    eccodes econml ecos edgedb edward effdet efficientnet_pytorch einops einops_exts einx
    elasticsearch elasticsearch_dsl eli5 email_validator emcee emoji environs ephem episcanpy
    equinox esda espnet evaluate evdev eventlet evidently exceptiongroup exchangelib executorlib
    exifread exllamav2 fabric factory_boy fairlearn fairscale fairseq fakeredis falcon fastapi_users
    fastavro faster_whisper fastparquet faust fcsparser fdb feast feature_engine featuretools
    feedparser fenics ffcv ffn fido2 fiftyone filelock filterpy finrl finufft fiona fipy fire
    firebase_admin firedrake flair flake8 flaml flasgger flash_attn flask flask_admin flask_bcrypt
    flask_caching flask_cors flask_jwt_extended flask_login flask_mail flask_migrate flask_restful
    flask_restx flask_socketio flask_sqlalchemy flask_wtf flatbuffers flax flet flit flopy flwr
    folium freezegun frozenlist fsspec ftfy fugashi funcy fuzzywuzzy fvcore fvdb g2p_en galpy gcsfs
    gdal gdown genomepy genshi gensim geocoder geoip2 geojson geometric geopandas geopy gevent
    gffutils ggplot gguf ghapi gitdb gitlint glfw glom gluoncv gluonnlp gluonts gmpy2 gmsh
    google_auth_httplib2 google_auth_oauthlib google_crc32c googletrans gpt4all gptqmodel gputil gpy
    gpytorch gql gradio graph_tool graphein graphene_django graphviz great_expectations great_tables
    greenlet grequests greykite groq gspread gtts guacamol gunicorn gurobipy gwpy gym gym_minigrid
    gymnasium h11 h2 h2o h5netcdf h5py hail hatch hatchling hdbscan hdf5plugin healpy hf_transfer
    hf_xet hiredis hist histomicstk hivemind hmmlearn holoviews hopsworks hpack hpbandster html5lib
    httplib2 httptools httpx huey huggingface_hub humanize hummingbird hvac hvplot hydrostats
    hyperopt hypothesis ibm_db icalendar idna imagecodecs imageio imageio_ffmpeg imapclient imgaug
    imgkit iminuit impacket importlib_metadata importlib_resources inflect inflection inquirer
    insightface instagram_private_api instructor intake interpret intervaltree invoke iopath ipadic
    ipwhois ipykernel ipyleaflet ipympl ipyparallel IPython ipywidgets isort itables itkwidgets
    itsdangerous janome jax jaxlib jaxtyping jedi jellyfish jieba jinja2 jira jiwer jmespath jobflow
    joblib jsonlines jsonpatch jsonpath jsonpath_ng jsonpickle jsonpointer jsonref jsonrpcclient
    jsonschema jupyter_client jupyter_core jupyter_server jupyterlab jupytext kaggle kaleido
    karateclub kats kazoo keras_core keras_cv keras_nlp keras_preprocessing keras_tuner keyboard
    keyring kfp kivy kiwisolver klepto koalas kombu konlpy kornia kserve kubernetes
    kubernetes_asyncio kwant label_studio_sdk labelme laion_clap lakefs lancedb landlab langchain
    langchain_chroma langchain_classic langchain_community langchain_core langchain_experimental
    langchain_huggingface langchain_openai langchain_text_splitters langdetect langgraph langid
    langsmith lark_oapi lasagne ldap3 leather leidenalg libcst libpysal librosa lief lifelines
    lightgbm lightkurve lightning_utilities lime litdata litellm litestar litgpt littleballoffur
    llvmlite lm_eval lmdb lmfit localstack locust loguru loopy louvain lovely_tensors lpips luigi
    lunardate lvis lxml lz4 lzstring m3gnet macs2 magic_filter mailchimp_marketing mailjet mamba_ssm
    mammoth mandrill mangum mapbox_earcut mapclassify markdown markdown2 MarkupSafe markupsafe
    marshmallow matminer matplotlib matplotlib_inline maxminddb mayavi mccabe MDAnalysis mdanalysis
    MDAnalysisTests mdit_py_plugins mdtraj mechanize medpy megnet memory_profiler meshio meson metpy
    mindspore minigrid minio missingno mistralai mistune mkdocs ml_collections ml_dtypes mlflow
    mlserver mlx mlx_lm mlxtend mmcls mmdet mmengine mmpose mmpretrain mne mock modal model_bakery
    modelscope moderngl modin moesifapi molfeat momepy monai mongoengine more_itertools moto motor
    mouse moverscore moviepy mpi4py mpl_finance mplfinance mplhep msgpack_numpy msrest mss mudata
    mujoco mujoco_py multidict multiprocess multiqc munch muon mxnet mypy mypy_extensions
    myst_parser nanobind nanomsg napalm napari natten nautilus_trader nbclient nbconvert nbformat
    nbsphinx nd2 neo4j nequip nerfacc netaddr netCDF4 netgraph netmiko netron networkx
    neuralforecast neurokit2 nevergrad newrelic nextflow nibabel nicegui nidaqmx nilearn ninja
    nipype nixtla nlpaug nltk nmslib nni node2vec nornir nose notebook notion_client nox npyscreen
    nuitka num2words numba numexpr numpy numpy_quaternion numpydoc numpyro nvtx nxviz oauth2client
    oauthlib obspy ogb olefile ollama ome_zarr omegaconf onedrivesdk onnx onnxscript opacus open3d
    openai openapi_core opencensus opencompass opendatasets OpenEXR OpenHowNet openke openmm
    openpyxl opt_einsum optax optimum optuna oracledb orjson ortools osmnx osqp oss2 outlines
    pachyderm packaging paddlenlp paddleocr palettable panda3d pandarallel pandas pandas_datareader
    pandas_gbq pandasgui pandera panel papermill parallel_ssh parameterized paramiko parmed
    parse_type parsel parsimonious parsl parso particle passlib pastas pathlib2 patsy paypalrestsdk
    pdf2image pdfplumber pdm peewee pefile peft pendulum pennylane petals petsc4py pettingzoo pex
    pexpect pgmpy phonemizer phonopy photutils pika pikepdf pims pint pip pipx pkginfo pkuseg
    platformdirs playwright plivo plotly plotnine pluggy plumbum ply plyvel pmdarima pocketbase
    poetry poliastro polyglot pomegranate pony pooch portalocker praw pre_commit prefect procgen
    procrastinate prody prometheus_client prompt_toolkit prophet psi4 psutil psycopg psycopg_pool
    ptflops ptpython ptyprocess pugsql pulp pulumi pwntools py2app py7zr pyagrum pyamg pyannote
    pyarmor pyarrow pyasn1_modules pyaudio pyautogui pybedtools pybigwig pybind11 pycaret
    pycodestyle pycuda pycurl pydantic pydantic_core pydantic_extra_types pydantic_settings pydash
    pydeck pydicom pydocstyle pydot pydrive pydrive2 pyecharts pyedflib pyexcel pyexiv2 pyfaidx
    pyfftw pyfiglet pyflakes pyg_lib pygal pygame pygit2 pyglet pygments pygraphviz pygrib pygsheets
    pyhull pyiceberg pyinfra PyInstaller pyiron pykalman pykeen pylhe pylibdmtx pylibxc pylint
    pymatgen pymc pymc3 pymemcache pymongo pymoo pymupdf pymysql pynndescent pynput pyodbc pyomo
    pyopencl pypandoc pyparsing pypdf PyPDF2 pypdfium2 pyperclip pypinyin pypots pyproj PyQt5 PyQt6
    pyqtgraph pyquil pyradiomics pyramid pyranges pyrealsense2 pyrender pyresample pyro5 pyrogram
    pyrsistent pysal pysam pyscf pyserial pysftp pyshark pysheds PySide2 pysmb pysnmp pysptk pystac
    pystac_client pystan pystray pyte pytesseract pytest pytest_asyncio pytest_cov pytest_httpx
    pytest_mock python_multipart pythran pythtb pytorch3d pytorch_lightning pytorch_metric_learning
    pytorch_optimizer pytorch_tabnet pytorch_wavelets pytorchcv pyts pyttsx3 pytz pyudev pyupgrade
    pyvis pyvisa pyvista pywebview pywinauto pyxdf pyxlsb pyzipper qdrant_client qiskit qrcode qtpy
    quantlib quart questionary quimb qutip radon ragas rapidfuzz rapidocr_onnxruntime rarfile
    rasterio ratelimit ray readlif recommonmark records redbaron redis regex regionmask replicate
    reportlab requests requests_cache requests_mock requests_oauthlib requests_toolbelt resampy
    responses retry rich rich_argparse richdem rioxarray roboflow rope rouge_score rpyc rq rtree
    ruff runpod ruptures s3fs s3prl sacrebleu sacred sacremoses safetensors SALib salt samplerate
    sanic sanic_cors satpy sb3_contrib scanpy scapy sceptre schedule schnetpack scikit_build scipy
    scirpy scrapy scs scvelo seaborn seekpath segmentation_models_pytorch segno selenium selfies
    sella semgrep sendgrid sentence_transformers sentencepiece sentinelhub sentry_sdk seqeval
    setuptools setuptools_scm sfepy sglang sh shap shapely shiboken2 shiboken6 shiv shodan
    simple_parsing SimpleITK simplejson six skl2onnx sklearn_crfsuite sklearn_pandas sknw skorch
    sktime skyfield slack_bolt slack_sdk slackweb slepc4py sly smac smart_open smbprotocol smbus2
    snakemake snapshottest sniffio snorkel sortedcontainers sounddevice soundfile sox soynlp spacy
    spacy_legacy spacy_transformers SPARQLWrapper sparse spectree speechbrain spektral spglib sphinx
    sphinx_copybutton sphinx_design sphinx_rtd_theme spyne sqlalchemy sqlalchemy_utils sqlfluff
    sqlglot sqlmodel sqlparse squidpy sshtunnel stable_baselines3 stackstac stanza stardist
    starlette statsd statsforecast statsmodels stellargraph strawberryfields streamlit
    streamlit_option_menu stripe structlog stumpy sudachipy sumo sunpy supabase supervision
    surrealdb sweetviz swifter syft sympy ta tables tabulate taichi tbmodels telethon tenacity
    tenseal tensor2tensor tensorboard_data_server tensorboardX tensorflow_addons
    tensorflow_estimator tensorflow_hub tensorflow_io tensorflow_model_optimization tensorflow_text
    tensorflowjs tensornetwork tensorrt_llm termcolor terminaltables tesserocr testfixtures
    textattack textblob textdistance texttable textual textx tf2onnx tf_keras tf_slim tflite_runtime
    theano thefuzz thinc thop thrift thulac tianshou tifffile tiktoken tiledb timesfm timm tinydb
    tmtools toga together toil tokenize_rt tokenizers toml tomli tomli_w tomlkit toolz torch_cluster
    torch_ema torch_fidelity torch_geometric torch_optimizer torch_scatter torch_sparse
    torch_spline_conv torch_tensorrt torch_xla torchani torchaudio torchcde torchdata torchdiffeq
    torchdyn torchinfo torchio torchmetrics torchode torchsde torchsummary torchtext torchtune
    torchtyping torchvision torchviz tornado towncrier tox tpot tqdm trafilatura transformers
    transonic tree_sitter treelib treelite treq trimesh trio tritonclient trl troposphere tsai
    tsfresh tslearn ttkthemes turbodbc tweepy twilio twine twisted typeguard typer typing_extensions
    typing_inspect tzdata tzlocal ucx ujson uncertainties underthesea unicorn unidecode unidic_lite
    unittest2 unqlite unsloth unstructured uproot urllib3 urwid usearch utm uv uvicorn uvloop
    vadersentiment validate_email vector vector_quantize_pytorch vectorbt vedo versioneer virtualenv
    vispy vllm vobject voila vonage vtk vulture wand wandb wannierberri watchdog watchfiles
    weasyprint webargs webdataset websockets werkzeug wfdb wget wheel whisperx whitebox whitenoise
    whylogs win10toast wmi wordcloud wrapt wsproto wtforms xarray xesmf xformers xgcm xlrd xlsx2csv
    Xlsx2csv xlsxwriter xlwings xlwt xmlsec xmltodict xonsh xtb xtensor yacs yagmail yapf yarl
    ydata_profiling yellowbrick yfinance yolox yt zappa zarr zeep zerorpc zfit zipp zodb zstandard
    zstd
"""

SAME_NAMES = frozenset(_NAMES.split())
"""Names of modules, as they are imported."""
