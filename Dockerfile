# One image for every part of a deployment: API server, scheduler, DAG processor, triggerer, workers, command line.
# Images are pinned by digest here and in docker-compose.yml; `docker buildx imagetools inspect NAME:TAG` prints newer ones.
FROM python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254 AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=/opt/venv
WORKDIR /opt/broadsheet
COPY requirements.server.lock requirements.uv.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --quiet --require-hashes --requirement requirements.uv.lock
RUN /opt/venv/bin/uv pip install --no-cache --require-hashes -r requirements.server.lock
COPY . .
RUN /opt/venv/bin/uv pip install --no-cache --no-deps -e .

FROM python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254
RUN useradd --create-home --uid 50000 broadsheet \
    && install --directory --owner=broadsheet /var/lib/airflow /run/airflow
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/broadsheet /opt/broadsheet
# Under the names that the Helm chart of Airflow calls.
COPY deploy/image/entrypoint deploy/image/clean-logs /
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/broadsheet/broadsheet/airflow/preload \
    AIRFLOW_HOME=/var/lib/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/broadsheet/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/broadsheet/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION=False \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False
USER 50000
WORKDIR /opt/broadsheet
ENTRYPOINT ["/entrypoint"]
