import type { Hono } from 'hono';
import type { Quota } from '../quota.ts';
import { addContactRoutes } from './contactRoutes.ts';
import type { Core } from './core.ts';
import { addFormRoutes } from './formRoutes.ts';
import { createRoutes } from './guard.ts';
import { addMemberRoutes } from './memberRoutes.ts';
import { addPostRoutes } from './postRoutes.ts';
import { addRicosRoutes } from './ricosRoutes.ts';
import { addSiteRoutes } from './siteRoutes.ts';
import { addTagRoutes } from './tagRoutes.ts';

/** Every address of the API, on one host as with Wix itself. */
export function createSiteApi(core: Core, quota: Quota<string>): Hono {
  const routes = createRoutes(core, quota);
  addContactRoutes(routes);
  addFormRoutes(routes);
  addMemberRoutes(routes);
  addPostRoutes(routes);
  addTagRoutes(routes);
  addRicosRoutes(routes);
  addSiteRoutes(routes);
  return routes.app;
}
