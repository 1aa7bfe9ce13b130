"""Modules for services, the web and tools, and the projects of PyPI that bring them.

Sources: the files that the projects' wheels hold (``top_level.txt`` and RECORD), their
installation pages, and the import names that the conda-forge recipes test.
"""

from __future__ import annotations

SERVICES = """
    airflow=apache-airflow|apache-airflow-core alipay=python-alipay-sdk
    aliyunsdkcore=aliyun-python-sdk-core|aliyun-python-sdk-core-v3 allauth=django-allauth
    ansible=ansible|ansible-core apiclient=google-api-python-client argon2=argon2-cffi
    atlassian=atlassian-python-api auth0=auth0-python autoapi=sphinx-autoapi avro=avro|avro-python3
    ax=ax-platform azure.common=azure-common azureml=azureml-core azureml.core=azureml-core
    brotli=brotli|brotlipy bumpversion=bump2version|bump-my-version|bumpversion capnp=pycapnp
    captcha=captcha|django-simple-captcha chinese_calendar=chinesecalendar
    chromadb=chromadb|chromadb-client compose=docker-compose consul=python-consul|python-consul2
    corsheaders=django-cors-headers databricks.agents=databricks-agents
    databricks.connect=databricks-connect databricks.sdk=databricks-sdk
    databricks.sql=databricks-sql-connector dbt=dbt-core debug_toolbar=django-debug-toolbar
    delegator=delegator-py discord=discord-py|py-cord django_filters=django-filter
    editor=python-editor elftools=pyelftools engineio=python-engineio environ=django-environ
    etcd3=etcd3 execjs=pyexecjs faker=faker fastapi=fastapi|fastapi-slim
    fireworks=fireworks|fireworks-ai fluent=fluent-logger gflags=python-gflags google.adk=google-adk
    google.ai=google-ai-generativelanguage google.api=googleapis-common-protos
    google.api_core=google-api-core google.auth=google-auth
    google.cloud.aiplatform=google-cloud-aiplatform
    google.cloud.bigquery_storage=google-cloud-bigquery-storage
    google.cloud.client=google-cloud-core google.cloud.common_resources_pb2=googleapis-common-protos
    google.cloud.documentai=google-cloud-documentai
    google.cloud.error_reporting=google-cloud-error-reporting
    google.cloud.exceptions=google-cloud-core
    google.cloud.extended_operations_pb2=googleapis-common-protos
    google.cloud.location=googleapis-common-protos google.cloud.ndb=google-cloud-ndb
    google.cloud.pubsub=google-cloud-pubsub google.cloud.pubsub_v1=google-cloud-pubsub
    google.cloud.secretmanager=google-cloud-secret-manager google.cloud.speech=google-cloud-speech
    google.cloud.sql=cloud-sql-python-connector google.cloud.tasks_v2=google-cloud-tasks
    google.cloud.texttospeech=google-cloud-texttospeech google.cloud.vision=google-cloud-vision
    google.crc32c=google-crc32c google.genai=google-genai google.generativeai=google-generativeai
    google.iam.v1=grpc-google-iam-v1 google.logging=googleapis-common-protos
    google.longrunning=googleapis-common-protos google.oauth2=google-auth google.protobuf=protobuf
    google.resumable_media=google-resumable-media google.rpc=googleapis-common-protos
    google.type=googleapis-common-protos googleapiclient=google-api-python-client
    googlesearch=googlesearch-python|google graphql=graphql-core grpc=grpcio
    grpc_health=grpcio-health-checking grpc_reflection=grpcio-reflection grpc_status=grpcio-status
    grpc_tools=grpcio-tools guardian=django-guardian hamcrest=pyhamcrest hcl2=python-hcl2
    hubspot=hubspot-api-client i18n=python-i18n import_export=django-import-export
    jenkins=python-jenkins jks=pyjks jsonrpc=json-rpc jupyter=jupyter-core|jupyter
    kerberos=pykerberos keycloak=python-keycloak keystoneclient=python-keystoneclient
    lark=lark|lark-parser ldclient=launchdarkly-server-sdk libcloud=apache-libcloud
    libfuturize=future linebot=line-bot-sdk linkify_it=linkify-it-py logstash=python-logstash
    model_utils=django-model-utils mptt=django-mptt mpv=mpv|python-mpv
    multipart=python-multipart|multipart nats=nats-py neptune=neptune|neptune-client nio=matrix-nio
    nmap=python-nmap novaclient=python-novaclient oauth2_provider=django-oauth-toolkit
    opensearchpy=opensearch-py opentelemetry=opentelemetry-api
    opentelemetry.exporter.jaeger=opentelemetry-exporter-jaeger-thrift|opentelemetry-exporter-jaeger
    opentelemetry.exporter.otlp.proto.common=opentelemetry-exporter-otlp-proto-common
    opentelemetry.exporter.otlp.proto.grpc=opentelemetry-exporter-otlp-proto-grpc
    opentelemetry.exporter.otlp.proto.http=opentelemetry-exporter-otlp-proto-http
    opentelemetry.exporter.prometheus=opentelemetry-exporter-prometheus
    opentelemetry.instrumentation=opentelemetry-instrumentation
    opentelemetry.proto=opentelemetry-proto opentelemetry.sdk=opentelemetry-sdk
    opentelemetry.semconv=opentelemetry-semantic-conventions opentelemetry.trace=opentelemetry-api
    opentelemetry.util.http=opentelemetry-util-http packageurl=packageurl-python past=future
    pasta=google-pasta phoenix=arize-phoenix pinecone=pinecone|pinecone-client
    pkg_resources=setuptools plaid=plaid-python playhouse=peewee polymorphic=django-polymorphic
    prettytable=prettytable|ptable proto=proto-plus pyflink=apache-flink pytestqt=pytest-qt
    pythoncom=pywin32 pythonjsonlogger=python-json-logger pythonwin=pywin32 pywintypes=pywin32
    reflex=reflex rest_framework=djangorestframework
    rest_framework_simplejwt=djangorestframework-simplejwt robot=robotframework rpds=rpds-py
    RPi=rpi-gpio|rpi-lgpio saml2=pysaml2 sass=libsass skbuild=scikit-build
    slack=slackclient|slack-sdk smbus=smbus|smbus-cffi
    snowflake.connector=snowflake-connector-python snowflake.snowpark=snowflake-snowpark-python
    snowflake.sqlalchemy=snowflake-sqlalchemy social_core=social-auth-core
    social_django=social-auth-app-django socketio=python-socketio socks=pysocks sockshandler=pysocks
    sorl=sorl-thumbnail speech_recognition=speechrecognition spellchecker=pyspellchecker
    sphinxarg=sphinx-argparse sseclient=sseclient-py|sseclient st_aggrid=streamlit-aggrid
    storages=django-storages strawberry=strawberry-graphql suds=suds-community|suds-jurko|suds
    systemd=systemd-python taggit=django-taggit tavily=tavily-python telebot=pytelegrambotapi
    tencentcloud=tencentcloud-sdk-python testinfra=pytest-testinfra tidylib=pytidylib
    todoist=todoist-python tortoise=tortoise-orm trello=py-trello u2flib_server=python-u2flib-server
    ulid=python-ulid|ulid-py upath=universal-pathlib usb1=libusb1 vcr=vcrpy
    vertexai=google-cloud-aiplatform vlc=python-vlc volcenginesdkarkruntime=volcengine-python-sdk
    vt=vt-py waffle=django-waffle weaviate=weaviate-client websocket=websocket-client
    whois=python-whois|whois wikipediaapi=wikipedia-api win32api=pywin32 win32clipboard=pywin32
    win32com=pywin32 win32con=pywin32 win32ctypes=pywin32-ctypes win32event=pywin32
    win32file=pywin32 win32gui=pywin32 win32job=pywin32 win32pipe=pywin32 win32print=pywin32
    win32process=pywin32 win32security=pywin32 win32service=pywin32 win32serviceutil=pywin32
    win32ui=pywin32 winerror=pywin32 winpty=pywinpty winrm=pywinrm xdg=pyxdg|xdg xdist=pytest-xdist
    xmlrunner=unittest-xml-reporting yara=yara-python zope.component=zope-component
    zope.event=zope-event zope.interface=zope-interface zope.schema=zope-schema
"""
"""``module=project|project``; where several bring the same module, the usual one comes first."""
