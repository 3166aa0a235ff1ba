import { systemClock } from '#src/platform/clock.ts';
import { outgoingFetch } from '#src/platform/httpClient.ts';
import { systemRandom } from '#src/platform/random.ts';
import { serveManatalSimulator } from '#src/sandbox/manatal/serve.ts';
import { createManatalSimulator } from '#src/sandbox/manatal/simulator.ts';
import { seedManyJobs } from '#src/sandbox/manyJobs.ts';
import type { SimulatorAsk } from './simulator.ts';

// The provider in a process of its own: it takes its time on another core, as a real one would, and
// outlives the process that is measured or killed.
const ask = JSON.parse(process.argv[2]!) as SimulatorAsk;
const simulator = createManatalSimulator({
  clock: systemClock,
  random: systemRandom,
  outgoing: outgoingFetch,
});
const account = simulator.addAccount({ label: 'Example Islands Employer', key: ask.key });
simulator.set(ask.switches);
seedManyJobs(simulator, { account: account.id, count: ask.jobs });
const serving = await serveManatalSimulator({ simulator, port: 0, manahookPort: 0 });
process.send!({ url: serving.url, manahookUrl: serving.manahookUrl, account: account.id });
process.once('disconnect', () => void serving.close().then(() => process.exit()));
