import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type ClientFault, type Outcome, served, unread } from "./client-fault.ts";

const patience = { timeout: 15_000 };
const gone: Outcome = { answers: [], span: "client_closed", provider: "left", connection: "closed" };

/** Clients that do not stay, and clients that take their time. */
export const leavingClients: readonly ClientFault[] = [
  {
    does: "leaves in the middle of its headers",
    async play({ client, body, request }) {
      client.write(request(body()).subarray(0, 40));
      await sleep(50);
      client.socket.destroy();
    },
    expected: { ...gone, span: "none", provider: "not asked" },
  },
  {
    does: "leaves before its body is whole",
    async play({ client, body, request }) {
      client.write(request(body()).subarray(0, -10));
      await sleep(150);
      client.socket.destroy();
    },
    expected: { ...gone, provider: "not asked" },
  },
  {
    does: "leaves a chunked body before it is whole",
    async play({ client, request }) {
      const headers = { "content-length": undefined, "transfer-encoding": "chunked" };
      client.write(request('5\r\n{"mod\r\n', { headers }));
      await sleep(150);
      client.socket.resetAndDestroy();
    },
    expected: { ...gone, provider: "not asked" },
  },
  {
    does: "leaves while its answer is waited for",
    async play({ client, vendor, trace, body, request }) {
      client.write(request(body("silent")));
      await expect.poll(() => vendor.asked.has(trace), patience).toBe(true);
      client.socket.destroy();
    },
    expected: gone,
  },
  {
    does: "closes its half of the connection while its answer is waited for",
    async play({ client, vendor, trace, body, request }) {
      client.write(request(body("silent")));
      await expect.poll(() => vendor.asked.has(trace), patience).toBe(true);
      client.socket.end();
    },
    expected: gone,
  },
  {
    does: "leaves in the middle of a stream",
    async play({ client, body, request }) {
      client.write(request(body("halting", true)));
      await expect.poll(() => client.replies()[0]?.body, patience).toContain("One, ");
      client.socket.destroy();
    },
    expected: { ...gone, answers: ["200"] },
  },
  {
    does: "resets the connection in the middle of a stream",
    async play({ client, body, request }) {
      client.write(request(body("halting", true)));
      await expect.poll(() => client.replies()[0]?.body, patience).toContain("One, ");
      client.socket.resetAndDestroy();
    },
    expected: { ...gone, answers: ["200"] },
  },
  {
    does: "takes nothing of a stream and leaves",
    async play({ client, vendor, trace, body, request }) {
      client.socket.pause();
      client.write(request(body("lavish", true)));
      await expect.poll(() => vendor.asked.has(trace), patience).toBe(true);
      await sleep(300);
      client.socket.destroy();
    },
    expected: gone,
  },
  {
    does: "takes a stream slowly",
    async play({ client, vendor, trace, body, request }) {
      client.socket.pause();
      client.write(request(body("ample", true)));
      await expect.poll(() => vendor.asked.has(trace), patience).toBe(true);
      await sleep(300);
      expect(vendor.left.has(trace)).toBe(false);
      client.socket.resume();
    },
    expected: served,
  },
  {
    does: "leaves after its answer",
    async play({ client, body, request }) {
      client.write(request(body("ready", true)));
      await expect.poll(() => client.replies()[0]?.isWhole, patience).toBe(true);
      client.socket.destroy();
    },
    expected: { ...served, connection: "closed" },
  },
  {
    does: "begins its headers and sends no more",
    isEndless: true,
    play: ({ client, body, request }) => client.write(request(body()).subarray(0, 40)),
    expected: unread(408),
  },
  {
    does: "begins its body and sends no more",
    isEndless: true,
    play: ({ client, body, request }) => client.write(request(body()).subarray(0, -10)),
    expected: { ...unread(408), span: "client_closed" },
  },
  {
    does: "takes nothing of a stream and stays",
    isEndless: true,
    async play({ client, vendor, trace, body, request }) {
      client.socket.pause();
      client.write(request(body("lavish", true)));
      await expect.poll(() => vendor.left.has(trace), patience).toBe(true);
      client.socket.resume();
    },
    expected: { ...gone, answers: ["200"] },
  },
];
