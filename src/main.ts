import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { addConnectionCommands } from './commands/connections.ts';
import { addDeadLetterCommands } from './commands/deadLetters.ts';
import { addDecisionCommands } from './commands/decisions.ts';
import { addDevCommand } from './commands/dev.ts';
import { addListCommands } from './commands/lists.ts';
import { explainEnd } from './commands/output.ts';
import { addRecordCommands } from './commands/records.ts';
import { addServingCommands } from './commands/serving.ts';
import { addSyncCommand } from './commands/sync.ts';
import { addUpkeepCommands } from './commands/upkeep.ts';
import { addUserCommands } from './commands/users.ts';

// Nothing that loads React or better-auth may be imported here: both look at the environment as
// they are loaded, and it is settled only when a command opens the program.

// What was compiled at the last start is used again, which saves a third of the time to start. Where
// the folder cannot be written, nothing is lost but that.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/kiex', import.meta.url)));

const kiex = new Command('kiex')
  .description('Connects students with jobs kept in Manatal.')
  .showHelpAfterError('Add --help to see what can be said.')
  .exitOverride();

addServingCommands(kiex);
addDevCommand(kiex);
addUpkeepCommands(kiex);
addUserCommands(kiex);
addConnectionCommands(kiex);
addSyncCommand(kiex);
addListCommands(kiex);
addRecordCommands(kiex);
addDeadLetterCommands(kiex);
addDecisionCommands(kiex);

// A reader that has gone (`kiex runs | head`, a closed terminal) is no reason to stop half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await kiex.parseAsync();
} catch (error) {
  process.exit(explainEnd(error));
}
