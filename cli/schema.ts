import { z } from "zod";
import { proctorConfig } from "./config.ts";

/** The JSON Schema of `proctor.yaml`, as text. Editors read it from `docs/proctor.schema.json`. */
export function schemaText(): string {
  const schema = z.toJSONSchema(proctorConfig, { io: "input", unrepresentable: "any", target: "draft-7" });
  return `${JSON.stringify({ title: "proctor.yaml", ...schema }, null, 2)}\n`;
}
