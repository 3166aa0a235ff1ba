import type { Hono } from 'hono';
import type { Quota } from '../quota.ts';
import { addCandidateRoutes } from './candidateRoutes.ts';
import { addCareerPage } from './careerPage.ts';
import { addChildRoutes } from './childRoutes.ts';
import type { Core } from './core.ts';
import type { Files } from './files.ts';
import { createRoutes } from './guard.ts';
import { type FileKind, linkHolds } from './links.ts';
import { addLookupRoutes } from './lookupRoutes.ts';
import { addRecordRoutes } from './recordRoutes.ts';

/** The Open API under `/open/v3`, and the storage host's signed links under `/files`. */
export function createOpenApi(core: Core, files: Files, quota: Quota): Hono {
  const routes = createRoutes({ core, base: '/open/v3', quota, countsCalls: () => true });
  addRecordRoutes(routes, core);
  addChildRoutes(routes, core, files);
  addCandidateRoutes(routes, core, files);
  addLookupRoutes(routes, core);
  addCareerPage(routes.app, core, files);
  addFileLinks(routes.app, core, files);
  return routes.app;
}

/** Signed links belong to a storage host: no key, no quota, 403 once the time is over. [D] */
function addFileLinks(app: Hono, core: Core, files: Files): void {
  app.get('/files/:account{[0-9]+}/:kind{resumes|attachments}/:name', (context) => {
    if (!linkHolds(core, new URL(context.req.url))) return context.text('Request has expired', 403);
    const account = Number(context.req.param('account'));
    const kind = context.req.param('kind') as FileKind;
    const id = Number.parseInt(context.req.param('name'), 10);
    const row = core.store.table(account, kind).get(id);
    const bytes = row?.downloadedAt ? files.read(account, kind, id) : null;
    if (!row || !bytes) return context.text('No such key', 404);
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': row.contentType ?? 'application/octet-stream',
    });
  });
}
