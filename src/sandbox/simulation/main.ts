import { writeFileSync } from 'node:fs';
import { simulate } from './run.ts';
import { scenario } from './scenario.ts';
import { drawSettings } from './settings.ts';
import { openWorldServer } from './worldServer.ts';

const args = process.argv.slice(2);
const arg = (n: string, d: string) => {
  const i = args.indexOf(n);
  return i < 0 ? d : args[i + 1]!;
};
const seed = Number(arg('--seed', '1')),
  runs = Number(arg('--runs', '1')),
  file = arg('--trace', '');
const server = await openWorldServer();
const t0 = performance.now();
let days = 0,
  steps = 0;
for (let s = seed; s < seed + runs; s++) {
  const t = performance.now();
  const st = drawSettings(s);
  const o = await simulate(server, st, { scenario, keepsTrace: file !== '' });
  days += o.providerDays;
  steps += o.steps;
  console.log(
    s,
    o.digest.slice(0, 12),
    o.steps,
    o.providerDays.toFixed(2),
    `${(performance.now() - t).toFixed(0)}ms poll ${st.pollSeconds}`,
    JSON.stringify(o.coverage),
    o.violations.length ? 'VIOLATION ' + o.violations.join('\n').slice(0, 1500) : '',
  );
  if (file) writeFileSync(file, o.trace.join('\n'));
}
const sec = (performance.now() - t0) / 1000;
console.log({ sec, days, perMinute: (days / sec) * 60, steps, stepsPerSec: steps / sec });
await server.close();
