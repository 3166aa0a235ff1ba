import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readConfig } from '#src/config.ts';
import type { Log } from '#src/platform/log.ts';
import { openProgram, type Program } from '#src/program.ts';
import { executeRun } from '#src/sync/runner.ts';
import { type Run, requestRun, runById } from '#src/sync/runs.ts';
import type { RemoteSimulator } from './simulator.ts';

/** The real program on a database, connected to the simulated account; no worker takes part. */
export interface Kiex {
  program: Program;
  connectionId: string;
  /** Asks for a run of the jobs and carries it out. */
  run(kind: Run['kind']): Promise<{ run: Run; milliseconds: number }>;
  close(): Promise<void>;
}

export async function openKiex(options: {
  simulator: RemoteSimulator;
  databaseUrl: string;
  callsPerMinute: number;
  log: Log;
}): Promise<Kiex> {
  const { simulator, databaseUrl, callsPerMinute, log } = options;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiex-bench-files-'));
  const read = readConfig({
    DATABASE_URL: databaseUrl,
    KIEX_DATA_DIR: folder,
    KIEX_SANDBOX: 'off',
    KIEX_ALLOW_INSECURE_PROVIDERS: 'on',
    KIEX_MANATAL_URL: simulator.manatalUrl,
    KIEX_MANAHOOK_URL: simulator.manahookUrl,
    KIEX_MANATAL_CALLS_PER_MINUTE: String(callsPerMinute),
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const program = await openProgram({ config: read.config, log, sandbox: null });
  const { parts, app } = program;
  const added = await app.integrations.addConnection(
    {
      provider: 'manatal',
      label: 'Manatal · bench',
      organizationName: 'Example Islands Employer',
      key: simulator.key,
    },
    'bench',
  );
  if (!added.ok) throw new Error(JSON.stringify(added.errors));
  const { connectionId } = added.value;
  return {
    program,
    connectionId,
    async run(kind) {
      const began = performance.now();
      const ask = {
        connectionId,
        resource: 'jobs',
        kind,
        trigger: 'command',
        requestedBy: 'bench',
      };
      const tools = { newId: parts.newId, now: parts.clock.now() };
      const { id } = await requestRun(parts.db, ask, tools);
      await executeRun(parts, id);
      const milliseconds = performance.now() - began;
      const run = (await runById(parts.db, id))!;
      if (run.state !== 'done') throw new Error(`the run is ${run.state}: ${run.reason}`);
      return { run, milliseconds };
    },
    async close() {
      await program.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
