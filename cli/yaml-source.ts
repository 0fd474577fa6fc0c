import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit, type YAMLMap } from "yaml";
import { ConfigError } from "./config-error.ts";

/** A parsed YAML file that knows where everything stands. */
export interface YamlSource {
  readonly value: unknown;
  /** `file:line` of the nearest node to `path`; with `key`, of that key in it. */
  locate(path: readonly PropertyKey[], key?: string): string;
}

/** Parses YAML and puts the environment into `${NAME}`. Throws `ConfigError` on bad syntax and on a variable that is not set. */
export function parseYaml(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(withoutBraces(text), { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map(({ pos, message }) => `${file}:${lineOf(pos[0])}: ${message.split("\n")[0] ?? message}.`),
    );
  }
  const missing: string[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string") return;
      node.value = node.value.replace(/\uE000(\w+)\uE001/g, (_whole, name: string) => {
        const value = environment[name];
        if (value === undefined)
          missing.push(
            `${file}:${lineOf(node.range?.[0] ?? 0)}: The environment variable ${name} is not set. Set it, or remove its use.`,
          );
        return value ?? "";
      });
    },
  });
  if (missing.length > 0) throw new ConfigError(missing);
  return {
    value: document.toJS() as unknown,
    locate: (path, key) => `${file}:${lineOf(offsetAt(document.contents, path, key))}`,
  };
}

/**
 * Writes `${NAME}` with two characters of the private use area in place of its braces, which would end a plain scalar in
 * `{ api_key: ${NAME} }`. No line changes its number.
 */
function withoutBraces(text: string): string {
  return text.replace(/\$\{([A-Za-z_]\w*)\}/g, "\uE000$1\uE001");
}

/** Offset of the node at `path`, or of the deepest one on the way that exists. */
function offsetAt(root: Node | null, path: readonly PropertyKey[], key: string | undefined): number {
  let place: Place = { node: root, offset: root?.range?.[0] ?? 0 };
  for (const step of key === undefined ? path : [...path, key]) {
    const next = isMap(place.node) ? inMap(place.node, String(step)) : inSequence(place.node, Number(step));
    if (next === undefined) break;
    place = next;
  }
  return place.offset;
}

interface Place {
  readonly node: unknown;
  readonly offset: number;
}

function inMap(map: YAMLMap, step: string): Place | undefined {
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === step);
  return pair && isScalar(pair.key) ? { node: pair.value, offset: pair.key.range?.[0] ?? 0 } : undefined;
}

function inSequence(node: unknown, index: number): Place | undefined {
  const item = isSeq(node) ? node.items[index] : undefined;
  return isNode(item) ? { node: item, offset: item.range?.[0] ?? 0 } : undefined;
}
