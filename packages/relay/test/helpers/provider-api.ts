// The APIs of providers as one small HTTP server: answers are given by host and path, requests are kept.
import { createServer, type IncomingMessage } from 'node:http';

export interface ApiRequest {
  readonly method: string;
  /** Host and path as the relay asked for them: `api.hubapi.com/crm/v3/objects/contacts/7`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly body: string;
}

export type ApiAnswer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, bytes as they are. */
  readonly body?: unknown;
};

export interface ProviderApi {
  readonly origin: string;
  readonly requests: ApiRequest[];
  /** Decides all requests from now on. Undefined is 404. */
  answer(by: (request: ApiRequest) => ApiAnswer | undefined): void;
  close(): Promise<void>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export async function startProviderApi(): Promise<ProviderApi> {
  const requests: ApiRequest[] = [];
  let decide: (request: ApiRequest) => ApiAnswer | undefined = () => undefined;
  const server = createServer((incoming, response) => {
    void textOf(incoming).then((body) => {
      const url = new URL(incoming.url ?? '/', 'http://x');
      const request = {
        method: incoming.method ?? '',
        path: decodeURIComponent(url.pathname.slice(1)),
        query: url.searchParams,
        authorization: incoming.headers.authorization ?? '',
        body,
      };
      requests.push(request);
      const answer = decide(request) ?? { status: 404, body: {} };
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body instanceof Uint8Array ? answer.body : JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const { port } = server.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    answer(by) {
      decide = by;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}
