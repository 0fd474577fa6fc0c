import { arrayOf, type JsonObject, objectOf, parseObject } from "../json.ts";

const prefix = "proctor-thinking:";

/** Signed thinking as the `encrypted_content` of a reasoning item, which clients send back unread. It is not secret. */
export function sealed(blocks: readonly unknown[]): string {
  return prefix + Buffer.from(JSON.stringify({ blocks })).toString("base64");
}

/** The signed thinking again; undefined for what was not sealed here. */
export function unsealed(text: string): JsonObject[] | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const { blocks } = objectOf(parseObject(Buffer.from(text.slice(prefix.length), "base64").toString("utf8")));
  return arrayOf(blocks).map(objectOf);
}
