// Mails to people: one way out for all parts that write some, over the mail server of the settings.
import { AppError } from '@wedsync/shared';
import { createTransport } from 'nodemailer';

export interface Message {
  readonly to: string;
  readonly subject: string;
  /** Plain text; addresses in it become links in every mail program. */
  readonly text: string;
  /** The same for every try: a mail server, or a mail program, then tells a repeat from another mail. */
  readonly id?: string;
}

export interface Mail {
  /** False without SMTP_URL: then nothing can be sent. */
  readonly isConfigured: boolean;
  /**
   * Resolves when the mail server took it. Rejects `not-configured`, or `upstream-failed`: retryable, but for an
   * address that the mail server will never take.
   */
  send(message: Message): Promise<void>;
  /** Whether the mail server answers and takes the sign-in; rejects as `send`. */
  verify(): Promise<void>;
  close(): void;
}

export interface MailOptions {
  /** `smtp://user:password@host:port`, or `smtps:`. */
  readonly smtpUrl: string | undefined;
  /** Address that stands as the sender. Default: the user of the mail server, where that is an address. */
  readonly from: string | undefined;
}

/** A mail server that does not answer by then is away; the ready-made limits are minutes. */
const CONNECT_MS = 6_000;
const SEND_MS = 20_000;

/** The sender when none is set. */
export function defaultFrom(smtpUrl: string): string {
  const { username, hostname } = new URL(smtpUrl);
  const user = decodeURIComponent(username);
  return user.includes('@') ? user : `wedsync@${hostname}`;
}

/** The mail server said for good (5xx) that there is no such recipient. */
function isAddressRefused(error: unknown): boolean {
  if (!(error instanceof Error) || !('command' in error) || !('responseCode' in error)) return false;
  return error.command === 'RCPT TO' && Number(error.responseCode) >= 500;
}

export function createMail({ smtpUrl, from }: MailOptions): Mail {
  if (smtpUrl === undefined) {
    const refuse = () => Promise.reject(new AppError('not-configured', { message: 'SMTP_URL is not set' }));
    return { isConfigured: false, send: refuse, verify: refuse, close: () => undefined };
  }
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SEND_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const sender = { name: 'WedSync', address: from ?? defaultFrom(smtpUrl) };
  const domain = sender.address.split('@').at(-1);
  const failed = (cause: unknown, retryable = true) =>
    new AppError('upstream-failed', { message: 'the mail server did not take it', cause, retryable });

  return {
    isConfigured: true,
    async send({ to, subject, text, id }) {
      const messageId = id === undefined ? {} : { messageId: `<${id}@${domain}>` };
      await transport.sendMail({ from: sender, to, subject, text, ...messageId }).catch((cause: unknown) => {
        throw failed(cause, !isAddressRefused(cause));
      });
    },
    async verify() {
      await transport.verify().catch((cause: unknown) => {
        throw failed(cause);
      });
    },
    close: () => transport.close(),
  };
}
