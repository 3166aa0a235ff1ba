import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FaultRule } from '#src/sandbox/faults.ts';
import type { Switches } from '#src/sandbox/manatal/switches.ts';
import type { RequestLogEntry } from '#src/sandbox/requestLog.ts';

export interface SimulatorAsk {
  key: string;
  /** Open, published jobs in the account, made before anything is measured. */
  jobs: number;
  switches: Partial<Switches>;
}

/** The simulated Manatal in a process of its own. */
export interface RemoteSimulator {
  manatalUrl: string;
  manahookUrl: string;
  key: string;
  requests(): Promise<RequestLogEntry[]>;
  forgetRequests(): Promise<void>;
  /** A fault in front of the simulator; see docs/manatal-simulator.md. */
  addFault(rule: Partial<FaultRule> & Pick<FaultRule, 'kind'>): Promise<void>;
  heal(): Promise<void>;
  shiftClock(milliseconds: number): Promise<void>;
  /** The kept rows of a collection. */
  rows(name: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const processFile = fileURLToPath(new URL('simulatorProcess.ts', import.meta.url));

export async function startSimulator(ask: SimulatorAsk): Promise<RemoteSimulator> {
  const child = fork(processFile, [JSON.stringify(ask)], { execArgv: [] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the simulator ended with ${code}`);
  });
  ended.catch(() => undefined);
  const [told] = await Promise.race([once(child, 'message'), ended]);
  const { url, manahookUrl, account } = told as {
    url: string;
    manahookUrl: string;
    account: number;
  };
  const api = `${url}/admin/api`;
  const send = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${api}${path}`, { method, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  };
  const read = async (path: string) => (await fetch(`${api}${path}`)).json();
  return {
    manatalUrl: `${url}/open/v3`,
    manahookUrl: `${manahookUrl}/v1`,
    key: ask.key,
    requests: async () => (await read('/requests')) as RequestLogEntry[],
    forgetRequests: () => send('DELETE', '/requests'),
    addFault: (rule) => send('POST', '/faults', rule),
    heal: () => send('DELETE', '/faults'),
    shiftClock: (milliseconds) => send('POST', '/clock', { milliseconds }),
    rows: async (name) => (await read(`/accounts/${account}/${name}`)) as Record<string, unknown>[],
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
