import type { SandboxSigns } from '#src/app.ts';
import type { Config } from '#src/config.ts';
import type { Sandbox } from '#src/sandbox/start.ts';

/** What a person sees when KiEX is ready: where to look, how to sign in, how to stop. */
export function welcome(options: {
  config: Config;
  embedded: boolean;
  web: boolean;
  /** Null when this process serves no simulators. */
  sandbox: Sandbox | null;
  signs: SandboxSigns | null;
}): string[] {
  const { config, embedded, web, sandbox, signs } = options;
  const lines = web
    ? [line('KiEX', `http://localhost:${config.port}`)]
    : [line('KiEX worker', `reads ${config.manatalUrl}`)];
  if (web) lines.push(...(signs ? sandboxLines(signs, sandbox) : firstSteps));
  lines.push(
    line('Data', embedded ? `its own PostgreSQL in ${config.dataDir}` : 'your PostgreSQL'),
    line('Ctrl-C', 'stops everything; all data is kept'),
  );
  return ['', ...lines, ''];
}

const line = (name: string, words: string) => `  ${name.padEnd(13)} ${words}`;
const more = (words: string) => line('', words);

function sandboxLines(signs: SandboxSigns, sandbox: Sandbox | null): string[] {
  const lines = [line('Recruiter', `${signs.inspectorUrl}  (simulated Manatal)`)];
  if (signs.websiteUrl) lines.push(line('Website', `${signs.websiteUrl}  (simulated Wix)`));
  if (sandbox?.portWasTaken) lines.push(more('its usual port is taken, so it chose a free one'));
  if (!sandbox) lines.push(more('it runs in another process: kiex start'));
  for (const { role, email, password } of signs.signIns) {
    lines.push(line(`As ${role}`, `${email}  ${password}`));
  }
  return lines;
}

const firstSteps = [
  line('First steps', '1. Make an account for yourself (it asks for a password):'),
  more('   bin/kiex users create --role staff --name "Your Name" --email you@your.example'),
  more('2. Sign in and add your Manatal account in Integration Settings.'),
];
