# The one image of Proctor: built with everything, shipped with what it runs on.
FROM node:26.10.0-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:26.10.0-slim
ENV NODE_ENV=production
WORKDIR /home/node
COPY --from=build /build/package.json /build/LICENSE /opt/proctor/
COPY --from=build /build/node_modules /opt/proctor/node_modules
COPY --from=build /build/dist /opt/proctor/dist
# A named volume takes over the owner of the folder it covers, so the folder must exist and belong to the user.
RUN install --directory --owner=node --group=node /home/node/.proctor
USER node
EXPOSE 4141
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4141/healthz').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/proctor/dist/cli/bin.js", "serve", "--host", "0.0.0.0"]
