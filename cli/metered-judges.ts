import { createMeter, type Judge, type Meter } from "../evaluators/index.ts";
import type { EvaluateJob } from "./evaluate-job.ts";

export interface MeteredJudges {
  readonly meter: Meter;
  readonly judges: (alias: string) => Judge | undefined;
}

/** The judges of a job, held to its budget. */
export function meteredJudges({ settings, setup }: EvaluateJob): MeteredJudges {
  const meter = createMeter(settings.budget);
  return {
    meter,
    judges(alias) {
      const judge = setup.judges(alias);
      return judge && meter.counted(judge);
    },
  };
}
