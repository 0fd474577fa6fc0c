/**
 * Keeps texts by key between calls and, depending on what is behind it, between processes. Two methods, so that a map, a
 * SQLite file or a server can stand behind it. A cache that fails is a cache that has nothing: neither method rejects.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}
