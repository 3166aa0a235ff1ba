import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Db, Tx } from '#src/platform/database.ts';
import { type Ground, note, strikes } from './ground.ts';
import type { Life } from './scheduler.ts';
import { SimulatedFault } from './simulatedFault.ts';
import { fingerprint } from './trace.ts';

/** What drizzle hands to a pool or a client. */
interface Query {
  text: string;
  rowMode?: 'array';
  types?: pg.CustomTypesConfig;
}

/** The parameters of a statement, also as text. */
interface Values {
  values: unknown[];
  print: string;
}

/** What the database answered, with a fingerprint of the rows for the trace. */
interface Answer {
  result: pg.QueryResult;
  print: string;
}

/** The one PostgreSQL of a simulated world, as each of its processes sees it. */
export interface SharedDatabase {
  dbOf(life: Life): Db;
  /** Does something in a process's transaction, as a step of it. */
  inTransaction<T>(tx: Tx, label: string, run: (client: ProcessClient) => T): Promise<T>;
  /** A statement that the world only pretends to make: a notification, a bell. */
  pretend<T>(life: Life, label: string, run: () => T): Promise<T>;
  /** A process has gone, or lost its sessions: what it had open is rolled back. */
  rollBack(life: Life): Promise<void>;
  /** Rises with every statement that changed rows, and every bell. */
  stirs(): number;
  stir(): void;
  /** Aborts at the next stir. */
  stirred(): AbortSignal;
  /** Reads something for the simulation's own use, as a step without faults. */
  peek<Row extends pg.QueryResultRow>(life: Life, text: string, values: unknown[]): Promise<Row[]>;
  onCommit(heard: (committed: (() => void)[]) => void): void;
}

/**
 * Longer statements are not kept prepared: they are one of a kind. The one that asks what is due of
 * all kinds is below it, and to plan it anew each time took half of the database's time.
 */
const preparedCharactersMax = 20_000;

/**
 * All simulated processes over one real connection. Outside a transaction each statement is a step.
 * A transaction has the database to itself from `begin` to its end: were others let in, they might
 * wait for its row locks, and the scheduler for them. Each of its statements is still a step, at
 * which its process may be killed or lose the connection.
 */
export function createSharedDatabase(ground: Ground, connection: pg.Client): SharedDatabase {
  const { scheduler, faults } = ground;
  let open: ProcessClient | null = null;
  let stirs = 0;
  let watched: AbortController | null = null;
  let heard: (committed: (() => void)[]) => void = () => undefined;

  async function ask(query: Query, given: Values): Promise<Answer> {
    const result = await askDatabase(query, given.values);
    return { result, print: fingerprint(JSON.stringify(result.rows)) };
  }

  async function askDatabase(query: Query, values: unknown[]): Promise<pg.QueryResult> {
    const prepared = query.text.length <= preparedCharactersMax;
    const result = await connection.query({
      ...(prepared ? { name: nameOf(query.text) } : {}),
      text: query.text,
      values,
      ...(query.rowMode ? { rowMode: query.rowMode } : {}),
      ...(query.types ? { types: query.types } : {}),
    } as pg.QueryConfig);
    if (result.command !== 'SELECT' && (result.rowCount ?? 0) > 0) stir();
    return result;
  }

  function stir(): void {
    stirs += 1;
    const told = watched;
    watched = null;
    told?.abort();
  }

  async function endOpen(): Promise<void> {
    if (!open) return;
    open.isBroken = true;
    open = null;
    await connection.query('rollback');
  }

  /** Whether the connection breaks at this statement, and when. */
  function drawLoss(mayRunFirst: boolean): 'before' | 'after' | null {
    if (!strikes(ground, 'database connection lost', faults.connectionLost)) return null;
    return mayRunFirst && ground.chance.fraction() < 0.5 ? 'after' : 'before';
  }

  function statement(
    life: Life,
    client: ProcessClient | null,
    asked: { query: Query; values: unknown[] },
  ): Promise<pg.QueryResult> {
    const { query } = asked;
    const { verb } = wordsOf(query.text);
    const isReady = () =>
      client?.isBroken || (client === null || verb === 'begin' ? open === null : open === client);
    return scheduler.step(
      life,
      async () => {
        // It may have broken while the statement waited.
        if (client?.isBroken) throw lost();
        const given = { values: asked.values, print: JSON.stringify(asked.values) };
        const at = `${wordsOf(query.text).line} ${fingerprint(given.print)}`;
        const loss = drawLoss(client === null || verb === 'commit');
        if (loss === 'before') {
          if (client && open === client) await endOpen();
          if (client) client.isBroken = true;
          note(ground, life, `${at} connection lost`);
          throw lost();
        }
        const { result, print } = await answer(client, query, given).catch((error: unknown) => {
          note(ground, life, `${at} failed: ${(error as { code?: string }).code}`);
          throw error;
        });
        note(ground, life, `${at} ${result.rowCount} ${print}`);
        if (loss === 'after') {
          note(ground, life, 'and its answer lost');
          if (client) client.isBroken = true;
          throw lost();
        }
        return result;
      },
      { isReady },
    );
  }

  async function answer(
    client: ProcessClient | null,
    query: Query,
    given: Values,
  ): Promise<Answer> {
    const answered = await ask(query, given);
    const { result } = answered;
    const { verb } = wordsOf(query.text);
    if (client && verb === 'begin') open = client;
    if (client && (verb === 'commit' || (verb === 'rollback' && !/ to /.test(query.text)))) {
      open = null;
      // A transaction that had failed answers its commit with ROLLBACK.
      if (result.command === 'COMMIT') heard(client.afterCommit);
      client.afterCommit = [];
    }
    return answered;
  }

  function pretend<T>(
    life: Life,
    label: string,
    run: () => T,
    client: ProcessClient | null = null,
  ): Promise<T> {
    const isReady = () => (client ? client.isBroken || open === client : true);
    return scheduler.step(
      life,
      async () => {
        if (client?.isBroken) throw lost();
        if (strikes(ground, 'database connection lost', faults.connectionLost)) {
          if (client && open === client) await endOpen();
          note(ground, life, `${label} connection lost`);
          throw lost();
        }
        note(ground, life, label);
        return run();
      },
      { isReady },
    );
  }

  return {
    dbOf: (life) =>
      drizzle(new ProcessPool(life, statement) as unknown as pg.Pool, { casing: 'snake_case' }),
    inTransaction(tx, label, run) {
      const client = clientOf(tx);
      return pretend(client.life, label, () => run(client), client);
    },
    pretend: (life, label, run) => pretend(life, label, run),
    async rollBack(life) {
      if (open?.life === life) await endOpen();
    },
    stirs: () => stirs,
    stir,
    stirred() {
      watched ??= new AbortController();
      return watched.signal;
    },
    peek: (life, text, values) =>
      scheduler.step(
        life,
        async () => {
          const { result } = await ask({ text }, { values, print: JSON.stringify(values) });
          return result.rows as never;
        },
        { isReady: () => open === null },
      ),
    onCommit(hears) {
      heard = hears;
    },
  };
}

