// How the commands of this machine reach the running relay: address and admin token lie beside its data.
import { readConfig } from '../config.ts';
import { readRelayFile } from '../relay-file.ts';

/** Something that the person at the terminal can put right; its message is all that they see. */
export class CommandError extends Error {}

export interface AdminClient {
  readonly url: string;
  /** Calls `/api/admin/<path>`; the parsed answer. Rejects with CommandError in the relay's words. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A relay of another user is running as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @throws CommandError when no relay runs on this data folder */
export function findRelay(env: NodeJS.ProcessEnv = process.env): AdminClient {
  const dataDir = readConfig(env).DATA_DIR;
  const relay = findRunningRelay(dataDir);
  if (relay === undefined)
    throw new CommandError(
      `No relay is running on the data folder ${dataDir}. Start one with: npm start (or set DATA_DIR to its folder).`,
    );
  return relay;
}

/** The relay that runs on a data folder. */
export function findRunningRelay(dataDir: string): AdminClient | undefined {
  const file = readRelayFile(dataDir);
  if (file === undefined || !isRunning(file.pid)) return undefined;
  return {
    url: file.url,
    async call(method, path, body) {
      const response = await ask(file.url, method, path, file.adminToken, body);
      const answer = (await response.json()) as { error?: { message: string } };
      if (!response.ok)
        throw new CommandError(answer.error?.message ?? `The relay answered ${response.status}.`);
      return answer;
    },
  };
}

async function ask(
  url: string,
  method: string,
  path: string,
  token: string,
  body: unknown,
): Promise<Response> {
  const hasBody = body !== undefined;
  try {
    return await fetch(`${url}/api/admin/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    });
  } catch (error) {
    throw new CommandError(`The relay at ${url} does not answer. Is it starting or stopping?`, {
      cause: error,
    });
  }
}

/** Runs a command: prints what it returns, or why it could not, and sets the exit code. */
export async function runCommand(command: () => Promise<string>): Promise<void> {
  try {
    console.log(await command());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
