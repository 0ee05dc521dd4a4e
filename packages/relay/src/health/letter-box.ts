// Letters that are not sent yet, in memory and in a file of DATA_DIR: neither the database, which may be what fails, nor
// a restart is needed to keep them. There are few, and rarely any for longer than a second.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

export interface Letter {
  /** Stays the same over all tries. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attempts: number;
}

export interface LetterBox {
  all(): readonly Letter[];
  /** Adds it, or replaces the one of that id. */
  put(letter: Letter): void;
  remove(id: string): void;
}

function read(path: string): readonly Letter[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly Letter[];
  } catch {
    // There is none, or a person has changed it: then there is nothing to send.
    return [];
  }
}

/** @param onError a disk that does not take it: the letters are in memory all the same */
export function createLetterBox(path: string, onError: (error: unknown) => void): LetterBox {
  const letters = new Map(read(path).map((letter) => [letter.id, letter]));

  /** Written whole or not at all. */
  function keep(): void {
    try {
      if (letters.size === 0) {
        rmSync(path, { force: true });
        return;
      }
      writeFileSync(`${path}.new`, JSON.stringify([...letters.values()]), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (error) {
      onError(error);
    }
  }

  return {
    all: () => [...letters.values()],
    put(letter) {
      letters.set(letter.id, letter);
      keep();
    },
    remove(id) {
      if (letters.delete(id)) keep();
    },
  };
}
