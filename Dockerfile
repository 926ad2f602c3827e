# One image for every part; which one runs is the command: web, worker, beat or migrate (python -m procon.run PART).
FROM node:22-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/dados HOST=0.0.0.0
RUN useradd --system --user-group --home-dir /nonexistent procon && install -d -o procon -g procon /dados /copias /app
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt
COPY --from=front /app/node_modules node_modules
COPY . .
RUN python -m compileall -q -x node_modules . \
    && DATA_DIR=/tmp/montagem python manage.py collectstatic --no-input --verbosity 0 && rm -rf /tmp/montagem
USER procon
VOLUME /dados /copias
EXPOSE 8000
ENTRYPOINT ["python", "-m", "procon.run"]
CMD ["web"]
