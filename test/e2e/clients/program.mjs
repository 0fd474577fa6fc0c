/** What the client programs have in common: a job on standard input, a line of JSON for each of its cells on standard output. */

const atOnce = 6;

/**
 * Runs the cells of the job. `clients` has, for each client and dialect (`name/dialect`), one function for each scenario; a
 * function gets the cell and the job and says what the client saw.
 */
export async function runProgram(clients) {
  const job = JSON.parse(await text(process.stdin));
  const left = [...job.cells];
  const work = async () => {
    for (let cell = left.shift(); cell; cell = left.shift()) {
      // A model that thinks before it speaks is asked as any other.
      const name = cell.scenario.replace("thinking", "tools");
      const scenario = clients[`${cell.client}/${cell.dialect}`][name];
      const saw = await (cell.scenario === "streamed" ? seeAgain : see)(scenario, cell, job);
      process.stdout.write(`${JSON.stringify({ model: cell.model, saw })}\n`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Streams are read as often as the job says: the vendor writes and cuts each in another way. */
async function seeAgain(scenario, cell, job) {
  const all = [];
  while (all.length < job.times) all.push(await see(scenario, cell, job));
  return all;
}

async function see(scenario, cell, job) {
  try {
    return await scenario(cell, job);
  } catch (error) {
    return { error: said(error) };
  }
}

/** What a person who catches the error can know. */
function said(error) {
  const { type = null, code = null } = bodyOf(error);
  const headers = error.headers?.entries ? Object.fromEntries(error.headers) : error.responseHeaders;
  return {
    name: error.constructor.name,
    status: firstOf(error.status, error.statusCode, error.cause?.status),
    code: firstOf(error.code, code),
    type,
    message: error.message,
    retryAfter: firstOf(headers?.["retry-after"]),
  };
}

/** The innermost object that says what is wrong: some clients unwrap the vendor's body once, some twice. */
function bodyOf({ error, data }) {
  return error?.error ?? error ?? data?.error ?? {};
}

function firstOf(...values) {
  return values.find((value) => value !== undefined && value !== null) ?? null;
}

async function text(stream) {
  let all = "";
  for await (const chunk of stream.setEncoding("utf8")) all += chunk;
  return all;
}

/** What the application's own tools answer: a text, or a failure. */
export function runTool(job, name, given) {
  const result = name === "get_weather" ? job.weather[given.city] : undefined;
  return result === undefined ? { text: job.brokenTool, isError: true } : { text: result, isError: false };
}

/** The most turns that a conversation with tools may take. */
export const mostTurns = 5;

/** The scenarios in which a plain request fails. */
export function failing(plain) {
  return {
    error_own_key: (cell, job) => plain(cell, { ...job, key: job.unknownKey }),
    error_key: plain,
    error_alias: (cell, job) => plain({ ...cell, model: job.unknownModel }, job),
    error_model: plain,
    error_rate: plain,
    error_server: plain,
    error_context: plain,
  };
}

/** The scenarios in which an answer is not simply passed on. */
export function guarded({ plain, streamed, structured }) {
  return {
    broken: streamed,
    held: streamed,
    refused: plain,
    refused_object: structured,
    blocked: streamed,
    stopped: streamed,
    refused_error: plain,
    blocked_error: streamed,
    stopped_error: streamed,
    regenerated: plain,
    regenerated_streamed: streamed,
  };
}
