# One image for every part of a deployment: API server, scheduler, DAG processor, triggerer, workers, command line.
FROM python:3.12-slim-bookworm AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=/opt/venv
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --quiet uv
WORKDIR /opt/broadsheet
COPY requirements.server.lock ./
RUN /opt/venv/bin/uv pip install --no-cache --require-hashes -r requirements.server.lock
COPY . .
RUN /opt/venv/bin/uv pip install --no-cache --no-deps -e .

FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 50000 broadsheet \
    && install --directory --owner=broadsheet /var/lib/airflow /run/airflow
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/broadsheet /opt/broadsheet
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/broadsheet/broadsheet/airflow/preload \
    AIRFLOW_HOME=/var/lib/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/broadsheet/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/broadsheet/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION=False \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False
USER broadsheet
WORKDIR /opt/broadsheet
ENTRYPOINT ["airflow"]
