import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutants.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** What tests and simulation read. */
const taken = ['src', 'tests', 'migrations', 'bin', 'docs'];
const files = /\.(json|ts|md)$|^\.npmrc$/;

export interface Tree {
  folder: string;
  remove(): void;
}

/** The project as it is now: who goes on working in it changes no tree that is made from this. */
export function copyProject(): Tree {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiex-mutant-'));
  const others = fs.readdirSync(project).filter((name) => files.test(name));
  for (const name of [...taken, ...others])
    fs.cpSync(path.join(project, name), path.join(folder, name), { recursive: true });
  fs.symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'));
  return treeIn(folder);
}

/** A copy that is wrong in one place; null: in none. */
export function openMutatedTree(mutant: Mutant | null, original: Tree): Tree {
  const folder = fs.mkdtempSync(`${original.folder}-`);
  fs.cpSync(original.folder, folder, { recursive: true });
  if (mutant) fs.writeFileSync(path.join(folder, mutant.file), mutated(mutant, original.folder));
  return treeIn(folder);
}

const treeIn = (folder: string): Tree => ({
  folder,
  remove: () => fs.rmSync(folder, { recursive: true, force: true }),
});

/**
 * The changed file.
 * Fails  throws when the text to be replaced does not stand in its file exactly once.
 */
export function mutated({ name, file, find, replace }: Mutant, folder = project): string {
  const text = fs.readFileSync(path.join(folder, file), 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1)
    throw new Error(`"${name}": its text stands in ${file} ${times} times, not once:\n${find}`);
  return text.replace(find, () => replace);
}
