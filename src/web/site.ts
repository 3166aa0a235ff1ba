import path from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import type { SecureHeadersVariables } from 'hono/secure-headers';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { Config } from '#src/config.ts';
import { projectFolder } from '#src/pagesBuild.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { FileLinks } from '#src/platform/fileLinks.ts';
import type { Log } from '#src/platform/log.ts';
import { type Random, secretToken } from '#src/platform/random.ts';
import { discardBody } from './discardBody.ts';
import { fileDoor } from './fileDoor.ts';
import { type LiveSource, liveDoor } from './liveDoor.ts';
import { pageDoor } from './pageDoor.ts';
import type { Pages } from './pages.ts';
import { plainPage } from './plainPage.ts';
import { securityHeaders } from './securityHeaders.ts';

/** What the site is connected to. */
export interface Doors {
  /** Who sent this request; null when nobody is signed in. */
  viewerOf(request: Request): Promise<Viewer | null>;
  live: LiveSource;
  fileLinks: FileLinks;
  /** Adds the addresses under which providers call us. */
  mountWebhooks(site: Hono): void;
  /** Throws when the database does not answer. */
  checkReady(): Promise<void>;
}

export type SiteConfig = Pick<Config, 'publicUrl' | 'development' | 'proxies'>;

export interface SiteNeeds {
  config: SiteConfig;
  log: Log;
  clock: Clock;
  random: Random;
  doors: Doors;
  pages: Pages;
  /** Aborts when the server stops. */
  closing: AbortSignal;
}

export type SiteEnv = { Variables: SecureHeadersVariables & { requestId: string } };

const megabyte = 1024 * 1024;

/**
 * A resume may have 5 MB. Larger ones are let in up to here, so that the page can say so at the field
 * and keep what else was typed.
 */
const uploadBytesMax = 25 * megabyte;
const formBytesMax = megabyte;

const readyMilliseconds = 2_000;

/** All addresses of KiEX, in the order in which they are tried. */
export function createSite(needs: SiteNeeds): Hono {
  const { doors, clock, closing, pages } = needs;
  const site = new Hono();
  const { viewerOf, live } = doors;

  site.get('/healthz', (c) => c.json({ ok: true }));
  site.get('/readyz', async (c) => {
    const problem = await readyProblem(needs);
    return problem ? c.json({ ok: false, problem }, 503) : c.json({ ok: true });
  });
  doors.mountWebhooks(site);
  site.get('/files/:token/:name', fileDoor(doors.fileLinks));
  site.get('/api/live', liveDoor({ live, clock, closing, viewerOf }));
  site.all('/api/*', (c) => c.json({ error: 'There is nothing at this address.' }, 404));
  if (pages.clientFolder) serveClient(site, pages.clientFolder);
  site.get('/favicon.ico', favicon);

  site.route('/', createPageSite(needs));
  site.onError((error, c) => explainError(error, c, needs));
  return site;
}

function createPageSite(needs: SiteNeeds): Hono<SiteEnv> {
  const site = new Hono<SiteEnv>();
  // In development Vite's own answers are not compressed either, and pages are easier to read.
  if (!needs.config.development) site.use(compress());
  site.use(securityHeaders(needs.config));
  site.use(async (c, next) => {
    const requestId = secretToken(needs.random, 9);
    const start = needs.clock.now().getTime();
    c.set('requestId', requestId);
    await next();
    c.header('x-request-id', requestId);
    const milliseconds = needs.clock.now().getTime() - start;
    const answered = { method: c.req.method, path: c.req.path, status: c.res.status, milliseconds };
    needs.log.debug({ requestId, ...answered }, 'Answered');
  });
  site.use(limitBody);
  site.all('*', pageDoor(needs));
  site.onError((error, c) => explainError(error, c, needs));
  return site;
}

// Browsers ask for it whatever a page says, and keep asking while it is missing.
const favicon = serveStatic({
  path: path.join(projectFolder, 'public', 'favicon.ico'),
  onFound: (_path, c) => c.header('cache-control', 'public, max-age=86400'),
});

// Names of built files change with their content.
function serveClient(site: Hono, clientFolder: string): void {
  const onFound = (_path: string, c: Context) => {
    c.header('cache-control', 'public, max-age=31536000, immutable');
    c.header('x-content-type-options', 'nosniff');
  };
  site.use('/assets/*', compress(), serveStatic({ root: clientFolder, onFound }));
  site.get('/assets/*', (c) => c.text('There is no such file.', 404));
}

const limitBody = (c: Context<SiteEnv>, next: () => Promise<void>) => {
  const upload = c.req.header('content-type')?.startsWith('multipart/form-data');
  const maxSize = upload ? uploadBytesMax : formBytesMax;
  const onError = async (tooLong: Context) => {
    await discardBody(tooLong.req.raw.body);
    return tooLong.html(
      plainPage({
        title: 'This is too large to send',
        words: upload
          ? ['A file may have 5 MB at most. Go back and choose a smaller one.']
          : ['The text is longer than we can take. Go back and shorten it.'],
        nonce: tooLong.get('secureHeadersNonce') ?? '',
      }),
      413,
    );
  };
  return bodyLimit({ maxSize, onError })(c, next);
};

async function readyProblem({ doors, clock, log }: SiteNeeds): Promise<string | null> {
  const waited = new AbortController();
  const late = clock.sleep(readyMilliseconds, waited.signal).then(() => {
    throw new Error('The database took too long to answer.');
  });
  try {
    await Promise.race([doors.checkReady(), late]);
    return null;
  } catch (error) {
    log.warn({ err: error }, 'Not ready');
    return 'The database does not answer.';
  } finally {
    late.catch(() => undefined);
    waited.abort();
  }
}

/** Calm words for the reader, the fault itself for the log; an id ties the two together. */
function explainError(error: Error, c: Context, { log, random }: SiteNeeds) {
  const errorId = (c.get('requestId') as string | undefined) ?? secretToken(random, 9);
  log.error({ err: error, errorId, method: c.req.method, path: knownPath(c) }, 'A request failed');
  if (c.req.path.startsWith('/api/')) {
    return c.json({ error: 'Something went wrong on our side. It has been noted.', errorId }, 500);
  }
  const words = [
    'It has been noted. What you typed may not have been saved: go back and try again in a minute.',
    `If it happens again, tell us this number: ${errorId}`,
  ];
  const nonce = (c.get('secureHeadersNonce') as string | undefined) ?? '';
  return c.html(plainPage({ title: 'Something went wrong on our side', words, nonce }), 500);
}

// Secrets stand in the paths of webhooks and files, so those are named by their pattern.
function knownPath(c: Context): string {
  const secret = c.req.path.startsWith('/api/') || c.req.path.startsWith('/files/');
  return secret ? c.req.routePath : c.req.path;
}
