import { type Bindings, type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

export type Log = Logger;

/** Keys whose values never reach a log: secrets, and what would tell who a person is. [P3] [P5] */
const hiddenKey =
  /(authorization|cookie|token|password|secret|e-?mail|phone|phone_?number|api[-_]?key)$|^(name|(first|last|full)[-_]?name|address|key|secret-?keys|body)$/i;

/** What personal values look like inside a sentence, for messages that other code wrote. */
const personal = [
  { shape: /[\w.+-]+@[\w-]+(\.[\w-]+)+/g, instead: '[e-mail]' },
  { shape: /\b(Bearer|Token|Basic)\s+[\w.~+/=-]{8,}/gi, instead: '$1 [hidden]' },
  // Drizzle puts the values of a failed statement behind this word.
  { shape: /\nparams: [^\n]*/g, instead: '\nparams: [hidden]' },
];

const depthMax = 6;
const messageMax = 2_000;

/**
 * Makes the log: JSON lines, or short lines for a person.
 *
 * pretty       null: lines for a person when the destination is a terminal.
 * destination  standard output unless said.
 */
export function createLog(options: {
  level: string;
  pretty: boolean | null;
  destination?: DestinationStream;
}): Log {
  const destination = options.destination ?? process.stdout;
  const pretty = options.pretty ?? ('isTTY' in destination && destination.isTTY === true);
  const log = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => hide(fields, 0) as Record<string, unknown>,
      },
      hooks: {
        logMethod(parts, method) {
          const [first] = parts as unknown[];
          // Given an error alone, pino would copy its message as it is.
          const all = first instanceof Error && parts.length === 1 ? [first, first.message] : parts;
          method.apply(
            this,
            all.map((part) => (typeof part === 'string' ? hidePersonal(part) : part)) as never,
          );
        },
      },
      // `hide` has turned errors into plain fields by then.
      serializers: { err: (error: unknown) => error },
    },
    pretty ? forPeople(destination) : destination,
  );
  return hidingFieldsOfChildren(log);
}

// pino passes the fields of a child by its formatters. Children inherit this `child`.
function hidingFieldsOfChildren(log: Logger): Logger {
  const original = log.child;
  const child = function (this: Logger, fields: Bindings, options?: object) {
    return Reflect.apply(original, this, [hide(fields, 0), options]);
  };
  return Object.assign(log, { child });
}

/** A copy without secrets and personal values, errors reduced to what a developer needs. */
function hide(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return hidePersonal(value);
  if (value instanceof Error) return describeError(value, depth);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (depth >= depthMax) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => hide(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      hiddenKey.test(key) ? '[hidden]' : hide(inner, depth + 1),
    ]),
  );
}

// Only named fields: database errors carry the row's values in `detail`, `where` and `params`.
function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, constraint, table, column } = error as unknown as Record<string, unknown>;
  return {
    type: error.name,
    message: hidePersonal(error.message),
    stack: hidePersonal(error.stack ?? ''),
    ...Object.fromEntries(
      Object.entries({ code, constraint, table, column }).filter(([, value]) => value),
    ),
    ...(error.cause && depth < depthMax ? { cause: hide(error.cause, depth + 1) } : {}),
  };
}

function hidePersonal(text: string): string {
  const cut = text.length > messageMax ? `${text.slice(0, messageMax)}…` : text;
  return personal.reduce((rest, { shape, instead }) => rest.replace(shape, instead), cut);
}

/** Turns each JSON line into `14:02:11 warn  words  field=value`. */
function forPeople(destination: DestinationStream): DestinationStream {
  return {
    write(line) {
      const { time, level, msg, pid: _pid, err, ...fields } = JSON.parse(line);
      const rest = Object.entries(fields).map(([key, value]) => `${key}=${inLine(value)}`);
      const first = [time.slice(11, 19), level.padEnd(5), msg ?? '', ...rest].join('  ').trimEnd();
      destination.write(err ? `${first}\n${err.stack ?? inLine(err)}\n` : `${first}\n`);
    },
  };
}

function inLine(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
