import { onTestFinished } from "vitest";

/** What it is given, which is closed when the test ends that opened it; what was opened last is closed first. */
export function closing<Opened extends { close(): Promise<void> }>(opened: Opened): Opened {
  onTestFinished(() => opened.close());
  return opened;
}
