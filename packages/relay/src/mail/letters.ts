// What the mails to people say, and how one goes out: by the mail server, or on the terminal where there is none.
import type { GivenRole } from '@wedsync/shared';
import type { Mail, Message } from './mail.ts';

const DAY_MS = 86_400_000;

const day = (ms: number): string => new Date(ms).toUTCString().slice(0, 16);
/** A name from outside stands in a subject line: one line, and not a novel. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 100);

export interface InvitationLetter {
  readonly to: string;
  readonly listName: string;
  readonly from: string;
  readonly role: GivenRole;
  readonly link: string;
  readonly expiresAt: number;
}

export function invitationLetter(letter: InvitationLetter): Message {
  const { to, from, role, link, expiresAt } = letter;
  const listName = oneLine(letter.listName);
  const may = role === 'editor' ? 'see and change its couples' : 'see its couples';
  return {
    to,
    subject: `${oneLine(from)} invites you to the list “${listName}”`,
    text: [
      `${oneLine(from)} would like to share the list “${listName}” with you. You will be able to ${may}.`,
      `Open this link to accept; it works once, until ${day(expiresAt)}:\n${link}`,
      'If you did not expect this, do nothing.',
    ].join('\n\n'),
  };
}

export function resetLetter(letter: { to: string; link: string }): Message {
  return {
    to: letter.to,
    subject: 'A new password for WedSync',
    text: [
      'Somebody, most likely you, asked for a new password for this address.',
      `Open this link to choose one; it works once, within the hour:\n${letter.link}`,
      'If it was not you, do nothing: your password stays as it is.',
    ].join('\n\n'),
  };
}

export const INVITATION_LIFE_MS = 7 * DAY_MS;
export const RESET_LIFE_MS = DAY_MS / 24;

export interface Postman {
  /** True when a mail server took it. False: printed on the terminal, or (with a mail server) reported as failed. */
  deliver(message: Message): Promise<boolean>;
}

/** @param say prints for the person who runs the relay; @param onFailed told of a mail server that did not take one */
export function createPostman(
  mail: Mail,
  say: (line: string) => void,
  onFailed: (error: unknown) => void,
): Postman {
  return {
    async deliver(message) {
      if (!mail.isConfigured) {
        const lines = [`To: ${message.to}`, `Subject: ${message.subject}`, '', ...message.text.split('\n')];
        say(['No mail server is set (SMTP_URL); this would have been sent:', ...lines].join('\n  '));
        return false;
      }
      try {
        await mail.send(message);
        return true;
      } catch (error) {
        onFailed(error);
        return false;
      }
    },
  };
}
