export { answerSpanQuery, type SpanQueryAnswer } from "./answer-span-query.ts";
export { askTraces, type SpanSource } from "./ask-traces.ts";
export { SpanQueryError, type SpanQueryErrorCode } from "./errors.ts";
export { type EvaluationQuery, type EvaluationRow, findEvaluations } from "./find-evaluations.ts";
export { type ExchangeQuery, type ExchangeRow, findExchanges } from "./find-exchanges.ts";
