import type { Clock } from '#src/platform/clock.ts';
import type { FetchHandler } from '#src/sandbox/faults.ts';
import type { ManatalSimulator } from '#src/sandbox/manatal/simulator.ts';
import type { RequestLogEntry } from '#src/sandbox/requestLog.ts';
import { type ProviderCall, readable } from '#src/sandbox/simulation/checkers/providerCall.ts';

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
    (handler: FetchHandler): FetchHandler =>
    async (request) => {
      if (!isOurs(request)) return handler(request);
      const url = new URL(request.url);
      const key = request.headers.get('authorization')?.split(' ')[1];
      const call: ProviderCall = {
        accountId: simulator.accounts().find((account) => account.key === key)?.id ?? null,
        key: key ?? '',
        method: request.method,
        path: readable(url.pathname + url.search),
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
  simulator.openApi = around(simulator.openApi);
  simulator.manahook = around(simulator.manahook);
  return { calls: () => calls };
}
