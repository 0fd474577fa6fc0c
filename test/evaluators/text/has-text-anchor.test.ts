import { expect, test } from "vitest";
import { hasTextAnchor } from "../../../evaluators/text/has-text-anchor.ts";

test.each(["^a", "a$", "a|b$", "(?m)^a", "\\Aa", "a\\z", "\\\\$", "\\Qa\\E$", "[a]$", "[^a]^"])(
  "%s asks where a text begins or ends",
  (source) => expect(hasTextAnchor(source)).toBe(true),
);

test.each([
  "a",
  "[^a]b",
  "\\$5",
  "\\^",
  "[$]",
  "[a^]",
  "[]^]x",
  "[^]$]",
  "[[:alpha:]$]y",
  "[\\]$]",
  "\\Qa$b\\E",
  "\\Q^",
  "\\bA\\b",
])("%s does not", (source) => expect(hasTextAnchor(source)).toBe(false));
