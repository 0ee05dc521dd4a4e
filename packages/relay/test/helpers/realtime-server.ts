// TEST PART. What Supabase Realtime does for a program, as far as our code uses it: stock supabase-js connects to it,
// protocol 1.0.0 and 2.0.0. Changes come from real logical replication of a real Postgres and are shown by real
// row-level security; everything else of the address is passed on to the API behind it.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { jwtVerify } from 'jose';
import postgres from 'postgres';
import { type WebSocket, WebSocketServer } from 'ws';
import { freePort } from './postgres.ts';

export interface RealtimeServerOptions {
  /** Where REST and auth are. */
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  readonly secretKey: string;
}

export interface RealtimeServer {
  /** `SUPABASE_URL` for programs. */
  readonly url: string;
  /** How many sockets are open. */
  readonly connections: () => number;
  /** Ends all sockets and lets none in. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

type Who = { readonly isService: boolean; readonly claims: Record<string, unknown> };
type Wish = { event: string; schema: string; table: string; filter?: string };
type Joined = {
  joinRef: string | null;
  topic: string;
  who: Who;
  wishes: (Wish & { id: number })[];
  isPrivate: boolean;
};
type Frame = {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: Record<string, unknown>;
};
type Row = Record<string, unknown>;

/** As Postgres writes them: dates stay days, and bigints are small enough for JSON here. */
const parsers = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  times: { to: 1184, from: [1082, 1114, 1184], serialize: String, parse: (text: string) => text },
};

function read(text: string, version: string): Frame {
  const value = JSON.parse(text) as unknown;
  if (version === '1.0.0') {
    const { join_ref: joinRef = null, ref, topic, event, payload } = value as Frame & { join_ref?: string };
    return { joinRef, ref, topic, event, payload };
  }
  const [joinRef, ref, topic, event, payload] = value as [string, string, string, string, Row];
  return { joinRef, ref, topic, event, payload };
}

function write({ joinRef, ref, topic, event, payload }: Frame, version: string): string {
  return JSON.stringify(
    version === '1.0.0'
      ? { join_ref: joinRef, ref, topic, event, payload }
      : [joinRef, ref, topic, event, payload],
  );
}

