// `DATA_DIR/relay.json`: how the commands of this machine find the running relay. Readable by its owner alone.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RelayFile {
  readonly url: string;
  readonly pid: number;
  readonly adminToken: string;
}

const pathOf = (dataDir: string) => join(dataDir, 'relay.json');

/** Written whole or not at all: a command may read it at any moment. */
export function writeRelayFile(dataDir: string, file: RelayFile): void {
  const draft = `${pathOf(dataDir)}.new`;
  writeFileSync(draft, JSON.stringify(file), { mode: 0o600 });
  renameSync(draft, pathOf(dataDir));
}

/** Undefined when there is none, or none that can be read. */
export function readRelayFile(dataDir: string): RelayFile | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(dataDir), 'utf8')) as RelayFile;
  } catch {
    // No relay has run here, or its file belongs to somebody else: for a command both mean "none to talk to".
    return undefined;
  }
}

/** Removes the file of this process; another one's stays. */
export function removeRelayFile(dataDir: string): void {
  if (readRelayFile(dataDir)?.pid === process.pid) rmSync(pathOf(dataDir), { force: true });
}
