// A terminal for commands: what they print is kept, and a director's HTTP API stands in for a real one.

import { createServer, type IncomingMessage } from 'node:http';
import { type Command, type Io, runCommand } from '../../src/cli/command.ts';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end with these words and this environment. */
export async function runIn(
  command: Command,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    env,
    signal: new AbortController().signal,
  };
  const code = await runCommand(command, args, io);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

export interface FakeDirector extends AsyncDisposable {
  readonly url: string;
  readonly requests: { method: string; url: string; body: string; token: string | undefined }[];
}

/** Answers `METHOD /path` (without the query) with the status and JSON that stand there; else 404. */
export async function startFakeDirector(
  answers: Readonly<Record<string, { readonly status?: number; readonly json: unknown }>>,
  at = 0,
): Promise<FakeDirector> {
  const requests: FakeDirector['requests'] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = '', url = '' } = request;
      requests.push({ method, url, body, token: request.headers.authorization });
      const answer = answers[`${method} ${url.split('?')[0]}`];
      const problem = { code: 'request.not-found', detail: 'there is nothing at this address' };
      response.writeHead(answer?.status ?? (answer === undefined ? 404 : 200), {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(answer === undefined ? problem : answer.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