type Statement = (
  life: Life,
  client: ProcessClient | null,
  asked: { query: Query; values: unknown[] },
) => Promise<pg.QueryResult>;

/** Drizzle knows a pool by the word in the name of its class. */
class ProcessPool {
  readonly #life: Life;
  readonly #statement: Statement;

  constructor(life: Life, statement: Statement) {
    this.#life = life;
    this.#statement = statement;
  }

  query(query: Query | string, values: unknown[] = []) {
    return this.#statement(this.#life, null, { query: asQuery(query), values });
  }

  async connect(): Promise<ProcessClient> {
    return new ProcessClient(this.#life, this.#statement);
  }
}

/** A connection taken from the pool, for one transaction. */
export class ProcessClient {
  readonly life: Life;
  readonly #statement: Statement;
  isBroken = false;
  /** What happens when, and only if, the transaction commits. */
  afterCommit: (() => void)[] = [];

  constructor(life: Life, statement: Statement) {
    this.life = life;
    this.#statement = statement;
  }

  query(query: Query | string, values: unknown[] = []) {
    return this.#statement(this.life, this, { query: asQuery(query), values });
  }

  release(): void {}
}

const asQuery = (query: Query | string) => (typeof query === 'string' ? { text: query } : query);

/** Drizzle keeps the client of a transaction in its session. */
const clientOf = (tx: Tx) =>
  (tx as unknown as { session: { client: ProcessClient } }).session.client;

const lost = () => new SimulatedFault('Connection terminated unexpectedly (simulated)');

const names = new Map<string, string>();

/** One name for each text, whoever asks first: what is prepared must not depend on earlier runs. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

/** What the trace says of a statement, worked out once for each text. */
const wordsOfTexts = new Map<string, { verb: string; line: string }>();

function wordsOf(text: string): { verb: string; line: string } {
  const known = wordsOfTexts.get(text);
  if (known) return known;
  const words = /^(\w+)(?:.*?(?:from|into|update) "?(\w+))?/s.exec(text);
  const verb = text.trimStart().split(/\s/, 1)[0]!;
  const made = { verb, line: `${words?.[1]} ${words?.[2] ?? ''} ${fingerprint(text)}` };
  wordsOfTexts.set(text, made);
  return made;
}
