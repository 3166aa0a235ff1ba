import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Switches } from '#src/sandbox/manatal/switches.ts';
import {
  type Row,
  type SimulatedManatal,
  simulatedManatal,
} from '../tests/kiex/simulatedManatal.ts';

export interface SimulatorAsk {
  key: string;
  /** Open, published jobs in the account, made before anything is measured. */
  jobs: number;
  switches: Partial<Switches>;
}

/** The simulated Manatal in a process of its own, with one account. */
export interface RemoteSimulator extends Omit<SimulatedManatal, 'rows'> {
  manatalUrl: string;
  manahookUrl: string;
  key: string;
  account: number;
  /** The kept rows of a collection of the account. */
  rows(collection: string): Promise<Row[]>;
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
  const simulator = simulatedManatal(`${url}/admin/`);
  return {
    ...simulator,
    manatalUrl: `${url}/open/v3`,
    manahookUrl: `${manahookUrl}/v1`,
    key: ask.key,
    account,
    rows: (collection) => simulator.rows(account, collection),
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
