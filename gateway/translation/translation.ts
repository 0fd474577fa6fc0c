import type { WireName } from "../providers/provider.ts";
import type { JsonObject } from "../wires/json.ts";

/** What a translation must know of the target. */
export interface TranslationOptions {
  /** The target's own name for the model. */
  readonly model: string;
  /** Most tokens of an answer, for a dialect that demands a limit where the client set none. */
  readonly maxTokens: number;
}

/**
 * How clients of one dialect are served by targets of another: a new pair is one file and one line in `registry.ts`.
 * What has no equivalent is left out and named in `dropped`; where leaving it out would change what the request means,
 * `begin` throws a `GatewayError` that says so.
 */
export interface Translation {
  /** The dialect of the client. */
  readonly client: WireName;
  /** The dialect of the target. */
  readonly target: WireName;
  /** Begins one exchange; `body` is the client's request. */
  begin(body: JsonObject, options: TranslationOptions): TranslatedExchange;
}

/** One exchange on its way through a translation. It keeps state, so every try has its own. */
export interface TranslatedExchange {
  /** The request in the target's dialect. */
  readonly body: JsonObject;
  /** What was left out, as paths in the client's request (`logit_bias`, `messages[].name`) or in the target's reply (`reply.citations`). May grow until the reply's end. */
  readonly dropped: readonly string[];
  /** A reply in one piece, in the client's dialect. */
  reply(body: JsonObject): JsonObject;
  /** What the client is sent for one event of the target's stream. */
  event(body: JsonObject): readonly JsonObject[];
  /** What the client is sent when the target's stream has ended well, but for the client wire's own `endFrame`. */
  end(): readonly JsonObject[];
}

/** Serves `outer`'s clients from `inner`'s targets, where what `outer` translates to is what `inner` translates from. */
export function compose(outer: Translation, inner: Translation): Translation {
  return {
    client: outer.client,
    target: inner.target,
    begin(body, options) {
      const first = outer.begin(body, options);
      const second = inner.begin(first.body, options);
      return {
        body: second.body,
        get dropped() {
          return [...new Set([...first.dropped, ...second.dropped])];
        },
        reply: (reply) => first.reply(second.reply(reply)),
        event: (event) => second.event(event).flatMap((each) => first.event(each)),
        end: () => [...second.end().flatMap((each) => first.event(each)), ...first.end()],
      };
    },
  };
}
