import { isJsonObject, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { toEnforcedSchema } from "./enforced-schema.ts";
import { type Drop, refusal } from "../notes.ts";

/** How the answer is to look and how long to think about it: `output_config`, `thinking`, and a sentence for the system prompt. */
export interface OutputSettings {
  readonly members: JsonObject;
  /** What the model is told where the dialect has no setting for it. */
  readonly instruction: string | undefined;
}

/**
 * `isForced` tells that the model must call a tool: the vendor then refuses thinking, so that it is not switched on.
 */
export function toOutputSettings(body: JsonObject, isForced: boolean, drop: Drop): OutputSettings {
  const { format, instruction } = answerFormat(objectOf(body["response_format"]), drop);
  const { effort, thinking } = reasoning(body, isForced, drop);
  const output_config = { ...(effort === undefined ? {} : { effort }), ...(format ? { format } : {}) };
  return {
    members: {
      ...(Object.keys(output_config).length === 0 ? {} : { output_config }),
      ...(thinking ? { thinking } : {}),
    },
    instruction,
  };
}

interface AnswerFormat {
  readonly format?: JsonObject;
  readonly instruction?: string;
}

function answerFormat(given: JsonObject, drop: Drop): AnswerFormat {
  const type = given["type"];
  if (type === undefined || type === "text") return {};
  if (type === "json_object") {
    // Clients must ask for JSON in words in this mode; only the vendor's word for it is lost.
    drop("response_format");
    return { instruction: "Answer with one JSON object and nothing else: no introduction, no code fence." };
  }
  const { schema, description } = objectOf(given["json_schema"]);
  if (type === "json_schema" && isJsonObject(schema)) {
    if (stringOf(description) !== "") drop("response_format.json_schema.description");
    const path = "response_format.json_schema.schema";
    return { format: { type: "json_schema", schema: toEnforcedSchema(schema, path, drop) } };
  }
  throw refusal(
    "response_format",
    `"response_format" is of the type ${JSON.stringify(type)}${type === "json_schema" ? " and holds no schema" : ""}.`,
    "Known: text, json_object, json_schema with a schema.",
  );
}

const efforts = new Map([
  ["minimal", "low"],
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["xhigh", "xhigh"],
  ["max", "max"],
]);

interface Reasoning {
  readonly effort?: string | undefined;
  readonly thinking?: JsonObject | undefined;
}

/** A client's own `thinking` stands as it is; without one the model thinks as hard as `reasoning_effort` says. */
function reasoning(body: JsonObject, isForced: boolean, drop: Drop): Reasoning {
  const thinking = isJsonObject(body["thinking"]) ? body["thinking"] : undefined;
  const given = body["reasoning_effort"];
  if (given === undefined || given === null) return { thinking };
  if (given === "none") return { thinking: thinking ?? { type: "disabled" } };
  const effort = efforts.get(stringOf(given));
  if (effort === undefined) {
    drop("reasoning_effort");
    return { thinking };
  }
  return { effort, thinking: thinking ?? (isForced ? undefined : { type: "adaptive" }) };
}
