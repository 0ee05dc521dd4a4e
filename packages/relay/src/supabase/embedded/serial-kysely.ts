// PGlite has one connection, and the library issues BEGIN and COMMIT on it without a lock: concurrent requests would
// run under each other's role. This Kysely takes a mutex for as long as it holds the connection.
import type { PGlite } from '@electric-sql/pglite';
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

/** First come, first served; `run` holds it for the length of a call. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves with the function that frees it. */
  async acquire(): Promise<() => void> {
    let free: () => void = () => undefined;
    const turn = this.#tail;
    this.#tail = new Promise((done) => {
      free = done;
    });
    await turn;
    return free;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const free = await this.acquire();
    try {
      return await work();
    } finally {
      free();
    }
  }
}

class HeldConnection implements DatabaseConnection {
  readonly free: () => void;
  readonly #database: PGlite;

  constructor(database: PGlite, free: () => void) {
    this.#database = database;
    this.free = free;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await this.#database.query<R>(query.sql, [...query.parameters]);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('PGlite does not stream');
  }
}

class SerialDriver implements Driver {
  readonly #database: PGlite;
  readonly #mutex: Mutex;

  constructor(database: PGlite, mutex: Mutex) {
    this.#database = database;
    this.#mutex = mutex;
  }

  async init(): Promise<void> {
    await this.#database.waitReady;
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new HeldConnection(this.#database, await this.#mutex.acquire());
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof HeldConnection) connection.free();
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
    await this.#database.close();
  }
}

/** A Kysely that shares one PGlite safely, given that everything else on it takes the same mutex. */
export function createSerialKysely(database: PGlite, mutex: Mutex): Kysely<unknown> {
  return new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new SerialDriver(database, mutex),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
