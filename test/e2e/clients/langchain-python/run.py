import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI
from program import MOST_TURNS, failing, guarded, run_program, run_tool, with_refusal
from pydantic import BaseModel


class Answer(BaseModel):
    city: str
    celsius: float
    sunny: bool


def openai_chat(cell, job, **settings):
    return ChatOpenAI(model=cell["model"], base_url=f"{job['url']}/v1", api_key=job["key"], **settings)


def openai_responses(cell, job, **settings):
    return openai_chat(cell, job, use_responses_api=True, **settings)


def anthropic_messages(cell, job, **settings):
    return ChatAnthropic(model=cell["model"], base_url=job["url"], api_key=job["key"], max_tokens=500, **settings)


def asked(job, question="question"):
    return [SystemMessage(job["system"]), HumanMessage(job[question])]


def finish_of(reply):
    metadata = reply.response_metadata
    return metadata.get("finish_reason") or metadata.get("stop_reason") or metadata.get("status")


def whole(reply):
    usage = reply.usage_metadata
    return {
        "text": reply.text,
        "finish": finish_of(reply),
        "usage": usage
        and {
            "input": usage["input_tokens"],
            "output": usage["output_tokens"],
            "cached": usage.get("input_token_details", {}).get("cache_read"),
        },
    }


def refusals_in(reply):
    """In the one place or the other, as the dialect has it."""
    blocks = reply.content if isinstance(reply.content, list) else []
    said = [block["refusal"] for block in blocks if isinstance(block, dict) and block.get("type") == "refusal"]
    return [*said, reply.additional_kwargs.get("refusal") or ""]


def joined(chunks):
    first, *rest = chunks
    for chunk in rest:
        first += chunk
    return first


def scenarios_of(connect):
    def plain(cell, job, max_retries=0):
        reply = connect(cell, job, max_retries=max_retries).invoke(asked(job))
        return with_refusal(whole(reply), refusals_in(reply))

    def streamed(cell, job):
        chunks = list(connect(cell, job, max_retries=0, stream_usage=True).stream(asked(job)))
        pieces = [chunk.text for chunk in chunks if chunk.text]
        refusals = [refusal for chunk in chunks for refusal in refusals_in(chunk)]
        saw = {**whole(joined(chunks)), "text": "".join(pieces), "pieces": len(pieces)}
        return with_refusal(saw, refusals)

    def tools(send):
        def run(cell, job):
            declared = [{"type": "function", "function": tool} for tool in job["tools"]]
            model = connect(cell, job, max_retries=0).bind_tools(declared)
            messages = asked(job, "toolQuestion")
            turns = []
            while len(turns) < MOST_TURNS:
                reply = send(model, messages)
                calls = [{"name": call["name"], "arguments": call["args"]} for call in reply.tool_calls]
                turns.append({"text": reply.text, "calls": calls, "finish": finish_of(reply)})
                if not calls:
                    break
                messages.append(reply)
                for call in reply.tool_calls:
                    text, is_error = run_tool(job, call["name"], call["args"])
                    status = "error" if is_error else "success"
                    messages.append(ToolMessage(text, tool_call_id=call["id"], name=call["name"], status=status))
            return {"turns": turns}

        return run

    def structured(cell, job):
        value = connect(cell, job, max_retries=0).with_structured_output(Answer).invoke(asked(job))
        return {"value": value and value.model_dump()}

    def images(cell, job):
        parts = [{"type": "image_url", "image_url": {"url": url}} for url in cell["images"]]
        content = [{"type": "text", "text": job["imageQuestion"]}, *parts]
        return whole(connect(cell, job, max_retries=0).invoke([HumanMessage(content)]))

    def cancel(cell, job):
        stream = connect(cell, job, max_retries=0).stream(asked(job))
        try:
            return {"text": next(chunk.text for chunk in stream if chunk.text)}
        finally:
            stream.close()

    return {
        "plain": plain,
        "streamed": streamed,
        "usage": lambda cell, job: {"usage": streamed(cell, job)["usage"]},
        "tools": tools(lambda model, messages: model.invoke(messages)),
        "tools_streamed": tools(lambda model, messages: joined(model.stream(messages))),
        "structured": structured,
        "images": images,
        **failing(plain),
        "retry": lambda cell, job: plain(cell, job, 2),
        "cancel": cancel,
        **guarded(plain, streamed, structured),
    }


run_program(
    {
        "langchain-python/chat": scenarios_of(openai_chat),
        "langchain-python/responses": scenarios_of(openai_responses),
        "langchain-python/messages": scenarios_of(anthropic_messages),
    }
)
