/** A row as the simulator keeps it. */
export type Row = Record<string, unknown> & { id: number };

/** Looks into the simulated Manatal, and breaks its network, from outside. */
export interface SimulatedManatal {
  /** Kept rows: `jobs`, `candidates`, `matches`, `resumes`, `notes`, `deliveries` … */
  rows(account: number, collection: string): Promise<Row[]>;
  /** Changes switches, such as `{ webhookLost: 1 }`. */
  set(switches: Record<string, unknown>): Promise<void>;
  /** Does the next request to this method and path, then resets the connection. */
  loseNextAnswer(method: string, path: string): Promise<void>;
  /** Faults that have not struck yet. */
  faultsLeft(): Promise<unknown[]>;
  /** What was asked of it, oldest first. */
  requests(): Promise<{ method: string; path: string; fault: string | null }[]>;
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
    return JSON.parse(text);
  };
  return {
    rows: (account, collection) => ask('GET', `accounts/${account}/${collection}`),
    set: (switches) => ask('PATCH', 'switches', switches),
    loseNextAnswer: (method, path) =>
      ask('POST', 'faults', { kind: 'answerLost', method, path, next: 1 }),
    faultsLeft: () => ask('GET', 'faults'),
    requests: () => ask('GET', 'requests'),
  };
}
