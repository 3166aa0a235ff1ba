import type { Command } from 'commander';
import { prepareServing } from './opening.ts';
import type { Roles } from './serve.ts';

const serving: Record<string, { does: string; roles: Roles }> = {
  start: {
    does: 'web and worker in one process; with the sandbox unless KIEX_SANDBOX=off',
    roles: { web: true, worker: true, sandbox: true },
  },
  web: {
    does: 'pages and webhooks only',
    roles: { web: true, worker: false, sandbox: false },
  },
  worker: {
    does: 'the engine only; any number may run',
    roles: { web: false, worker: true, sandbox: false },
  },
};

/** start, web, worker: run until a signal asks for the end. */
export function addServingCommands(kiex: Command): void {
  for (const [name, { does, roles }] of Object.entries(serving)) {
    kiex
      .command(name)
      .description(does)
      .action(async () => {
        const { config, log } = prepareServing();
        const { serve } = await import('./serve.ts');
        await serve(config, log, roles);
        process.exit();
      });
  }
}
