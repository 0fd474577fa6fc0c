import { describe, expect, test } from "vitest";
import { findClaims } from "../../../evaluators/faithfulness/claims.ts";

const claims = (text: string) => findClaims(text).map((claim) => claim.text);

describe("findClaims leaves out", () => {
  test.each([
    "Hello!",
    "Thank you for contacting Blue Door support.",
    "Sure, happy to help!",
    "I'm sorry for the inconvenience.",
    "Feel free to reach out.",
    "If you have any further questions, let me know.",
    "I hope this helps with your return.",
    "Here are the steps:",
    "Here is a summary of the article in 100 words:",
    "# Return policy",
    "Opening hours:",
    "What else can I do for you?",
    "Anything else I can help with?",
    "I don't know.",
    "I cannot say whether dogs are allowed.",
    "Unfortunately, the context does not mention the price of the ticket.",
    "Based on the provided context, there is no information about delivery to Canada.",
    "It is not stated.",
    "!!!",
  ])("%j", (text) => {
    expect(claims(text)).toEqual([]);
  });
});

describe("findClaims keeps what stands behind a remark", () => {
  test.each([
    "Sorry, refunds never expire.",
    "Thanks for asking, return shipping is refunded.",
    "Of course gold members receive a complimentary gift box.",
    "I'm glad to say that return shipping is refunded.",
    "Feel free to note that return shipping is refunded.",
    "I hope you know return shipping is refunded.",
    "Here is what we offer gold members every single month:",
    "Here is a summary return shipping is refunded:",
    "# Return shipping is refunded",
    "## Gold members receive a complimentary gift box",
    "Return shipping is refunded, right?",
    "Did you know that return shipping is refunded?",
    "Does Ada know Bruno and Chidi?",
    "The context does not leave any doubt that gold members receive gifts.",
    "The document contains no exception, gold members receive a complimentary gift box.",
    "The context does not mention it and gold members receive a complimentary gift box.",
    "Unknown to many, gold members receive a gift box.",
    "Hello in 3 days.",
  ])("%j", (text) => {
    expect(claims(text)).toEqual([text.replace(/^#+ /, "")]);
  });
});

test("signs without a width inside of words hide no claim", () => {
  const hidden = "Whales sing".replaceAll(/(?<=.)/g, "\u200b");
  expect(findClaims(`${hidden}.`).map(({ reading }) => reading.words)).toEqual([["whal", "sing"]]);
});
