import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from anthropic import Anthropic
from openai import OpenAI
from program import MOST_TURNS, failing, guarded, run_program, run_tool, with_refusal
from pydantic import BaseModel


class Answer(BaseModel):
    city: str
    celsius: float
    sunny: bool


def openai(job, max_retries=0):
    return OpenAI(base_url=f"{job['url']}/v1", api_key=job["key"], max_retries=max_retries)


def chat_request(cell, job, question="question"):
    return {
        "model": cell["model"],
        "messages": [{"role": "system", "content": job["system"]}, {"role": "user", "content": job[question]}],
    }


def chat_usage(usage):
    if usage is None:
        return None
    details = usage.prompt_tokens_details
    return {
        "input": usage.prompt_tokens,
        "output": usage.completion_tokens,
        "cached": details.cached_tokens if details else None,
    }


def chat_whole(reply):
    choice = reply.choices[0]
    saw = {"text": choice.message.content, "finish": choice.finish_reason, "usage": chat_usage(reply.usage)}
    return with_refusal(saw, [choice.message.refusal or ""])


def chat_plain(cell, job):
    return chat_whole(openai(job).chat.completions.create(**chat_request(cell, job)))


def chat_streamed(cell, job):
    chunks = list(openai(job).chat.completions.create(**chat_request(cell, job), stream=True))
    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    pieces = [choice.delta.content for choice in choices if choice.delta.content]
    finish = next(choice.finish_reason for choice in choices if choice.finish_reason)
    saw = {"text": "".join(pieces), "pieces": len(pieces), "finish": finish, "usage": chat_usage(chunks[-1].usage)}
    return with_refusal(saw, [choice.delta.refusal for choice in choices if choice.delta.refusal])


def chat_stream_usage(cell, job):
    request = {**chat_request(cell, job), "stream": True, "stream_options": {"include_usage": True}}
    chunks = list(openai(job).chat.completions.create(**request))
    return {"usage": chat_usage(next(chunk.usage for chunk in chunks if not chunk.choices))}


def chat_tools(send):
    def run(cell, job):
        request = chat_request(cell, job, "toolQuestion")
        request["tools"] = [{"type": "function", "function": tool} for tool in job["tools"]]
        turns = []
        while len(turns) < MOST_TURNS:
            choice = send(openai(job).chat.completions, request).choices[0]
            message = choice.message
            found = message.tool_calls or []
            calls = [
                {"name": call.function.name, "arguments": json.loads(call.function.arguments)} for call in found
            ]
            turns.append({"text": message.content or "", "calls": calls, "finish": choice.finish_reason})
            if not found:
                break
            request["messages"].append(message)
            for given, call in zip(calls, found):
                text, _ = run_tool(job, given["name"], given["arguments"])
                request["messages"].append({"role": "tool", "tool_call_id": call.id, "content": text})
        return {"turns": turns}

    return run


def chat_final(completions, request):
    with completions.stream(**request) as stream:
        return stream.get_final_completion()


def chat_structured(cell, job):
    reply = openai(job).chat.completions.parse(**chat_request(cell, job), response_format=Answer)
    return {"value": reply.choices[0].message.parsed.model_dump()}


def chat_images(cell, job):
    images = [{"type": "image_url", "image_url": {"url": url}} for url in cell["images"]]
    content = [{"type": "text", "text": job["imageQuestion"]}, *images]
    messages = [{"role": "user", "content": content}]
    return chat_whole(openai(job).chat.completions.create(model=cell["model"], messages=messages))


def chat_cancel(cell, job):
    with openai(job).chat.completions.create(**chat_request(cell, job), stream=True) as stream:
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                return {"text": chunk.choices[0].delta.content}


chat = {
    "plain": chat_plain,
    "streamed": chat_streamed,
    "usage": chat_stream_usage,
    "tools": chat_tools(lambda completions, request: completions.create(**request)),
    "tools_streamed": chat_tools(chat_final),
    "structured": chat_structured,
    "images": chat_images,
    **failing(chat_plain),
    "retry": lambda cell, job: chat_whole(openai(job, 2).chat.completions.create(**chat_request(cell, job))),
    "cancel": chat_cancel,
    **guarded(chat_plain, chat_streamed, chat_structured),
}


def response_request(cell, job, question="question"):
    items = [{"role": "user", "content": job[question]}]
    return {"model": cell["model"], "instructions": job["system"], "input": items}


def response_usage(usage):
    cached = usage.input_tokens_details.cached_tokens
    return {"input": usage.input_tokens, "output": usage.output_tokens, "cached": cached}


def response_whole(reply):
    parts = [part for item in reply.output if item.type == "message" for part in item.content]
    saw = {"text": reply.output_text, "finish": reply.status, "usage": response_usage(reply.usage)}
    return with_refusal(saw, [part.refusal for part in parts if part.type == "refusal"])


def response_plain(cell, job):
    return response_whole(openai(job).responses.create(**response_request(cell, job)))


def response_streamed(cell, job):
    events = list(openai(job).responses.create(**response_request(cell, job), stream=True))
    pieces = [event.delta for event in events if event.type == "response.output_text.delta"]
    saw = {**response_whole(events[-1].response), "text": "".join(pieces), "pieces": len(pieces)}
    return with_refusal(saw, [event.delta for event in events if event.type == "response.refusal.delta"])


def response_final(responses, request):
    with responses.stream(**request) as stream:
        return stream.get_final_response()


def response_stream_usage(cell, job):
    reply = response_final(openai(job).responses, response_request(cell, job))
    return {"usage": response_usage(reply.usage)}


