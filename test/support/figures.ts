// Pages of figures on loopback, as an exporter serves them.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Figures extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
}

/** `write` gives the page of a path, in Prometheus's text format, and hears what was sent there. */
export async function startFigures(
  write: (path: string, body: string) => string,
): Promise<Figures> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const page = write(request.url ?? '', body);
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(page);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
