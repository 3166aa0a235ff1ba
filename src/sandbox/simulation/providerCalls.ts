import type { Clock } from '#src/platform/clock.ts';
import type { FaultKind, FetchHandler } from '../faults.ts';
import type { ManatalSimulator } from '../manatal/simulator.ts';
import type { RequestLogEntry } from '../requestLog.ts';

/** One call of KiEX to a provider, as seen on the line between them. Times are milliseconds. */
export interface ProviderCall {
  /** The account whose key it came with; null for a key that nobody has. */
  accountId: number | null;
  service: 'open api' | 'manahook';
  method: string;
  /** Path and query, decoded. */
  path: string;
  body: string;
  sentAt: number;
  /** When the answer was there, or was lost; null: still on its way. */
  endedAt: number | null;
  /** Null: no answer came. */
  status: number | null;
  /** How long a 429 asks to be left alone. */
  waitSeconds: number | null;
  fault: FaultKind | null;
}

export interface Trace {
  /** In the order in which they were sent. */
  calls(): readonly ProviderCall[];
}

/** What a provider asks for when a 429 does not say. reference/manatal.md 4 */
const waitSecondsUnsaid = 60;

/** Other programs of the employer use the same line. */
const isOurs = (request: Request) => request.headers.get('user-agent')?.startsWith('KiEX') ?? false;

/** Stands on the line to the simulator and writes down every call of KiEX; alters none. */
export function traceCalls(
  simulator: Pick<ManatalSimulator, 'openApi' | 'manahook' | 'accounts' | 'requests'>,
  clock: Clock,
): Trace {
  const calls: ProviderCall[] = [];
  const around =
    (service: ProviderCall['service'], handler: FetchHandler): FetchHandler =>
    async (request) => {
      if (!isOurs(request)) return handler(request);
      const url = new URL(request.url);
      const key = request.headers.get('authorization')?.split(' ')[1];
      const call: ProviderCall = {
        accountId: simulator.accounts().find((account) => account.key === key)?.id ?? null,
        service,
        method: request.method,
        path: decode(url.pathname + url.search),
        body: request.body ? await request.clone().text() : '',
        sentAt: clock.now().getTime(),
        endedAt: null,
        status: null,
        waitSeconds: null,
        fault: null,
      };
      calls.push(call);
      // The simulator writes its entry down at once, and completes it later.
      const answering = handler(request);
      const entry: RequestLogEntry | undefined = simulator.requests().at(-1);
      try {
        const answer = await answering;
        call.status = answer.status;
        const said = Number(answer.headers.get('retry-after') ?? Number.NaN);
        if (answer.status === 429) call.waitSeconds = said >= 0 ? said : waitSecondsUnsaid;
        return answer;
      } finally {
        call.endedAt = clock.now().getTime();
        call.fault = entry?.fault ?? null;
      }
    };
  simulator.openApi = around('open api', simulator.openApi);
  simulator.manahook = around('manahook', simulator.manahook);
  return { calls: () => calls };
}

const decode = (path: string): string => decodeURIComponent(path.replaceAll('+', ' '));
