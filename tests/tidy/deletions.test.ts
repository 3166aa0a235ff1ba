import { Visitor } from 'vite';
import { expect, test } from 'vitest';
import { faultAt, isTest, parse, readSources, type Source } from './source.ts';

/** Where an erasure or the end of a subscription may be asked for. */
const mayDelete = /^src\/providers\/[^/]+\/(webhooks|erasure)\.ts$/;

/** Requests that delete, in files of connectors that may not. */
function deletions(source: Source): string[] {
  const found: string[] = [];
  if (mayDelete.test(source.file)) return found;
  new Visitor({
    Property(node) {
      const { key, value } = node;
      const isMethod = key.type === 'Identifier' && key.name === 'method';
      if (!isMethod || value.type !== 'Literal' || value.value !== 'DELETE') return;
      found.push(faultAt(source, node.start, 'deletes at a provider'));
    },
  }).visit(source.program);
  return found;
}

test('[A2] no connector deletes records at a provider; only subscriptions are taken back', () => {
  const connectors = readSources(['src/providers']).filter(({ file }) => !isTest(file));
  expect(connectors.length).toBeGreaterThan(5);
  expect(connectors.flatMap(deletions)).toEqual([]);
  const made = parse('src/providers/manatal/candidates.ts', `call({ method: 'DELETE', path })`);
  expect(deletions(made)).toEqual(['src/providers/manatal/candidates.ts:1 deletes at a provider']);
});
