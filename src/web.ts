import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { App } from './app.ts';
import type { Config } from './config.ts';
import { ensurePagesBuilt } from './pagesBuild.ts';
import type { Log } from './platform/log.ts';
import { type Random, systemRandom } from './platform/random.ts';
import { addressOf, closeServer, listen } from './web/listening.ts';
import { openBuiltPages, openSourcePages } from './web/pages.ts';
import { createSite, type Doors } from './web/site.ts';

export type { Doors } from './web/site.ts';

export interface WebServer {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  url: string;
  /** Takes no more requests, ends live streams, and gives the rest a moment to finish. */
  close(): Promise<void>;
}

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
  const answer = getRequestListener(site.fetch);
  server.on('request', (incoming, outgoing) => {
    if (!pages.middleware) return void answer(incoming, outgoing);
    pages.middleware(incoming, outgoing, () => void answer(incoming, outgoing));
  });
  await listen(server, config);
  return {
    url: addressOf(server),
    async close() {
      closing.abort();
      // Vite first: its update channels would keep the server open.
      await pages.close();
      await closeServer(server, clock);
    },
  };
}
