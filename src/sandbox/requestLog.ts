import type { Clock } from '#src/platform/clock.ts';
import type { FaultKind, Faults, FetchHandler } from './faults.ts';

export interface RequestLogEntry {
  id: number;
  at: string;
  service: string;
  method: string;
  /** Path and query as they came. */
  path: string;
  /** Null when the connection was lost before an answer. */
  status: number | null;
  milliseconds: number;
  fault: FaultKind | null;
  /** The scheme of the Authorization header only; a key is never logged. */
  authorization: string | null;
  /** Whose key it was; null for a key that nobody has. */
  account: number | null;
}

/** Requests kept; older ones are forgotten. */
const ENTRIES_KEPT = 1000;

export interface RequestLog {
  /** The requests, oldest first. */
  entries(): readonly RequestLogEntry[];
  clear(): void;
  /** Puts the faults in front of `handler` and writes down what came and what was answered. */
  around(service: string, faults: Faults, handler: FetchHandler): FetchHandler;
}

/** accountOf  reads an Authorization header. */
export function createRequestLog(
  clock: Clock,
  accountOf: (authorization: string) => number | null,
): RequestLog {
  let entries: RequestLogEntry[] = [];
  let lastId = 0;

  return {
    entries: () => entries,
    clear() {
      entries = [];
    },
    around(service, faults, handler) {
      const struck = new WeakMap<Request, FaultKind>();
      const faulted = faults.wrap(handler, (request, kind) => struck.set(request, kind));
      return async (request) => {
        const url = new URL(request.url);
        const startedAt = clock.now();
        const authorization = request.headers.get('authorization');
        lastId += 1;
        const entry: RequestLogEntry = {
          id: lastId,
          at: startedAt.toISOString(),
          service,
          method: request.method,
          path: url.pathname + url.search,
          status: null,
          milliseconds: 0,
          fault: null,
          authorization: authorization?.split(' ')[0] ?? null,
          account: authorization ? accountOf(authorization) : null,
        };
        entries.push(entry);
        if (entries.length > ENTRIES_KEPT) entries.shift();
        try {
          const response = await faulted(request);
          entry.status = response.status;
          return response;
        } finally {
          entry.milliseconds = clock.now().getTime() - startedAt.getTime();
          entry.fault = struck.get(request) ?? null;
        }
      };
    },
  };
}
