import type { Hono } from 'hono';
import { z } from 'zod';
import { TABLES, type TableName } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import { AUTOMATION_TRIGGERS, PERMISSIONS, type SiteApp } from './siteRows.ts';

const API = '/admin/api';

const Account = z.object({ name: z.string().min(1), id: z.guid().optional() });
const SITE_APP_NAMES = ['blog', 'forms'] as const satisfies SiteApp[];
const Site = z.object({
  account: z.string(),
  name: z.string().min(1),
  id: z.guid().optional(),
  url: z.string().optional(),
  apps: z.array(z.enum(SITE_APP_NAMES)).optional(),
});
const Key = z.object({
  account: z.string(),
  key: z.string().min(8),
  label: z.string().optional(),
  sites: z.union([z.literal('all'), z.array(z.string())]).optional(),
  permissions: z.array(z.enum(PERMISSIONS)).optional(),
});
const KeyChange = Key.pick({ sites: true, permissions: true, label: true }).extend({
  revoked: z.boolean().optional(),
});
const App = z.object({
  name: z.string().min(1),
  site: z.string(),
  hooks: z.array(z.object({ eventType: z.string(), url: z.url() })),
});
const Automation = z.object({ trigger: z.enum(AUTOMATION_TRIGGERS), url: z.url() });

/** What only Wix has, for scripts: accounts, sites, keys, apps, automations, and the kept rows. */
export function addAdminApi(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(`${API}/accounts`, (context) => context.json(simulator.accounts()));
  app.post(`${API}/accounts`, async (context) =>
    context.json(simulator.addAccount(given(Account.parse(await context.req.json()))), 201),
  );
  app.get(`${API}/sites`, (context) => context.json(simulator.sites()));
  app.post(`${API}/sites`, async (context) => {
    const wanted = given(Site.parse(await context.req.json()));
    if (!simulator.accounts().some(({ id }) => id === wanted.account)) return context.notFound();
    return context.json(simulator.addSite(wanted), 201);
  });
  app.get(`${API}/keys`, (context) => context.json(simulator.keys()));
  app.post(`${API}/keys`, async (context) => {
    const wanted = given(Key.parse(await context.req.json()));
    if (simulator.keys().some(({ key }) => key === wanted.key)) {
      return context.json({ error: 'another key is the same' }, 409);
    }
    return context.json(simulator.addKey(wanted), 201);
  });
  app.patch(`${API}/keys/:id`, async (context) => {
    const changed = given(KeyChange.parse(await context.req.json()));
    const id = context.req.param('id');
    if (!simulator.keys().some((key) => key.id === id)) return context.notFound();
    return context.json(simulator.changeKey(id, changed));
  });
  app.post(`${API}/apps`, async (context) => {
    const { site, ...wanted } = App.parse(await context.req.json());
    if (!isSite(simulator, site)) return context.notFound();
    const { id, publicKey } = simulator.addApp(wanted);
    return context.json({ id, publicKey, instanceId: simulator.installApp(id, site) }, 201);
  });
  app.post(`${API}/sites/:site/automations`, async (context) => {
    const site = context.req.param('site');
    if (!isSite(simulator, site)) return context.notFound();
    const wanted = Automation.parse(await context.req.json());
    return context.json(simulator.addAutomation(site, wanted), 201);
  });
  app.get(`${API}/sites/:site/:name`, (context) => {
    const { site, name } = context.req.param();
    if (!isSite(simulator, site) || !TABLES.includes(name as TableName)) return context.notFound();
    return context.json([...simulator.rows(site, name as TableName)]);
  });
}

const isSite = (simulator: SimulatorBehindInspector, id: string) =>
  simulator.sites().some((site) => site.id === id);

type Given<Body> = { [Name in keyof Body]: Exclude<Body[Name], undefined> };

/** Without what was left out, which the simulator fills in itself. */
function given<Body extends object>(body: Body): Given<Body> {
  const present = Object.entries(body).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Given<Body>;
}
