import type { FaultRule } from '#src/sandbox/faults.ts';
import type { Switches } from '#src/sandbox/manatal/switches.ts';
import type { RequestLogEntry } from '#src/sandbox/requestLog.ts';

/** A row as the simulator keeps it. */
export type Row = Record<string, unknown> & { id: number };

/** Looks into the simulated Manatal, and breaks its network, from outside. */
export interface SimulatedManatal {
  /** Kept rows: `jobs`, `candidates`, `matches`, `resumes`, `notes`, `deliveries` … */
  rows(account: number, collection: string): Promise<Row[]>;
  /** One more employer's account; its id. */
  addAccount(account: { label: string; key: string }): Promise<number>;
  /** Posts that many varied, open jobs. */
  seedJobs(account: number, count: number): Promise<void>;
  /** The recruiter changes fields of a job. */
  editJob(account: number, job: number, fields: Record<string, unknown>): Promise<void>;
  /** The recruiter changes fields of a candidate, with the key of that account. */
  editCandidate(key: string, candidate: number, fields: Record<string, unknown>): Promise<void>;
  /** Changes switches, such as `{ webhookLost: 1 }`. */
  set(switches: Partial<Switches>): Promise<void>;
  /** A fault in front of the simulator; see docs/manatal-simulator.md. */
  addFault(rule: Partial<FaultRule> & Pick<FaultRule, 'kind'>): Promise<void>;
  /** Does the next request to this method and path, then resets the connection. */
  loseNextAnswer(method: string, path: string): Promise<void>;
  /** Faults that have not struck yet. */
  faultsLeft(): Promise<unknown[]>;
  /** Ends all faults. */
  heal(): Promise<void>;
  shiftClock(milliseconds: number): Promise<void>;
  /** What was asked of it, oldest first; it forgets old ones. */
  requests(): Promise<RequestLogEntry[]>;
  forgetRequests(): Promise<void>;
}

/** inspectorUrl  such as `http://127.0.0.1:4010/admin/`. */
export function simulatedManatal(inspectorUrl: string): SimulatedManatal {
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${inspectorUrl}api/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const addFault: SimulatedManatal['addFault'] = (rule) => ask('POST', 'faults', rule);
  return {
    rows: (account, collection) => ask('GET', `accounts/${account}/${collection}`),
    addAccount: async (account) => (await ask('POST', 'accounts', account)).id,
    seedJobs: (account, count) => ask('POST', 'seed-jobs', { account, count }),
    editJob: (account, job, fields) => ask('PATCH', `accounts/${account}/jobs/${job}`, fields),
    async editCandidate(key, candidate, fields) {
      const response = await fetch(new URL(`/open/v3/candidates/${candidate}/`, inspectorUrl), {
        method: 'PATCH',
        headers: { authorization: `Token ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      if (!response.ok) throw new Error(`candidate ${candidate}: ${response.status}`);
    },
    set: (switches) => ask('PATCH', 'switches', switches),
    addFault,
    loseNextAnswer: (method, path) => addFault({ kind: 'answerLost', method, path, next: 1 }),
    faultsLeft: () => ask('GET', 'faults'),
    heal: () => ask('DELETE', 'faults'),
    shiftClock: (milliseconds) => ask('POST', 'clock', { milliseconds }),
    requests: () => ask('GET', 'requests'),
    forgetRequests: () => ask('DELETE', 'requests'),
  };
}
