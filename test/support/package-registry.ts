import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A published package: its manifest and its tarball, at the given address. */
export interface PackageRegistry extends AsyncDisposable {
  readonly url: string;
}

/**
 * Publishes one packed package on 127.0.0.1 and sends every other question on to `upstream`. It says of the package what
 * a registry says of one with an `npm-shrinkwrap.json`; npm reads the list of a package only when it is told so.
 */
export async function publish(
  tarball: string,
  manifest: PublishedManifest,
  upstream: string,
): Promise<PackageRegistry> {
  const bytes = readFileSync(tarball);
  const server = createServer((request, reply) => {
    if (request.url === `/${manifest.name}`) {
      reply.setHeader("content-type", "application/json").end(JSON.stringify(packument(manifest, bytes, url())));
    } else if (request.url === `/${manifest.name}.tgz`) {
      reply.end(bytes);
    } else {
      reply.writeHead(302, { location: `${upstream.replace(/\/$/, "")}${request.url}` }).end();
    }
  });
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: url(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

/** What a registry needs from the package.json of a package; it publishes all of it. */
export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
}

function packument(manifest: PublishedManifest, bytes: Buffer, url: string): unknown {
  const { name, version } = manifest;
  const dist = {
    tarball: `${url}/${name}.tgz`,
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
  };
  return {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, _hasShrinkwrap: true, dist } },
  };
}
