import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import instructor
from anthropic import Anthropic
from openai import OpenAI
from program import failing, run_program
from pydantic import BaseModel


class Answer(BaseModel):
    city: str
    celsius: float
    sunny: bool


def openai_chat(job, max_retries):
    return instructor.from_openai(OpenAI(base_url=f"{job['url']}/v1", api_key=job["key"], max_retries=max_retries))


def openai_responses(job, max_retries):
    client = OpenAI(base_url=f"{job['url']}/v1", api_key=job["key"], max_retries=max_retries)
    return instructor.from_openai(client, mode=instructor.Mode.RESPONSES_TOOLS)


def anthropic_messages(job, max_retries):
    client = Anthropic(base_url=job["url"], api_key=job["key"], max_retries=max_retries)
    return instructor.from_anthropic(client)


def scenarios_of(connect, **settings):
    def structured(cell, job, max_retries=0):
        value = connect(job, max_retries).create(
            model=cell["model"],
            messages=[{"role": "system", "content": job["system"]}, {"role": "user", "content": job["question"]}],
            response_model=Answer,
            max_retries=0,
            **settings,
        )
        return {"value": value.model_dump()}

    def images(cell, job):
        pictures = [instructor.Image.autodetect(url) for url in cell["images"]]
        value = connect(job, 0).create(
            model=cell["model"],
            messages=[{"role": "user", "content": [job["imageQuestion"], *pictures]}],
            response_model=Answer,
            max_retries=0,
            **settings,
        )
        return {"value": value.model_dump()}

    return {
        "structured": structured,
        "images": images,
        **failing(structured),
        "refused_object": structured,
        "refused_error": structured,
        "regenerated": structured,
        "retry": lambda cell, job: structured(cell, job, 2),
    }


run_program(
    {
        "instructor/chat": scenarios_of(openai_chat),
        "instructor/responses": scenarios_of(openai_responses),
        "instructor/messages": scenarios_of(anthropic_messages, max_tokens=500),
    }
)
