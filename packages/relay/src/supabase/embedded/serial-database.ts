// PGlite has one connection, and the library issues BEGIN and COMMIT on it without a lock: concurrent requests would
// run under each other's role. Here is the one mutex of that connection, for the library's Kysely and our own calls.
import type { PGlite, Transaction } from '@electric-sql/pglite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';

type Rows<R> = { rows: R[]; affectedRows?: number };

/** The connection while somebody has it to themselves. */
export type Held = {
  query<R>(sql: string, parameters?: readonly unknown[]): Promise<Rows<R>>;
  release(): void;
};

/** After these, or when the engine itself trapped, another query would compute for ever (seen with PGlite 0.4.5). */
function isFatal(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  if ('severity' in error) return error.severity === 'PANIC' || error.severity === 'FATAL';
  return error.name === 'RuntimeError' || error.name === 'ExitStatus';
}

export class SerialDatabase {
  readonly #database: PGlite;
  readonly #onFatal: (error: unknown) => void;
  #tail: Promise<void> = Promise.resolve();

  /** @param onFatal the database can do nothing more; its thread has to end */
  constructor(database: PGlite, onFatal: (error: unknown) => void) {
    this.#database = database;
    this.#onFatal = onFatal;
  }

  /** First come, first served. Who holds it must release it. */
  async hold(): Promise<Held> {
    let release: () => void = () => undefined;
    const turn = this.#tail;
    this.#tail = new Promise((done) => {
      release = done;
    });
    await turn;
    return {
      query: (sql, parameters = []) => this.#watch(this.#database.query(sql, [...parameters])),
      release,
    };
  }

  /** One statement with parameters. */
  async query<R>(sql: string, parameters: readonly unknown[] = []): Promise<Rows<R>> {
    const held = await this.hold();
    try {
      return await held.query<R>(sql, parameters);
    } finally {
      held.release();
    }
  }

  /** Any number of statements, without parameters. */
  exec(sql: string): Promise<void> {
    return this.#alone(async () => {
      await this.#database.exec(sql);
    });
  }

  transaction(work: (transaction: Transaction) => Promise<void>): Promise<void> {
    return this.#alone(() => this.#database.transaction(work));
  }

  /** Waits for what is running, then closes the files. */
  close(): Promise<void> {
    return this.#alone(() => this.#database.close());
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const held = await this.hold();
    try {
      return await this.#watch(work());
    } finally {
      held.release();
    }
  }

  async #watch<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (isFatal(error)) this.#onFatal(error);
      throw error;
    }
  }
}

class HeldConnection implements DatabaseConnection {
  readonly held: Held;

  constructor(held: Held) {
    this.held = held;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await this.held.query<R>(query.sql, query.parameters);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('PGlite does not stream');
  }
}

class SerialDriver implements Driver {
  readonly #database: SerialDatabase;

  constructor(database: SerialDatabase) {
    this.#database = database;
  }

  async init(): Promise<void> {
    // The owner opened it.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new HeldConnection(await this.#database.hold());
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof HeldConnection) connection.held.release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    // The owner closes it.
  }
}

/** A Kysely that holds the mutex for as long as it holds the connection: a whole transaction, roles and all. */
export function createSerialKysely(database: SerialDatabase): Kysely<unknown> {
  return new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new SerialDriver(database),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
