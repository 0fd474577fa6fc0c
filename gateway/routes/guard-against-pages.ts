import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { hostGuard } from "../access/host-guard.ts";
import { GatewayError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Keeps out the web pages that a browser on this machine may have open, before anything is read or traced: requests to a
 * stranger's host name, and what a page can send without asking first. Pages of the origins in `listen.cors` may do everything
 * that their key may.
 */
export function guardAgainstPages({ listen, hasKeys }: Runtime): MiddlewareHandler {
  const mayAnswer = hostGuard({ host: listen.host, allowedHosts: listen.allowed_hosts, hasKeys });
  const shared = new Set(listen.cors);
  const share = cors({ origin: [...shared], allowMethods: ["GET", "POST"], exposeHeaders: ["*"], maxAge: 600 });
  return function guard(c, next) {
    const { headers } = c.req.raw;
    const host = headers.get("host") ?? undefined;
    if (!mayAnswer(host)) throw hostError(host ?? "", hasKeys);
    const origin = headers.get("origin") ?? undefined;
    if (origin !== undefined && shared.has(origin)) {
      // The reply must go through Hono, which adds to it what the page's browser asks for.
      c.env = {};
      return share(c, next);
    }
    if (origin !== undefined || comesFromPage(headers)) refuseUnasked(c, origin);
    return next();
  };
}

/** Browsers say so even where they leave the origin out. */
function comesFromPage(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  return site === "cross-site" || site === "same-site";
}

/** What a page may send anywhere without asking: text, forms, and bodies without a type. For everything else the browser asks first. */
function refuseUnasked({ req }: Context, origin = "another site"): void {
  const isPreflight = req.method === "OPTIONS" && req.header("access-control-request-method") !== undefined;
  if (isPreflight) {
    throw new GatewayError(
      "origin_not_allowed",
      `Web pages of "${origin}" may not call this gateway. Whoever runs it names them in proctor.yaml: listen: { cors: ["${origin}"] }.`,
    );
  }
  if (req.method !== "POST" || isJson(req.header("content-type"))) return;
  throw new GatewayError(
    "unsupported_media_type",
    `A request from a web page ("${origin}") is taken only with the content-type application/json, which browsers do not send to other sites without asking.`,
  );
}

function isJson(contentType = ""): boolean {
  const [type = ""] = contentType.split(";");
  return /^application\/[\w.+-]*json[\w.+-]*$/i.test(type.trim());
}

function hostError(host: string, hasKeys: boolean): GatewayError {
  const why = hasKeys ? "" : ", since it has no keys, and any web page can make a name of its own point here";
  return new GatewayError(
    "host_not_allowed",
    `This gateway does not answer to the host "${host}"${why}. Call it by its address, or name the host in proctor.yaml: listen: { allowed_hosts: [...] }.`,
  );
}
