import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { IncomingHttpHeaders } from "node:http";
import { hostGuard } from "../access/host-guard.ts";
import { GatewayError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Keeps out the web pages that a browser on this machine may have open, before anything is read or traced: requests to a
 * stranger's host name, and what a page can send without asking first. Pages of the origins in `listen.cors` may do everything
 * that their key may.
 */
export function guardAgainstPages(runtime: Runtime): MiddlewareHandler {
  const { listen, hasKeys } = runtime;
  const { mayAnswer, isHarmless } = pageGuard(runtime);
  const shared = new Set(listen.cors);
  const share = cors({ origin: [...shared], allowMethods: ["GET", "POST"], exposeHeaders: ["*"], maxAge: 600 });
  return function guard(c, next) {
    const headers = c.req.header();
    if (isHarmless(headers)) return next();
    const { host, origin } = headers;
    if (!mayAnswer(host)) throw hostError(host ?? "", hasKeys);
    if (origin === undefined || !shared.has(origin)) {
      refuseUnasked(c, origin);
      return next();
    }
    // The reply must go through Hono, which adds to it what the page's browser asks for.
    c.env = {};
    return share(c, next);
  };
}

export interface PageGuard {
  /** Whether the name by which the gateway was called may be answered to. */
  mayAnswer(host: string | undefined): boolean;
  /**
   * True when nothing is to be refused or added, whatever is asked: the name is right, and no page sent it. Browsers tell the
   * site even where they leave the origin out.
   */
  isHarmless(headers: Pick<IncomingHttpHeaders, "host" | "origin" | "sec-fetch-site">): boolean;
}

/** What both doors of the gateway ask before they open. */
export function pageGuard({ listen, hasKeys }: Runtime): PageGuard {
  const mayAnswer = hostGuard({ host: listen.host, allowedHosts: listen.allowed_hosts, hasKeys });
  return {
    mayAnswer,
    isHarmless: ({ host, origin, "sec-fetch-site": site }) =>
      mayAnswer(host) && origin === undefined && site !== "cross-site" && site !== "same-site",
  };
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