export async function startRealtimeServer(options: RealtimeServerOptions): Promise<RealtimeServer> {
  const sql = postgres(options.databaseUrl, { max: 4, types: parsers, onnotice: () => undefined });
  const replica = postgres(options.databaseUrl, {
    max: 1,
    types: parsers,
    publications: 'supabase_realtime',
    onnotice: () => undefined,
  });
  const sockets = new Map<WebSocket, { version: string; joined: Map<string, Joined> }>();
  let isCut = false;

  async function verify(token: string): Promise<Who> {
    if (token === options.secretKey) return { isService: true, claims: {} };
    const { payload } = await jwtVerify(token, new TextEncoder().encode(options.jwtSecret));
    return { isService: payload.role === 'service_role', claims: payload };
  }

  /** What the database itself says when this person asks. */
  async function asks(who: Who, question: (ask: postgres.TransactionSql) => Promise<readonly unknown[]>) {
    if (who.isService) return true;
    const rows = await sql.begin(async (ask) => {
      // The one form is read by PostgREST's auth.uid(), the other by the lightweight implementation's.
      await ask`select set_config('request.jwt.claims', ${JSON.stringify(who.claims)}, true),
        set_config('request.jwt.claim.sub', ${String(who.claims.sub)}, true)`;
      await ask.unsafe('set local role authenticated');
      return await question(ask);
    });
    return rows.length > 0;
  }

  const fits = ({ filter }: Wish, row: Row): boolean => {
    const [, column = '', value = ''] = /^(\w+)=eq\.(.*)$/.exec(filter ?? '') ?? [];
    return filter === undefined || filter === '' || String(row[column]) === value;
  };

  function send(socket: WebSocket, frame: Frame): void {
    const state = sockets.get(socket);
    if (state !== undefined && socket.readyState === socket.OPEN) socket.send(write(frame, state.version));
  }

  async function tell(
    type: 'INSERT' | 'UPDATE' | 'DELETE',
    table: string,
    row: Row,
    old: Row | null,
  ): Promise<void> {
    const key = table === 'client_list_cache' ? ['list_id', 'record_id'] : ['id'];
    const shown = type === 'DELETE' ? Object.fromEntries(key.map((name) => [name, old?.[name]])) : row;
    for (const [socket, { joined }] of sockets)
      for (const { joinRef, topic, who, wishes } of joined.values()) {
        const ids = wishes
          .filter(
            (wish) =>
              wish.table === table && (wish.event === '*' || wish.event === type) && fits(wish, shown),
          )
          .map(({ id }) => id);
        if (ids.length === 0) continue;
        const isSeen =
          type === 'DELETE' ||
          (await asks(who, (ask) => {
            const [first = '', second] = key;
            const where = ask`${ask(first)} = ${row[first] as string}`;
            return second === undefined
              ? ask`select 1 from ${ask(`public.${table}`)} where ${where}`
              : ask`select 1 from ${ask(`public.${table}`)} where ${where} and ${ask(second)} = ${row[second] as string}`;
          }));
        if (!isSeen) continue;
        const data = {
          schema: 'public',
          table,
          commit_timestamp: new Date().toISOString(),
          type,
          columns: [],
          ...(type === 'DELETE' ? {} : { record: row }),
          ...(type === 'INSERT' ? {} : { old_record: type === 'DELETE' ? shown : (old ?? {}) }),
          errors: null,
        };
        send(socket, { joinRef, ref: null, topic, event: 'postgres_changes', payload: { ids, data } });
      }
  }

  // One change after the other, as the log has them.
  let telling: Promise<void> = Promise.resolve();
  const { unsubscribe } = await replica.subscribe('*', (row, info) => {
    const { command, relation } = info as { command: string; relation: { table: string } };
    const old = 'old' in info ? (info.old as Row | null) : null;
    const type = command.toUpperCase() as 'INSERT' | 'UPDATE' | 'DELETE';
    telling = telling.then(() =>
      tell(type, relation.table, (row ?? {}) as Row, type === 'DELETE' ? (row as Row) : old),
    );
  });

  async function join(
    socket: WebSocket,
    { joinRef, ref, topic, payload }: Frame,
    fallback: string,
  ): Promise<void> {
    const config = (payload.config ?? {}) as { postgres_changes?: Wish[]; private?: boolean };
    const reply = (status: string, response: unknown) =>
      send(socket, { joinRef, ref, topic, event: 'phx_reply', payload: { status, response } as Row });
    let who: Who;
    try {
      who = await verify(String(payload.access_token ?? fallback));
    } catch {
      return reply('error', { reason: 'Unauthorized' });
    }
    const isPrivate = config.private === true;
    const listId = /^realtime:client-updates:(.+)$/.exec(topic)?.[1] ?? '';
    if (isPrivate && !(await asks(who, (ask) => ask`select 1 where public.ws_my_role(${listId}) <> ''`)))
      return reply('error', {
        reason: 'Unauthorized: You do not have permissions to read from this Channel topic',
      });
    const wishes = (config.postgres_changes ?? []).map((wish, index) => ({ ...wish, id: index + 1 }));
    sockets.get(socket)?.joined.set(topic, { joinRef, topic, who, wishes, isPrivate });
    reply('ok', { postgres_changes: wishes });
    if (wishes.length > 0) {
      const said = {
        status: 'ok',
        extension: 'postgres_changes',
        channel: topic,
        message: 'Subscribed to PostgreSQL',
      };
      send(socket, { joinRef, ref: null, topic, event: 'system', payload: said });
    }
  }

  async function onFrame(socket: WebSocket, frame: Frame, apikey: string): Promise<void> {
    const { joinRef, ref, topic, event, payload } = frame;
    const joined = sockets.get(socket)?.joined;
    if (event === 'phx_join') return await join(socket, frame, apikey);
    if (event === 'access_token') {
      const known = joined?.get(topic);
      if (known !== undefined)
        joined?.set(topic, { ...known, who: await verify(String(payload.access_token)) });
      return;
    }
    if (event === 'phx_leave') joined?.delete(topic);
    send(socket, { joinRef, ref, topic, event: 'phx_reply', payload: { status: 'ok', response: {} } });
  }

  function broadcast(
    messages: readonly { topic: string; event: string; payload: unknown; private?: boolean }[],
  ): void {
    for (const message of messages)
      for (const [socket, { joined }] of sockets) {
        const topic = `realtime:${message.topic}`;
        const found = joined.get(topic);
        if (found === undefined || found.isPrivate !== (message.private === true)) continue;
        const payload = { type: 'broadcast', event: message.event, payload: message.payload };
        send(socket, { joinRef: found.joinRef, ref: null, topic, event: 'broadcast', payload });
      }
  }

  async function onRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (incoming.url?.startsWith('/realtime/v1/api/broadcast')) {
      const isAllowed = !isCut && incoming.headers.apikey === options.secretKey;
      if (isAllowed)
        broadcast(
          (JSON.parse(body.toString('utf8')) as { messages: Parameters<typeof broadcast>[0] }).messages,
        );
      outgoing.writeHead(isAllowed ? 202 : 503).end();
      return;
    }
    const { host: _host, ...headers } = incoming.headers;
    const passed = httpRequest(new URL(incoming.url ?? '/', options.apiUrl), {
      method: incoming.method,
      headers,
    });
    passed.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.writeHead(502).end());
    passed.end(body);
  }

  const port = await freePort();
  const server = createServer((incoming, outgoing) => void onRequest(incoming, outgoing));
  const upgrades = new WebSocketServer({ noServer: true });
  server.on('upgrade', (incoming, socket, head) => {
    const url = new URL(incoming.url ?? '/', 'http://realtime.invalid');
    if (isCut || url.pathname !== '/realtime/v1/websocket') return void socket.destroy();
    const version = url.searchParams.get('vsn') ?? '1.0.0';
    const apikey = url.searchParams.get('apikey') ?? '';
    upgrades.handleUpgrade(incoming, socket, head, (opened) => {
      sockets.set(opened, { version, joined: new Map() });
      opened.on('close', () => sockets.delete(opened));
      opened.on('message', (data: Buffer) => {
        void onFrame(opened, read(data.toString('utf8'), version), apikey).catch(() => opened.terminate());
      });
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));

  const end = () => {
    for (const socket of sockets.keys()) socket.terminate();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => sockets.size,
    cut() {
      isCut = true;
      end();
    },
    mend: () => {
      isCut = false;
    },
    async close() {
      end();
      unsubscribe();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await Promise.allSettled([replica.end({ timeout: 1 }), sql.end({ timeout: 1 })]);
    },
  };
}
