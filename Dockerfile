# The console with its own PostgreSQL, as an account without rights. docs/install.md says how to use it, and what was tried.
FROM node:24-bookworm-slim AS build
RUN install -d -o node -g node /opt/proctor
USER node
WORKDIR /opt/proctor
COPY --chown=node:node . .
# installs the locked packages, builds the pages, and leaves out what only tests need
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
RUN install -d -o node -g node /opt/proctor /var/lib/proctor
USER node
WORKDIR /opt/proctor
COPY --from=build --chown=node:node /opt/proctor .
ENV HOST=0.0.0.0 PORT=3000 PROCTOR_DATA_DIR=/var/lib/proctor
VOLUME /var/lib/proctor
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# ends everything in order, which may take two minutes: docker stop --time 150
STOPSIGNAL SIGTERM
CMD ["node", "bin/start.mjs", "launch.ts"]
