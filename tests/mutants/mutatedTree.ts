import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutants.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** What tests and simulation read. */
const taken = ['src', 'tests', 'migrations', 'bin', 'docs'];
const files = /\.(json|ts|md)$|^\.npmrc$/;

/**
 * A copy of the project that is wrong in one place; null: as it is.
 * Fails  throws when the text to be replaced does not stand in its file exactly once.
 */
export function openMutatedTree(mutant: Mutant | null): { folder: string; remove(): void } {
  const text = mutant ? mutated(mutant) : null;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiex-mutant-'));
  // Copies, not the same files under another name: who goes on working here changes no tree there.
  const others = fs.readdirSync(project).filter((name) => files.test(name));
  for (const name of [...taken, ...others])
    fs.cpSync(path.join(project, name), path.join(folder, name), { recursive: true });
  fs.symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'));
  if (mutant && text !== null) {
    fs.writeFileSync(path.join(folder, mutant.file), text);
  }
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** The changed file. */
export function mutated({ name, file, find, replace }: Mutant): string {
  const text = fs.readFileSync(path.join(project, file), 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1)
    throw new Error(`"${name}": its text stands in ${file} ${times} times, not once:\n${find}`);
  return text.replace(find, () => replace);
}
