import type { Core, Scene } from './core.ts';
import { announce } from './events.ts';
import { hasCover, readContent } from './postContent.ts';
import { notFound, Refused, refuse } from './refusals.ts';
import { textOf } from './ricos.ts';
import type { DraftRow, PostContent } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { SHARED } from './store.ts';
import { guidIn, objectIn, oneOf, present, wrong } from './values.ts';

const DRAFT = 'wix.blog.v3.draft';
const POST = 'wix.blog.v3.post';

/** Makes a draft; with `publish`, published at once. (s) 6.4 */
export function createDraft(scene: Scene, wanted: unknown, publish: boolean): DraftRow {
  const { core, site } = scene;
  const content = readContent(scene, objectIn(wanted, 'draftPost'), null);
  if (publish) refuseUntitled(content);
  const now = core.now();
  const row: DraftRow = {
    id: core.newGuid(),
    content,
    status: 'UNPUBLISHED',
    hasUnpublishedChanges: false,
    createdDate: now,
    editedDate: now,
    published: null,
  };
  core.store.put(site.id, 'drafts', row);
  announce(scene, {
    ...{ entity: DRAFT, slug: 'created', entityId: row.id },
    body: { createdEvent: { entity: showDraft(scene, row, []) } },
  });
  return publish ? publishDraft(scene, row) : row;
}

export const ACTIONS = [
  ...(['UPDATE', 'UPDATE_PUBLISH', 'UPDATE_SCHEDULE', 'UPDATE_REVERT_TO_DRAFT'] as const),
  ...(['UPDATE_CANCEL_SCHEDULE', 'UPDATE_REJECT', 'UPDATE_PUBLICATION'] as const),
] as const;

/**
 * Changes a draft. What is published stays as it was until it is published again, unless an action
 * says so. There is no check of revisions: the last write wins. (s)(v) 6.4
 */
export function updateDraft(
  scene: Scene,
  id: string,
  wanted: { draftPost: unknown; action?: unknown; scheduledPublishDate?: unknown },
): DraftRow {
  const { core } = scene;
  const row = draftById(scene, id);
  const action = oneOf(wanted.action, 'action', ACTIONS) ?? 'UPDATE';
  const content = readContent(scene, objectIn(wanted.draftPost, 'draftPost'), row);
  const editedDate = core.now();
  const changed: DraftRow = {
    ...row,
    ...{ content, editedDate, hasUnpublishedChanges: row.published !== null },
  };
  if (action === 'UPDATE_PUBLISH' || action === 'UPDATE_PUBLICATION') {
    refuseUntitled(content);
    return publishDraft(scene, changed);
  }
  if (action === 'UPDATE_SCHEDULE') return scheduleDraft(scene, changed, wanted);
  if (action === 'UPDATE') return saveDraft(scene, changed);
  const { scheduledPublishDate: _, ...unscheduled } = changed;
  return saveDraft(scene, unpublish(scene, unscheduled, 'UNPUBLISHED'));
}

function scheduleDraft(
  scene: Scene,
  row: DraftRow,
  { scheduledPublishDate }: { scheduledPublishDate?: unknown },
): DraftRow {
  const due = Date.parse(String(scheduledPublishDate));
  if (Number.isNaN(due)) throw wrong('scheduledPublishDate', 'must be a date');
  refuseUntitled(row.content);
  const saved = saveDraft(scene, {
    ...row,
    status: 'SCHEDULED',
    scheduledPublishDate: new Date(due).toISOString(),
  });
  publishWhenDue(scene, saved);
  return saved;
}

function publishWhenDue(scene: Scene, { id, scheduledPublishDate }: DraftRow): void {
  const { core, site } = scene;
  const wait = Date.parse(scheduledPublishDate ?? '') - core.clock.now().getTime();
  core.background.after(Math.max(0, wait), () => {
    const row = core.store.get(site.id, 'drafts', id);
    const isStill =
      row?.status === 'SCHEDULED' && row.scheduledPublishDate === scheduledPublishDate;
    if (isStill) core.store.batch(() => publishDraft(scene, row));
  });
}

/** Starts again what an earlier process had promised: publishing at a time. */
export function resumeSchedules(core: Core): void {
  for (const site of core.store.rows(SHARED, 'sites')) {
    for (const row of core.store.rows(site.id, 'drafts')) {
      if (row.status === 'SCHEDULED') publishWhenDue({ core, site, actor: { by: 'owner' } }, row);
    }
  }
}

/** Makes the present content the public one. A post keeps the id of its draft. (s) 6.1 */
export function publishDraft(scene: Scene, row: DraftRow): DraftRow {
  refuseUntitled(row.content);
  const now = scene.core.now();
  const { scheduledPublishDate: _, ...rest } = row;
  const saved = saveDraft(scene, {
    ...rest,
    status: 'PUBLISHED',
    hasUnpublishedChanges: false,
    published: row.content,
    firstPublishedDate: row.firstPublishedDate ?? row.content.firstPublishedDate ?? now,
    lastPublishedDate: now,
  });
  const shown = showPost(scene, saved, ['URL']);
  announce(scene, {
    ...{ entity: POST, slug: row.published ? 'updated' : 'created', entityId: row.id },
    body: row.published
      ? { updatedEvent: { currentEntity: shown } }
      : { createdEvent: { entity: shown } },
  });
  return saved;
}

