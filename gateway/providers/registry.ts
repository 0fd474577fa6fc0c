import { anthropic } from "./anthropic.ts";
import { openai } from "./openai.ts";
import { sandbox } from "./sandbox.ts";

/** The kinds of provider: a new one is one file and one line here. */
export const providerKinds = [openai, anthropic, sandbox] as const;
