# Pages, sockets and worker are one image with three commands; compose.yaml shows them.

FROM python:3.11-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /srv/ogniwo
COPY requirements-uv.txt requirements-prod.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && python -m venv --without-pip /srv/venv \
    && uv pip install --no-cache --python /srv/venv/bin/python --require-hashes -r requirements-prod.txt
COPY . .
# The key serves this one command; nothing is signed with it.
RUN /srv/venv/bin/python -m config.catalogues compile \
    && SECRET_KEY=collectstatic /srv/venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim-bookworm
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /srv/ogniwo --shell /usr/sbin/nologin ogniwo
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/ogniwo /srv/ogniwo
WORKDIR /srv/ogniwo
# Code and static files belong to root: only uploads are written.
RUN mkdir -p var/media && chown ogniwo: var/media
USER ogniwo
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "--bind", "0.0.0.0:8000", "config.wsgi:application"]
