// The commands of this machine as somebody at the terminal, or a script, runs them.
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = resolve(import.meta.dirname, '../../src/cli');
const coverageDir = process.env.COVERAGE_DIR;

export interface CommandResult {
  /** 0 when it went well. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `src/cli/<script>` on a data folder to its end. */
export async function command(
  script: string,
  args: readonly string[],
  dataDir: string,
  more: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const env = {
    ...process.env,
    ...(coverageDir === undefined ? {} : { NODE_V8_COVERAGE: coverageDir }),
    DATA_DIR: dataDir,
    ...more,
  };
  try {
    return { code: 0, ...(await run(process.execPath, [join(folder, script), ...args], { env })) };
  } catch (error) {
    return error as CommandResult;
  }
}
