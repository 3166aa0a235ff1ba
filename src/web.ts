import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { App } from './app.ts';
import type { Config } from './config.ts';
import { ensurePagesBuilt } from './pagesBuild.ts';
import type { Log } from './platform/log.ts';
import { type Random, systemRandom } from './platform/random.ts';
import { StartProblem } from './platform/startProblem.ts';
import { type Middleware, openBuiltPages, openSourcePages } from './web/pages.ts';
import { createSite, type Doors } from './web/site.ts';

export type { Doors } from './web/site.ts';

export interface WebServer {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  url: string;
  /** Takes no more requests, ends live streams, and gives the rest a moment to finish. */
  close(): Promise<void>;
}

const closeMilliseconds = 3_000;

/** A resume of 5 MB over a 64 kbit/s link takes eleven minutes. */
const requestMilliseconds = 15 * 60_000;

/**
 * Serves pages, webhooks, files and live events on one port. Resolves when it listens.
 *
 * Fails  StartProblem when the port cannot be had or the pages cannot be built.
 */
export async function createWebServer(options: {
  config: Config;
  log: Log;
  app: App;
  doors: Doors;
  random?: Random;
}): Promise<WebServer> {
  const { config, log, app, doors, random = systemRandom } = options;
  const { clock } = app;
  const closing = new AbortController();
  const server = createServer({ requestTimeout: requestMilliseconds });
  if (!config.development) await ensurePagesBuilt({ log, clock });
  const pages = await (config.development ? openSourcePages(app, server) : openBuiltPages(app));
  const site = createSite({ config, log, clock, random, doors, pages, closing: closing.signal });
  answerWith(server, pages.middleware, getRequestListener(site.fetch));
  await listen(server, config);
  return {
    url: addressOf(server),
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      const patience = new AbortController();
      const late = clock.sleep(closeMilliseconds, patience.signal);
      await Promise.race([closed, late.then(() => server.closeAllConnections())]);
      patience.abort();
      await closed;
      await pages.close();
    },
  };
}

function answerWith(
  server: Server,
  first: Middleware | null,
  answer: ReturnType<typeof getRequestListener>,
): void {
  server.on('request', (incoming, outgoing) => {
    if (!first) return void answer(incoming, outgoing);
    first(incoming, outgoing, () => void answer(incoming, outgoing));
  });
}

function listen(server: Server, { port, host }: Pick<Config, 'port' | 'host'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(problemOf(error, { port, host }));
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
}

function problemOf(cause: NodeJS.ErrnoException, where: Pick<Config, 'port' | 'host'>): Error {
  const { port, host } = where;
  const other = `Choose another port, for example: PORT=${port + 1} npm start`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return new StartProblem(`Port ${port} is taken by another program.`, {
        remedy: `Stop that program, or ${other.charAt(0).toLowerCase()}${other.slice(1)}`,
        cause,
      });
    case 'EACCES':
      return new StartProblem(`This account may not listen on port ${port}.`, {
        remedy: `Ports below 1024 belong to the administrator. ${other}`,
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

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