function refuseUntitled({ title }: PostContent): void {
  if (!title) throw wrong('draftPost.title', 'must not be empty to publish', 'OTHER');
}

function unpublish(scene: Scene, row: DraftRow, status: DraftRow['status']): DraftRow {
  if (row.published) {
    announce(scene, {
      ...{ entity: POST, slug: 'deleted', entityId: row.id },
      body: { deletedEvent: {} },
    });
  }
  return { ...row, status, published: null, hasUnpublishedChanges: false };
}

function saveDraft(scene: Scene, row: DraftRow): DraftRow {
  const { core, site } = scene;
  core.store.put(site.id, 'drafts', row);
  announce(scene, {
    ...{ entity: DRAFT, slug: 'updated', entityId: row.id },
    body: { updatedEvent: { currentEntity: showDraft(scene, row, []) } },
  });
  return row;
}

/** Into the trash bin, or away for good; what was published is gone either way. (s) 6.1 */
export function deleteDraft(scene: Scene, id: string, permanent: boolean): void {
  const { core, site } = scene;
  const row = core.store.get(site.id, 'drafts', guidIn(id, 'draftPostId'));
  if (!row || (row.status === 'DELETED' && !permanent)) throw notFound('draft post');
  const gone = unpublish(scene, row, 'DELETED');
  if (permanent) core.store.remove(site.id, 'drafts', id);
  else core.store.put(site.id, 'drafts', { ...gone, editedDate: core.now() });
  announce(scene, {
    ...{ entity: DRAFT, slug: 'deleted', entityId: id },
    body: { deletedEvent: permanent ? {} : { movedToTrash: true } },
  });
}

export function restoreDraft(scene: Scene, id: string): DraftRow {
  const row = scene.core.store.get(scene.site.id, 'drafts', guidIn(id, 'draftPostId'));
  if (row?.status !== 'DELETED') throw notFound('draft post');
  return saveDraft(scene, { ...row, status: 'UNPUBLISHED', editedDate: scene.core.now() });
}

export function draftById({ core, site }: Scene, id: string): DraftRow {
  const row = core.store.get(site.id, 'drafts', guidIn(id, 'draftPostId'));
  if (!row || row.status === 'DELETED') throw notFound('draft post');
  return row;
}

const TRANSIENT = 'No identity found';

/** A 401 in passing when a draft is made: the next try passes. (v) 6.4 */
export function refuseInPassing({ core }: Scene): void {
  const chance = core.switches().identityLost;
  if (chance > 0 && core.random.fraction() < chance) {
    throw new Refused(401, { message: TRANSIENT, details: {} });
  }
}

export function showDraft(scene: Scene, row: DraftRow, fieldsets: readonly string[]): Fields {
  const { published: _p, lastPublishedDate: _l, content, ...rest } = row;
  return { ...rest, ...shownContent(scene, content, fieldsets), slug: content.seoSlug };
}

/** The public version. Throws when there is none. */
export function showPost(scene: Scene, row: DraftRow, fieldsets: readonly string[]): Fields {
  const { published } = row;
  if (!published) throw refuse(404, 'NOT_FOUND', 'post not found');
  const { seoSlug, media, ...shown } = shownContent(scene, published, fieldsets);
  return present({
    id: row.id,
    ...shown,
    slug: seoSlug,
    media: hasCover(scene.core, scene.site.id, published) ? media : undefined,
    pinned: false,
    firstPublishedDate: row.firstPublishedDate,
    lastPublishedDate: row.lastPublishedDate,
  });
}

const WORDS_PER_MINUTE = 200;
const EXCERPT_LENGTH = 140;

/** Rich content, address and generated excerpt only come when they are asked for. (c)(s) 6.2 */
function shownContent({ site }: Scene, content: PostContent, fieldsets: readonly string[]): Fields {
  const { richContent, ...rest } = content;
  const words = textOf(richContent);
  const generated = fieldsets.includes('GENERATED_EXCERPT') ? words.slice(0, EXCERPT_LENGTH) : '';
  return present({
    ...rest,
    excerpt: content.excerpt ?? (generated || undefined),
    minutesToRead: Math.max(1, Math.round(words.split(/\s+/).length / WORDS_PER_MINUTE)),
    richContent: fieldsets.includes('RICH_CONTENT') ? richContent : undefined,
    url: fieldsets.includes('URL')
      ? { base: site.url, path: `/post/${encodeURIComponent(content.seoSlug)}` }
      : undefined,
  });
}
