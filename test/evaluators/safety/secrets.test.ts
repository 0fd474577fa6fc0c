import { describe, expect, test } from "vitest";
import { detectSecrets } from "../../../evaluators/safety/secrets.ts";

const kinds = (text: string) => [...new Set(detectSecrets(text).map(({ kind }) => kind))];
/** Put together at run time, so that no scanner takes this file for a leak. */
const tail = "Q7wErT9yUiOp2AsDfGh4JkLzXc6VbNm8";

describe("secrets that are found", () => {
  test.each([
    ["an API key", `key: ${"sk"}-${tail}`, "api_key"],
    ["a project key", `${"sk"}-proj-${tail}`, "api_key"],
    ["an API key of the other form", `${"sk"}-ant-api03-${tail}`, "api_key"],
    ["a cloud key", `${"AKIA"}Z7QW4ERTYUIOPLKJ`, "api_key"],
    ["a map key", `${"AIza"}SyA${tail}`, "api_key"],
    ["a repository token", `${"ghp"}_${tail}abcd`, "access_token"],
    ["a fine-grained repository token", `${"github"}_pat_${tail}_${tail}`, "access_token"],
    ["a chat token", `${"xoxb"}-2123456789-${tail}`, "access_token"],
    ["a web token", `${"eyJ"}hbGciOiJIUzI1NiJ9.${"eyJ"}zdWIiOiIxMjM0In0.${tail}`, "json_web_token"],
    [
      "a private key",
      `-----BEGIN RSA ${"PRIVATE"} KEY-----\n${tail}\n-----END RSA ${"PRIVATE"} KEY-----`,
      "private_key",
    ],
    ["a bearer header", `Authorization: Bearer ${tail}`, "access_token"],
    ["an assignment", `client_secret = "${tail}"`, "api_key"],
    ["a password in an address", "postgres://admin:hunter2!x@db.internal:5432/app", "password"],
    ["a password", "The password is Tr0ub4dor&3x", "password"],
    ["a password in another language", "Das Passwort: Tr0ub4dor&3x", "password"],
    ["a basic header", `Authorization: Basic ${"QWxhZGRpbjpvcGVuIHNlc2FtZQ"}==`, "password"],
    ["a package token", `${"npm"}_${tail}abcd`, "api_key"],
    ["a mail key", `${"SG"}.${tail.slice(0, 22)}.${tail}${tail.slice(0, 11)}`, "api_key"],
    ["a shop key", `${"shpat"}_0123456789abcdef0123456789abcdef`, "api_key"],
    ["a bot token", `123456789:AA${"F"}${tail}`, "access_token"],
    ["a webhook", `https://hooks.${"chat"}.com/services/T0AB12CD3/B0EF45GH6/${tail}`, "access_token"],
    ["a payment key", `${"sk"}_live_${tail}`, "api_key"],
    ["a refresh token", `${"1//0"}g${tail}${tail}`, "access_token"],
    ["an age key", `AGE-SECRET-KEY-1${"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"}`, "api_key"],
    ["a token with the right checksum, however regular", `${"ghp"}_${"A".repeat(30)}0uCPlr`, "access_token"],
  ])("%s", (_name, text, kind) => expect(kinds(text)).toEqual([kind]));
});

describe("what only looks like a secret", () => {
  test.each([
    `${"sk"}-xxxxxxxxxxxxxxxxxxxxxxxx`,
    "api_key: your_api_key_goes_here",
    "api_key=${API_KEY}",
    "api_key = process.env.API_KEY_PRODUCTION",
    "The password is required and must be long.",
    "password: ********",
    "a task-oriented sk-learn pipeline",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b",
    "https://example.com/path:with@sign",
    "123e4567-e89b-12d3-a456-426614174000",
    "Secret Santa is at noon",
    `${"ghp"}_${"A".repeat(36)}`,
    "api_key: ${{ secrets.API_KEY }}",
    "password = dummy_password_1",
    "token: aaaaaaaaaaaaaaaaaaaaaaaa",
    "password: short1!",
    "password: [PASSWORD_1]",
  ])("%j is left alone", (text) => expect(kinds(text)).toEqual([]));
});

test("takes the value, not the name, and leaves the full stop to the sentence", () => {
  const text = "The password is Tr0ub4dor&3x. And postgres://db1x:db1x@db1x.internal/a";
  expect(detectSecrets(text).map(({ start, end }) => text.slice(start, end))).toEqual(["db1x", "Tr0ub4dor&3x"]);
  expect(detectSecrets(text)[0]?.start).toBe(text.indexOf(":db1x@") + 1);
});