def response_tools(send):
    def run(cell, job):
        request = response_request(cell, job, "toolQuestion")
        request["tools"] = [{"type": "function", "strict": False, **tool} for tool in job["tools"]]
        turns = []
        while len(turns) < MOST_TURNS:
            reply = send(openai(job).responses, request)
            found = [item for item in reply.output if item.type == "function_call"]
            calls = [{"name": call.name, "arguments": json.loads(call.arguments)} for call in found]
            turns.append({"text": reply.output_text, "calls": calls, "finish": reply.status})
            if not found:
                break
            request["input"] += [
                item.model_dump(exclude={"parsed_arguments"}, exclude_none=True) for item in reply.output
            ]
            for given, call in zip(calls, found):
                text, _ = run_tool(job, given["name"], given["arguments"])
                output = {"type": "function_call_output", "call_id": call.call_id, "output": text}
                request["input"].append(output)
        return {"turns": turns}

    return run


def response_structured(cell, job):
    reply = openai(job).responses.parse(**response_request(cell, job), text_format=Answer)
    return {"value": reply.output_parsed and reply.output_parsed.model_dump()}


def response_images(cell, job):
    images = [{"type": "input_image", "image_url": url, "detail": "auto"} for url in cell["images"]]
    content = [{"type": "input_text", "text": job["imageQuestion"]}, *images]
    items = [{"role": "user", "content": content}]
    return response_whole(openai(job).responses.create(model=cell["model"], input=items))


def response_cancel(cell, job):
    with openai(job).responses.create(**response_request(cell, job), stream=True) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                return {"text": event.delta}


responses = {
    "plain": response_plain,
    "streamed": response_streamed,
    "usage": response_stream_usage,
    "tools": response_tools(lambda responses, request: responses.create(**request)),
    "tools_streamed": response_tools(response_final),
    "structured": response_structured,
    "images": response_images,
    **failing(response_plain),
    "retry": lambda cell, job: response_whole(openai(job, 2).responses.create(**response_request(cell, job))),
    "cancel": response_cancel,
    **guarded(response_plain, response_streamed, response_structured),
}


def anthropic(job, max_retries=0):
    return Anthropic(base_url=job["url"], api_key=job["key"], max_retries=max_retries)


def message_request(cell, job, question="question"):
    return {
        "model": cell["model"],
        "max_tokens": 500,
        "system": job["system"],
        "messages": [{"role": "user", "content": job[question]}],
    }


def message_usage(usage):
    cached = usage.cache_read_input_tokens
    whole = usage.input_tokens + (cached or 0) + (usage.cache_creation_input_tokens or 0)
    return {"input": whole, "output": usage.output_tokens, "cached": cached}


def text_of(content):
    return "".join(block.text for block in content if block.type == "text")


def message_whole(reply):
    return {"text": text_of(reply.content), "finish": reply.stop_reason, "usage": message_usage(reply.usage)}


def message_plain(cell, job):
    return message_whole(anthropic(job).messages.create(**message_request(cell, job)))


def message_streamed(cell, job):
    with anthropic(job).messages.stream(**message_request(cell, job)) as stream:
        pieces = list(stream.text_stream)
        final = stream.get_final_message()
    return {**message_whole(final), "text": "".join(pieces), "pieces": len(pieces)}


def message_final(messages, request):
    with messages.stream(**request) as stream:
        return stream.get_final_message()


def message_tools(send):
    def run(cell, job):
        request = message_request(cell, job, "toolQuestion")
        request["tools"] = [
            {"name": tool["name"], "description": tool["description"], "input_schema": tool["parameters"]}
            for tool in job["tools"]
        ]
        turns = []
        while len(turns) < MOST_TURNS:
            reply = send(anthropic(job).messages, request)
            found = [block for block in reply.content if block.type == "tool_use"]
            calls = [{"name": call.name, "arguments": call.input} for call in found]
            turns.append({"text": text_of(reply.content), "calls": calls, "finish": reply.stop_reason})
            if not found:
                break
            results = []
            for call in found:
                text, is_error = run_tool(job, call.name, call.input)
                result = {"type": "tool_result", "tool_use_id": call.id, "content": text, "is_error": is_error}
                results.append(result)
            request["messages"] += [
                {"role": "assistant", "content": reply.content},
                {"role": "user", "content": results},
            ]
        return {"turns": turns}

    return run


def message_structured(cell, job):
    reply = anthropic(job).messages.parse(**message_request(cell, job), output_format=Answer)
    return {"value": reply.parsed_output.model_dump()}


def image_block(url):
    if not url.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": url}}
    media_type, data = url.removeprefix("data:").split(";base64,")
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}}


def message_images(cell, job):
    content = [{"type": "text", "text": job["imageQuestion"]}, *map(image_block, cell["images"])]
    messages = [{"role": "user", "content": content}]
    return message_whole(anthropic(job).messages.create(model=cell["model"], max_tokens=500, messages=messages))


def message_cancel(cell, job):
    with anthropic(job).messages.stream(**message_request(cell, job)) as stream:
        for text in stream.text_stream:
            return {"text": text}


messages = {
    "plain": message_plain,
    "streamed": message_streamed,
    "usage": lambda cell, job: {"usage": message_streamed(cell, job)["usage"]},
    "tools": message_tools(lambda messages, request: messages.create(**request)),
    "tools_streamed": message_tools(message_final),
    "structured": message_structured,
    "images": message_images,
    **failing(message_plain),
    "retry": lambda cell, job: message_whole(anthropic(job, 2).messages.create(**message_request(cell, job))),
    "cancel": message_cancel,
    **guarded(message_plain, message_streamed, message_structured),
}

run_program(
    {"openai-python/chat": chat, "openai-python/responses": responses, "anthropic-python/messages": messages}
)
