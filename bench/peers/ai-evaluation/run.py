"""Scores rows with one local evaluator of ai-evaluation.

Reads one JSON object a line, writes {"score": number or null} a line in the same order; 1 is good, 0 is bad, null is an
evaluator that could not run. Nothing is asked over the network and no model is loaded.
"""

import json
import os
import sys
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

from fi.evals import evaluate  # noqa: E402
from fi.evals.guardrails.scanners import JailbreakScanner, create_default_pipeline  # noqa: E402
from fi.evals.metrics.function_calling.metrics import FunctionCallAccuracy, ParameterValidation  # noqa: E402
from fi.evals.metrics.function_calling.types import FunctionCallInput  # noqa: E402
from fi.evals.streaming.scorers import jailbreak_scorer, toxicity_scorer  # noqa: E402


def local(name):
    def score(row):
        given = {"output": row["output"], "response": row["output"], "context": "\n".join(row["context"])}
        result = evaluate(name, engine="local", query=row.get("input", ""), **given)
        # It reports a field that it lacks as completed, with a score of 0.
        lacks_a_field = (result.reason or "").startswith("Input validation failed")
        return None if result.status != "completed" or lacks_a_field else result.score

    return score


def scanner(made):
    return lambda row: 1.0 if made.scan(row["text"]).passed else 0.0


def inverted(scorer):
    return lambda row: 1.0 - scorer(row["text"], row["text"])


def parameter_validation(row):
    inputs = FunctionCallInput(
        response=row["call"], function_definitions=row["functions"], strict_type_check=row.get("strict", False)
    )
    return ParameterValidation().compute_one(inputs)["output"]


def function_call_accuracy(row):
    inputs = FunctionCallInput(response=row["call"], expected_response=row["expected"])
    return FunctionCallAccuracy().compute_one(inputs)["output"]


EVALUATORS = {
    "faithfulness": lambda: local("faithfulness"),
    "rag_faithfulness": lambda: local("rag_faithfulness"),
    "claim_support": lambda: local("claim_support"),
    "groundedness": lambda: local("groundedness"),
    "hallucination_score": lambda: local("hallucination_score"),
    "context_utilization": lambda: local("context_utilization"),
    "jailbreak_scanner": lambda: scanner(JailbreakScanner()),
    "default_pipeline": lambda: scanner(create_default_pipeline()),
    "streaming_jailbreak": lambda: inverted(jailbreak_scorer),
    "streaming_toxicity": lambda: inverted(toxicity_scorer),
    "parameter_validation": lambda: parameter_validation,
    "function_call_accuracy": lambda: function_call_accuracy,
}


def main():
    name = sys.argv[1]
    if name not in EVALUATORS:
        sys.exit(f'No evaluator "{name}". Known: {", ".join(EVALUATORS)}.')
    score = EVALUATORS[name]()
    for line in sys.stdin:
        try:
            value = score(json.loads(line))
        except Exception as error:
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
            value = None
        print(json.dumps({"score": value}))


main()
