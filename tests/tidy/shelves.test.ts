import { expect, test } from 'vitest';
import { shelfFaults } from './shelves.ts';
import { parse, readSources } from './source.ts';

test('an import points to the same shelf or a lower one', () => {
  expect(readSources(['src']).flatMap(shelfFaults)).toEqual([]);
});

test.each([
  ['src/platform/a.ts', `import { b } from '#src/sync/b.ts';`],
  ['src/sync/a.ts', `import type { Job } from '../jobs/job.ts';`],
  ['src/jobs/a.ts', `export * from '#src/applications/store.ts';`],
  ['src/students/a.ts', `type Job = import('#src/jobs/job.ts').Job;`],
  ['src/integrations/a.ts', `const b = await import('#src/providers/manatal/b.ts');`],
  ['src/providers/a.ts', `import '#src/sandbox/world.ts';`],
  ['src/jobs/store.ts', `import { app } from '#src/app.ts';`],
  ['src/jobs/store.ts', `import { appContext } from '#src/pageContext.ts';`],
  ['src/jobs/store.ts', `import { Board } from './board.tsx';`],
  ['src/utils/a.ts', ''],
  ['src/app.ts', `import { createTestWorld } from './sandbox/testWorld.ts';`],
])('in %s this is a fault: %s', (file, text) => {
  expect(shelfFaults(parse(file, text))).toHaveLength(1);
});

test.each([
  [
    'src/applications/a.ts',
    `import { b } from '#src/jobs/b.ts'; import { db } from '#src/sync/x.ts';`,
  ],
  ['src/jobs/board.tsx', `import { appContext } from '#src/pageContext.ts';`],
  ['src/jobs/board.tsx', `import type { Route } from './+types/board.ts';`],
  ['src/web/pages.ts', `import type * as Entry from '#src/entry.server.tsx';`],
  ['src/app.ts', `import { b } from './sandbox/b.ts'; import pg from 'pg';`],
  ['src/sandbox/testWorld.ts', `import { fileDoor } from '#src/web/fileDoor.ts';`],
  ['src/sync/plan.test.ts', `import { world } from '#src/sandbox/world.ts';`],
])('in %s this is none: %s', (file, text) => {
  expect(shelfFaults(parse(file, text))).toEqual([]);
});
