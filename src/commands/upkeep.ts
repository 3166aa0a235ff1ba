import type { Command } from 'commander';
import { doctor } from './doctor.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { exitCodes, print } from './output.ts';

/** migrate, doctor: for whoever runs KiEX. */
export function addUpkeepCommands(kiex: Command): void {
  withJson(kiex.command('migrate'))
    .description('bring the database to this version')
    // Opening the program migrates; the command does it at a moment of one's choosing.
    .action((options: Json) =>
      withProgram(async () => {
        print({ migrated: true }, { ...options, words: 'The database is up to date.' });
        return exitCodes.done;
      }),
    );
  withJson(kiex.command('doctor'))
    .description('check database, keys, clock, providers and disk')
    .action((options: Json) => withProgram((program, config) => doctor(program, config, options)));
}
