import { createLog } from '#src/platform/log.ts';
import { measureBackfill, median } from './backfill.ts';
import { openDatabases } from './databases.ts';

const log = createLog({ level: 'info', pretty: false, destination: process.stderr });
const databases = await openDatabases(log);
try {
  const figures = await measureBackfill({ databases, log }, { jobs: 2_000, rounds: 5 });
  console.log(median(figures.floor), median(figures.kiex), figures.times);
} finally {
  await databases.close();
}
