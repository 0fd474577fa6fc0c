"""What the Python client programs have in common: a job on standard input, a line of JSON per cell on standard output."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 6
MOST_TURNS = 5


def run_program(clients):
    """Runs the cells of the job. `clients` has one function per scenario for each client and dialect (`name/dialect`)."""
    job = json.loads(sys.stdin.buffer.read().decode("utf-8"))

    def run(cell):
        # A model that thinks before it speaks is asked as any other.
        name = cell["scenario"].replace("thinking", "tools")
        scenario = clients[f"{cell['client']}/{cell['dialect']}"][name]
        if cell["scenario"] == "streamed":
            # The vendor writes and cuts each of these streams in another way.
            saw = [see(scenario, cell, job) for _ in range(job["times"])]
        else:
            saw = see(scenario, cell, job)
        return json.dumps({"model": cell["model"], "saw": saw}, ensure_ascii=False)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line in pool.map(run, job["cells"]):
            sys.stdout.buffer.write(line.encode("utf-8") + b"\n")


def see(scenario, cell, job):
    try:
        return scenario(cell, job)
    except Exception as error:
        return {"error": said(error)}


def said(error):
    """What a person who catches the error can know."""
    cause = error
    while not hasattr(cause, "status_code") and cause.__cause__ is not None:
        cause = cause.__cause__
    body = getattr(cause, "body", None)
    body = body if isinstance(body, dict) else {}
    body = body["error"] if isinstance(body.get("error"), dict) else body
    response = getattr(cause, "response", None)
    return {
        "name": type(error).__name__,
        "status": getattr(cause, "status_code", None),
        "code": body.get("code"),
        "type": body.get("type"),
        "message": str(error),
        "retryAfter": response.headers.get("retry-after") if response is not None else None,
    }


def run_tool(job, name, given):
    """What the application's own tools answer: a text, and whether it is a failure."""
    result = job["weather"].get(given.get("city")) if name == "get_weather" else None
    return (job["brokenTool"], True) if result is None else (result, False)


def with_refusal(saw, pieces):
    """What was seen, and the refusal if there was one."""
    return {**saw, "refusal": "".join(pieces)} if any(pieces) else saw


def guarded(plain, streamed, structured):
    """The scenarios in which an answer is not simply passed on."""
    return {
        "broken": streamed,
        "held": streamed,
        "refused": plain,
        "refused_object": structured,
        "blocked": streamed,
        "stopped": streamed,
        "refused_error": plain,
        "blocked_error": streamed,
        "stopped_error": streamed,
        "regenerated": plain,
        "regenerated_streamed": streamed,
    }


def unknown(plain):
    """The same request for a model that nobody has."""
    return lambda cell, job: plain({**cell, "model": job["unknownModel"]}, job)


def keyless(plain):
    """The same request with a key that nobody gave out."""
    return lambda cell, job: plain(cell, {**job, "key": job["unknownKey"]})


def failing(plain):
    """The scenarios in which a plain request fails."""
    kinds = ["key", "model", "rate", "server", "context"]
    failures = {f"error_{kind}": plain for kind in kinds}
    return {**failures, "error_alias": unknown(plain), "error_own_key": keyless(plain)}
