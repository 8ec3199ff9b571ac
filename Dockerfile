# One image for web, worker and twin: docker-compose.yml says which command it runs.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/minyi

# What others wrote, exactly as it is locked: a layer that changes with the lock only.
COPY requirements.lock ./
RUN pip install --no-cache-dir uv \
    && uv pip install --system --no-cache --require-hashes --requirements requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY survey survey
COPY followup followup
COPY workers workers
COPY scripts scripts
RUN uv pip install --system --no-cache --no-deps .

# Nothing runs as root; the folder is for what a process may write.
RUN useradd --system --create-home --home-dir /var/lib/minyi minyi \
    && install --directory --mode=0700 --owner=minyi --group=minyi /var/lib/minyi/.minyi
USER minyi
WORKDIR /var/lib/minyi

EXPOSE 8080
CMD ["minyi", "web"]
