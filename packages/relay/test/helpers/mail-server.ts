// A real SMTP server on a port of its own that keeps what it was sent.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface TestMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}

export interface MailServer {
  readonly url: string;
  readonly mails: TestMail[];
  /** The next so many mails are answered `451 try again later`. */
  refuse(times: number): void;
  /** How many it has answered so. */
  readonly refused: number;
  stop(): Promise<void>;
  /** Again on the same port. */
  start(): Promise<void>;
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function toMail(to: string, source: string): TestMail {
  const [head = '', body = ''] = source.split(/\r?\n\r?\n(.*)/s);
  const header = (name: string) =>
    new RegExp(`^${name}: (.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(head)?.[1]?.replaceAll(/\r?\n[ \t]/g, ' ') ??
    '';
  return {
    to,
    subject: header('Subject'),
    text: decodeBody(body, header('Content-Transfer-Encoding')),
    messageId: header('Message-ID'),
  };
}

export async function startMailServer(): Promise<MailServer> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  probe.close();
  await once(probe, 'close');
  const mails: TestMail[] = [];
  let server: SMTPServer;
  let toRefuse = 0;
  let refused = 0;

  async function start(): Promise<void> {
    server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      onAuth: (_auth, _session, done) => done(null, { user: 'wedsync' }),
      onData(stream, session, done) {
        let source = '';
        stream.setEncoding('utf8').on('data', (text: string) => {
          source += text;
        });
        stream.on('end', () => {
          if (toRefuse > 0) {
            toRefuse -= 1;
            refused += 1;
            done(Object.assign(new Error('try again later'), { responseCode: 451 }));
            return;
          }
          for (const { address: to } of session.envelope.rcptTo) mails.push(toMail(to, source));
          done();
        });
      },
    });
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  }

  await start();
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse(times) {
      toRefuse = times;
    },
    get refused() {
      return refused;
    },
    start,
    stop: () => new Promise((done) => server.close(done)),
  };
}
