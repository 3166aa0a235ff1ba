import type { Clock } from '#src/platform/clock.ts';
import { exitCodes, say } from './output.ts';

/**
 * One press of Ctrl-C may arrive twice: the terminal sends it to every process, and npm (or
 * `node --watch`) passes on what it got itself. A person's second press comes later than this.
 */
const samePressMilliseconds = 400;

/** Aborts at the first signal that asks for the end; a second one ends the process at once. */
export function listenForEnd(clock: Clock): AbortSignal {
  const ending = new AbortController();
  let askedAt = 0;
  const asked = () => {
    const now = clock.now().getTime();
    if (!ending.signal.aborted) {
      askedAt = now;
      ending.abort();
    } else if (now - askedAt > samePressMilliseconds) {
      say('Ended at once. Nothing is lost; the next start takes up what still runs.');
      process.exit(exitCodes.interrupted);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked);
  return ending.signal;
}

/** Resolves when the signal aborts, or at once when it has. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
