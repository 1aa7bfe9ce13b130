"""Modules for data, science and pictures, and the projects of PyPI that bring them.

Sources: the files that the projects' wheels hold (``top_level.txt`` and RECORD), their
installation pages, and the import names that the conda-forge recipes test.
"""

from __future__ import annotations

DATA = """
    _cffi_backend=cffi _distutils_hack=setuptools _plotly_future_=plotly _plotly_utils=plotly
    _pytest=pytest _ruamel_yaml=ruamel-yaml-clib _yaml=pyyaml adodbapi=pywin32
    ahocorasick=pyahocorasick alpaca=alpaca-py antlr4=antlr4-python3-runtime attr=attrs
    axes=django-axes backports.cached_property=backports-cached-property
    backports.tarfile=backports-tarfile backports.zoneinfo=backports-zoneinfo barcode=python-barcode
    bayes_opt=bayesian-optimization benedict=python-benedict berny=pyberny bidi=python-bidi
    bids=pybids binance=python-binance Bio=biopython BioSQL=biopython box=python-box
    Box2D=box2d-py|box2d|box2d-kengz braket=amazon-braket-sdk bs4=beautifulsoup4 bson=pymongo|bson
    cairo=pycairo camelot=camelot-py can=python-can cassandra=cassandra-driver cattr=cattrs
    chess=chess|python-chess clr=pythonnet colour=colour-science|colour community=python-louvain
    constraint=python-constraint cosmos=azure-cosmos cpuinfo=py-cpuinfo crontab=python-crontab
    Crypto=pycryptodome|pycrypto Cryptodome=pycryptodomex
    cv2=opencv-python|opencv-python-headless|opencv-contrib-python|opencv-contrib-python-headless
    cvxpy=cvxpy|cvxpy-base daemon=python-daemon dash_core_components=dash-core-components|dash
    dash_html_components=dash-html-components|dash dash_table=dash-table|dash
    dateutil=python-dateutil dbus=dbus-python decouple=python-decouple dgl_life=dgllife
    dicom=pydicom dns=dnspython docx=python-docx dot_parser=pydot dotenv=python-dotenv
    ee=earthengine-api empyrical=empyrical|empyrical-reloaded eolearn=eo-learn|eo-learn-core
    erfa=pyerfa factory=factory-boy ffmpeg=ffmpeg-python fitz=pymupdf fitz_old=pymupdf
    flint=python-flint fpdf=fpdf2|fpdf freetype=freetype-py frontmatter=python-frontmatter
    functional=pyfunctional gdcm=python-gdcm|gdcm gi=pygobject git=gitpython github=pygithub
    github3=github3-py gitlab=python-gitlab gnupg=python-gnupg gridfs=pymongo hid=hidapi|hid
    humps=pyhumps ibis=ibis-framework igl=libigl igraph=igraph|python-igraph Imath=openexr
    impala=impyla indicnlp=indic-nlp-library iris=scitools-iris itk=itk|itk-core jnius=pyjnius
    jose=python-jose jpype=jpype1 jwt=pyjwt kafka=kafka-python|kafka-python-ng keplergl=keplergl
    keras=keras|keras-nightly keystone=keystone-engine ldap=python-ldap
    Levenshtein=levenshtein|python-levenshtein libarchive=libarchive-c
    lingua=lingua-language-detector lux=lux-api mace=mace-torch markdown_it=markdown-it-py
    mcubes=pymcubes memcache=python-memcached merlion=salesforce-merlion moses=molsets
    mpl_toolkits=matplotlib mpl_toolkits.basemap=basemap msgpack=msgpack|msgpack-python
    msoffcrypto=msoffcrypto-tool mx=egenix-mx-base mysql=mysql-connector-python|mysql-connector
    MySQLdb=mysqlclient|mysql-python nacl=pynacl newspaper=newspaper3k|newspaper4k odf=odfpy
    ogr=gdal openbabel=openbabel|openbabel-wheel openff.toolkit=openff-toolkit
    openslide=openslide-python|openslide-bin OpenSSL=pyopenssl Orange=orange3 orbit=orbit-ml
    osgeo=gdal|pygdal osr=gdal paho=paho-mqtt pandas_profiling=pandas-profiling|ydata-profiling
    patoolib=patool pdfminer=pdfminer-six|pdfminer phonenumbers=phonenumbers|phonenumberslite
    PIL=pillow|pillow-simd png=pypng polars=polars|polars-lts-cpu|polars-u64-idx pptx=python-pptx
    progressbar=progressbar2|progressbar psycopg2=psycopg2|psycopg2-binary py=py|pytest
    pybel=openbabel pyfolio=pyfolio|pyfolio-reloaded pylab=matplotlib
    PySide6=pyside6|pyside6-essentials|pyside6-addons pyspark=pyspark|pyspark-client pywt=pywavelets
    pyximport=cython quaternion=numpy-quaternion rapidjson=python-rapidjson rdkit=rdkit|rdkit-pypi
    re2=google-re2|pyre2 readability=readability-lxml readline=gnureadline rmm=rmm|rmm-cu12|rmm-cu11
    rocksdb=python-rocksdb|rocksdb ruamel.std=ruamel-std-pathlib ruamel.yaml=ruamel-yaml
    scvi=scvi-tools serial=pyserial shapefile=pyshp simdjson=pysimdjson sip=pyqt5-sip|sip
    slugify=python-slugify snappy=python-snappy stan=pystan Stemmer=pystemmer stl=numpy-stl
    tabula=tabula-py talib=ta-lib tap=typed-argument-parser tdc=pytdc telegram=python-telegram-bot
    tlz=toolz ucp=ucx-py|ucx-py-cu12 usb=pyusb vaex=vaex|vaex-core vtkmodules=vtk wx=wxpython
    Xlib=python-xlib yaml=pyyaml zbar=zbar-py zipline=zipline-reloaded|zipline zmq=pyzmq
"""
"""``module=project|project``; where several bring the same module, the usual one comes first."""
