import { writeFileSync } from "node:fs";
import { schemaText } from "./schema.ts";

// `npm run schema`: writes the JSON Schema of proctor.yaml for editors.
writeFileSync(new URL("../docs/proctor.schema.json", import.meta.url), schemaText());
