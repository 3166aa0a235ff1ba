import type { Clock } from '#src/platform/clock.ts';
import type { FaultKind, Faults, FetchHandler } from './faults.ts';

/** `Account` is what names an account at the provider, `Own` are faults only it knows. */
export interface RequestLogEntry<Account = number, Own extends string = never> {
  id: number;
  at: string;
  service: string;
  method: string;
  /** Path and query as they came. */
  path: string;
  /** Null when the connection was lost before an answer. */
  status: number | null;
  milliseconds: number;
  fault: FaultKind | Own | null;
  /** The scheme of the Authorization header, or that there was a bare key; never the key. */
  authorization: string | null;
  /** Whose key it was; null for a key that nobody has. */
  account: Account | null;
}

/** Requests kept; older ones are forgotten. */
const ENTRIES_KEPT = 1000;

export interface RequestLog<Account, Own extends string> {
  /** The requests, oldest first. */
  entries(): readonly RequestLogEntry<Account, Own>[];
  clear(): void;
  /** Puts the faults in front of `handler` and writes down what came and what was answered. */
  around(service: string, faults: Faults<Own>, handler: FetchHandler): FetchHandler;
}

/** accountOf  reads the headers of a request. */
export function createRequestLog<Account = number, Own extends string = never>(
  clock: Clock,
  accountOf: (headers: Headers) => Account | null,
): RequestLog<Account, Own> {
  let entries: RequestLogEntry<Account, Own>[] = [];
  let lastId = 0;

  return {
    entries: () => entries,
    clear() {
      entries = [];
    },
    around(service, faults, handler) {
      const struck = new WeakMap<Request, FaultKind | Own>();
      const faulted = faults.wrap(handler, (request, kind) => struck.set(request, kind));
      return async (request) => {
        const url = new URL(request.url);
        const startedAt = clock.now();
        const authorization = request.headers.get('authorization');
        lastId += 1;
        const entry: RequestLogEntry<Account, Own> = {
          id: lastId,
          at: startedAt.toISOString(),
          service,
          method: request.method,
          path: url.pathname + url.search,
          status: null,
          milliseconds: 0,
          fault: null,
          authorization: authorization && schemeOf(authorization),
          account: accountOf(request.headers),
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

function schemeOf(authorization: string): string {
  const [scheme = '', ...rest] = authorization.split(' ');
  return rest.length > 0 ? scheme : 'key';
}
