import { join } from "node:path";
import { builtInEvaluators } from "../../evaluators/index.ts";
import { openSpanStore, type SpanStore } from "../../tracing/index.ts";
import { type CommandFolder, commandFolder, type CommandResult } from "../support/command-folder.ts";
import { type AttributeInput, epoch, otlpRequest, type SpanInput, traceIdOf } from "../support/otlp-builder.ts";

/** A folder with a configuration whose guardrails observe, and a span store to write their evaluations into. */
export interface ReportFolder extends CommandFolder {
  readonly store: SpanStore;
  /** Keeps an exchange with one evaluation of its answer; answers with its trace id. */
  evaluated(given?: Evaluated): string;
  /** The report on the store as `--json` prints it. */
  report(...argv: readonly string[]): Promise<CommandResult & { readonly report: Report }>;
  /** The report on the store as people read it. */
  text(...argv: readonly string[]): Promise<CommandResult>;
}

/** An evaluation by `safety` of an answer of `student`, ten minutes ago, that passed; or what is said instead. */
interface Evaluated {
  readonly evaluator?: string;
  readonly model?: string;
  readonly outcome?: string;
  readonly minutesAgo?: number;
  readonly ms?: number;
  readonly mode?: string;
  /** A trace that is there already: another evaluation of the same answer. */
  readonly trace?: string;
  readonly span?: string;
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** Null for an evaluation whose GUARDRAIL span is not there. */
  readonly guardrail?: Readonly<Record<string, AttributeInput>> | null;
}

/** The members of the report that tests look into. */
export interface Report {
  readonly isExact: boolean;
  readonly notes: readonly string[];
  readonly leftOut: Readonly<Record<string, number>>;
  readonly guardrails: readonly {
    readonly evaluator: string;
    readonly stage: string;
    readonly rows: readonly { readonly wouldChange: { readonly interval: readonly number[] } }[];
    readonly examples: readonly object[];
    readonly advice: readonly string[];
  }[];
  readonly unseen: readonly object[];
}

/** The version of `safety` as it is configured there. */
export const currentVersion = builtInEvaluators().get("safety").version;

export function reportFolder(): ReportFolder {
  const folder = commandFolder();
  folder.configure(reportConfig);
  const store = openSpanStore({ path: join(folder.path, "spans.db"), retentionMs: Infinity });
  const argv = ["guardrails", "report", "--store", "spans.db"];
  let traces = 0;
  return {
    ...folder,
    store,
    evaluated(given = {}) {
      const trace = given.trace ?? (traces += 1).toString(16);
      store.ingest(otlpRequest({ spans: spansOf(given, trace) }));
      return traceIdOf(trace);
    },
    async report(...more) {
      const result = await folder.run([...argv, "--json", ...more]);
      return { ...result, report: JSON.parse(result.out) as Report };
    },
    text: (...more) => folder.run([...argv, ...more], { columns: 200 }),
    remove() {
      store.close();
      folder.remove();
    },
  };
}

/** Two models with a guardrail that would block and one that would flag; the teacher has none. */
export const reportConfig = {
  providers: { sandbox: { kind: "sandbox" } },
  models: {
    student: { targets: [{ provider: "sandbox", model: "student" }] },
    small: { targets: [{ provider: "sandbox", model: "student" }] },
    teacher: { targets: [{ provider: "sandbox", model: "teacher" }] },
  },
  guardrails: [
    {
      models: ["student", "small"],
      output: [
        { evaluator: "safety", mode: "observe", on_fail: "block", on_error: "block", on_timeout: "allow" },
        { evaluator: "toxicity", mode: "observe", on_fail: "flag" },
      ],
    },
  ],
};

function spansOf(given: Evaluated, trace: string): readonly SpanInput[] {
  const {
    evaluator = "safety",
    model = "student",
    outcome = "pass",
    minutesAgo = 10,
    ms = 10,
    mode = "observe",
  } = given;
  const start = Date.now() - epoch - minutesAgo * 60_000;
  const guardrail = { "openinference.span.kind": "GUARDRAIL", "proctor.guardrail.stage": "output" };
  const above: readonly SpanInput[] = [
    { trace, span: "1", start, attributes: { "proctor.verdict": "allow" } },
    { trace, span: "2", parent: "1", start },
    ...(given.guardrail === null
      ? []
      : [{ trace, span: "3", parent: "2", start, attributes: { ...guardrail, ...given.guardrail } }]),
  ];
  const attributes = {
    "openinference.span.kind": "EVALUATOR",
    "proctor.alias": model,
    "proctor.eval.name": evaluator,
    "proctor.eval.outcome": outcome,
    "proctor.eval.result": `${evaluator}:${outcome}`,
    "proctor.eval.mode": mode,
    "proctor.eval.version": currentVersion,
    "proctor.eval.engine": "local",
    "evaluations.0.evaluation.explanation": `It is ${outcome}.\n- violation: what was said`,
    ...given.attributes,
  };
  return [...above, { trace, span: given.span ?? "4", parent: "3", start, ms, attributes }];
}
