import fs from 'node:fs';
import { readGuards, readRules, rulesFile, withTable } from './ruleGuards.ts';

// `npm run docs:rules`: writes the table of docs/sync-rules.md anew from the titles of the tests.
fs.writeFileSync(rulesFile, withTable(readRules(), readGuards()));
