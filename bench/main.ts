import { parseArgs } from 'node:util';
import { createLog } from '#src/platform/log.ts';
import { measureBackfill } from './backfill.ts';
import { openDatabases } from './databases.ts';
import { measurePaced } from './paced.ts';
import { measureQuiet } from './quiet.ts';
import { figuresInWords, writeFigures } from './report.ts';

// `npm run bench` prints the figures; `-- --write` puts them into docs/benchmarks.md, `-- --quick`
// leaves out the two minutes under the quota.
const { values } = parseArgs({
  options: { write: { type: 'boolean' }, quick: { type: 'boolean' } },
});
const log = createLog({ level: 'info', pretty: true, destination: process.stderr });
const databases = await openDatabases(log);
const timesMax = 2;
try {
  const tools = { databases, log };
  const backfill = await measureBackfill(tools, { jobs: 2_000, rounds: 5 });
  log.info('what a quiet run writes');
  const quiet = await measureQuiet(tools, { jobs: 2_000 });
  if (!values.quick) log.info('two minutes under the quota');
  const paced = values.quick ? null : await measurePaced(tools, { jobs: 20_000 });
  const words = figuresInWords({ backfill, quiet, paced });
  console.log(words);
  if (values.write) writeFigures(words);
  if (backfill.times > timesMax) {
    log.error(`KiEX took ${backfill.times.toFixed(2)} times as long as the floor`);
    process.exitCode = 1;
  }
} finally {
  await databases.close();
}
