/** Members that name, seal or sort things: a value that looks like one says nothing to a model. */
const silent = new Set([
  "id",
  "type",
  "index",
  "role",
  "object",
  "status",
  "phase",
  "detail",
  "format",
  "media_type",
  "mime_type",
  "mimeType",
  "ttl",
  "signature",
  "encrypted_content",
  "encrypted_index",
]);

/** Members that no model reads, whatever they hold. */
export const unreadMembers: ReadonlySet<string> = new Set(["logprobs"]);

/** True for a member that names things. */
export function isNaming(name: string): boolean {
  return silent.has(name) || /_ids?$/.test(name);
}

/** True for what looks like an id, a word of a dialect or sealed data, and not like language. */
export function isToken(text: string): boolean {
  return !/[^\w.:|/+=@~$-]/.test(text);
}
