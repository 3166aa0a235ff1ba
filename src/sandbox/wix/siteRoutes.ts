import type { Core } from './core.ts';
import { compileFilter, compileSort, type Grammar } from './filters.ts';
import type { Routes } from './guard.ts';
import { cursorPage, inOrder, offsetPage, readCursorQuery } from './paging.ts';
import { refuse } from './refusals.ts';
import type { MediaRow } from './rows.ts';
import { type Fields, SITE_APPS, type SiteRow } from './siteRows.ts';
import { SHARED } from './store.ts';
import { isObject, objectIn, oneOf, textIn, wrong } from './values.ts';

/** Site list, site properties, installed apps, media import. Source: reference/wix.md 6.1, 10 */
export function addSiteRoutes(routes: Routes): void {
  routes.account('POST', '/site-list/v2/sites/query', 'siteList', ({ core, account, body }) =>
    sitesPage(core, account.id, objectIn(body.query, 'query')),
  );
  const properties = { permission: 'siteProperties' } as const;
  routes.site('GET', '/site-properties/v4/properties', properties, ({ scene: { site } }) => {
    const { name, locale, language, timeZone } = site;
    const [languageCode, country = 'US'] = locale.split('-');
    const shown = { languageCode, country: country.toUpperCase() };
    return {
      properties: { siteDisplayName: name, locale: shown, language, timeZone, categories: {} },
      version: '1',
    };
  });
  const apps = { permission: 'installedApps' } as const;
  routes.site('GET', '/apps-installer-service/v1/app-instances', apps, ({ scene: { site } }) => ({
    appInstances: site.apps.map((app) => ({ appDefId: SITE_APPS[app], enabled: true })),
  }));
  const media = { permission: 'media' } as const;
  routes.site('POST', '/site-media/v1/files/import', media, ({ scene: { core, site }, body }) => {
    const row = importFile(core, body);
    core.store.put(site.id, 'media', row);
    return { file: showFile(core, row) };
  });
  routes.site('GET', '/site-media/v1/files/:id', media, ({ scene: { core, site }, param }) => {
    const row = core.store.get(site.id, 'media', param('id'));
    if (!row) throw refuse(404, 'NOT_FOUND', 'file not found');
    return { file: showFile(core, row) };
  });
}

const GRAMMAR: Grammar<SiteRow> = {
  fields: (name) =>
    ['id', 'displayName', 'createdDate'].includes(name)
      ? {
          operators: ['$eq', '$ne', '$in', '$gt', '$gte', '$lt', '$lte', '$startsWith'],
          sorts: true,
          kind: name === 'createdDate' ? 'instant' : 'plain',
          read: (row) => (name === 'displayName' ? row.name : row[name as 'id' | 'createdDate']),
        }
      : undefined,
  complain: ({ text }) => refuse(400, 'INVALID_ARGUMENT', text),
  ignoresEmailCase: false,
};

/** The sites that the account owns. */
function sitesPage(core: Core, account: string, query: Fields): Fields {
  const owned = core.store.rows(SHARED, 'sites').filter((site) => site.account === account);
  const usesCursor = isObject(query.cursorPaging);
  const size = { usual: 50, max: 100 };
  const asked = usesCursor ? readCursorQuery('sites', query, size) : null;
  const { filter, sort } = asked ?? query;
  const fallback = [{ fieldName: 'createdDate', order: 'ASC' }];
  const order = compileSort(GRAMMAR, sort, { max: 1, fallback });
  const sorted = inOrder(owned.filter(compileFilter(GRAMMAR, filter)), order);
  const { rows, metadata } = asked
    ? cursorPage('sites', sorted, { query: asked, order })
    : offsetPage(sorted, query.paging, size);
  return { sites: rows.map(showSite), metadata };
}

const showSite = ({ id, name, url, createdDate, language }: SiteRow): Fields => ({
  ...{ id, name, displayName: name, createdDate, language },
  ...{ published: url !== '', viewUrl: url, premium: true },
});

function importFile(core: Core, sent: Fields): MediaRow {
  const sourceUrl = textIn(sent.url, 'url', 2_000) ?? '';
  if (!URL.canParse(sourceUrl)) throw wrong('url', 'must be an address');
  const mediaType = oneOf(sent.mediaType, 'mediaType', ['IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT']);
  const displayName = textIn(sent.displayName, 'displayName', 255) ?? 'file';
  const hash = Buffer.from(core.random.bytes(16)).toString('hex');
  return {
    id: `${hash.slice(0, 6)}_${hash}~mv2.jpg`,
    ...{ displayName, sourceUrl, mediaType: mediaType ?? 'IMAGE', createdDate: core.now() },
  };
}

/** PENDING for a while, and already good for a cover. (v) 6.1 */
function showFile(core: Core, row: MediaRow): Fields {
  const { sourceUrl: _, ...shown } = row;
  const readyAt = Date.parse(row.createdDate) + core.switches().importSeconds * 1_000;
  const operationStatus = core.clock.now().getTime() < readyAt ? 'PENDING' : 'READY';
  return { ...shown, operationStatus };
}
