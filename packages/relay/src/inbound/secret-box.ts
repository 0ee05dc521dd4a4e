// Encrypts the secrets of sources at rest: AES-256-GCM under the relay's key, bound to the row it belongs to.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '@wedsync/shared';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Raised when the form changes; a sealed text starts with it. */
const VERSION = 'v1';

export interface SecretBox {
  /** `purpose` names the row; the same text must be given to open it. */
  seal(text: string, purpose: string): string;
  /** Throws `bad-config` when the key is another one than it was sealed with, or the text was changed. */
  open(sealed: string, purpose: string): string;
}

/**
 * @param key RELAY_ENCRYPTION_KEY: 32 bytes as base64, or any other text of at least 16 characters, stretched
 */
export function createSecretBox(key: string): SecretBox {
  const decoded = Buffer.from(key, 'base64');
  if (key.length < 16) throw new AppError('bad-config', { message: 'RELAY_ENCRYPTION_KEY is too short' });
  const material =
    decoded.length === KEY_BYTES
      ? decoded
      : Buffer.from(hkdfSync('sha256', key, '', 'wedsync source secrets', KEY_BYTES));
  return {
    seal(text, purpose) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', material, nonce).setAAD(Buffer.from(purpose, 'utf8'));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${sealed.toString('base64')}`;
    },
    open(sealed, purpose) {
      const [version, content = ''] = sealed.split('.');
      const bytes = Buffer.from(content, 'base64');
      try {
        if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES)
          throw new Error('not a sealed text');
        const decipher = createDecipheriv('aes-256-gcm', material, bytes.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(purpose, 'utf8'))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        const middle = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
        return Buffer.concat([decipher.update(middle), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new AppError('bad-config', {
          message: 'a stored secret does not open: RELAY_ENCRYPTION_KEY is not the one it was stored with',
          cause: error,
        });
      }
    },
  };
}
