# Node's own image, the packages as the lock file has them, and what tsc made: no compiler, no test, no shell script.
# A tag can be moved. docker buildx imagetools inspect node:24.21.0-slim has its digest: pin it by
# --build-arg NODE_IMAGE=node:24.21.0-slim@sha256:….
ARG NODE_IMAGE=node:24.21.0-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json client/
COPY examples/relay/package.json examples/relay/
COPY examples/web/package.json examples/web/
RUN npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json client/
COPY examples/relay/package.json examples/relay/
COPY examples/web/package.json examples/web/
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
# The only place that is written, and only where there is no DATABASE_URL.
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
# As a number, so that Kubernetes can tell that it is not root.
USER 1000:1000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
