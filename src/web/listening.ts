import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#src/platform/clock.ts';
import { StartProblem } from '#src/platform/startProblem.ts';

interface Place {
  host: string;
  port: number;
}

/** How long requests that are being answered may take to finish when the server stops. */
const patienceMilliseconds = 3_000;
const closeStepMilliseconds = 50;

/**
 * Resolves when the server listens.
 *
 * Fails  StartProblem when the address cannot be had.
 */
export function listen(server: Server, { host, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(problemOf(error, { host, port }));
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
}

/**
 * Finds out whether we could listen there, before seconds are spent on starting the rest.
 *
 * Fails  StartProblem when the address cannot be had.
 */
export async function checkAddressFree(place: Place): Promise<void> {
  const server = createServer();
  await listen(server, place);
  await new Promise((resolve) => server.close(resolve));
}

/** Takes no more requests, and cuts off what is not finished after three seconds. */
export async function closeServer(server: Server, clock: Clock): Promise<void> {
  const finished = new AbortController();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  void closed.then(() => finished.abort());
  const end = clock.now().getTime() + patienceMilliseconds;
  while (!finished.signal.aborted && clock.now().getTime() < end) {
    // Browsers keep a connection after its last answer; only idle ones are closed here.
    server.closeIdleConnections();
    await clock.sleep(closeStepMilliseconds, finished.signal);
  }
  server.closeAllConnections();
  await closed;
}

/** Where it listens, such as `http://127.0.0.1:3000`. */
export function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function problemOf(cause: NodeJS.ErrnoException, { host, port }: Place): Error {
  const free = port < 1_024 || port === 65_535 ? 3_000 : port + 1;
  const another = `choose another port, for example: PORT=${free} npm start`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return new StartProblem(`Port ${port} is taken by another program.`, {
        remedy: `Stop that program, or ${another}`,
        cause,
      });
    case 'EACCES':
      return new StartProblem(`This account may not listen on port ${port}.`, {
        remedy: `Ports below 1024 belong to the administrator: ${another}`,
        cause,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartProblem(`This machine has no address ${host} to listen on.`, {
        remedy: 'Set KIEX_HOST to 127.0.0.1 (this machine only) or 0.0.0.0 (all its networks).',
        cause,
      });
    default:
      return cause;
  }
}
