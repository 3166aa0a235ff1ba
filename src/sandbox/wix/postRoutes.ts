import type { Scene } from './core.ts';
import { type Call, fieldsetsIn, type Routes } from './guard.ts';
import { queryDrafts, queryPosts } from './postQuery.ts';
import {
  createDraft,
  deleteDraft,
  draftById,
  publishDraft,
  refuseInPassing,
  restoreDraft,
  showDraft,
  showPost,
  updateDraft,
} from './posts.ts';
import { notFound, Refused } from './refusals.ts';
import type { DraftRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { slugKey } from './store.ts';
import { isObject, listIn, objectIn, valueAt, wrong } from './values.ts';

const DRAFTS = '/blog/v3/draft-posts';
const POSTS = '/blog/v3/posts';
const NEEDS = { permission: 'blog', app: 'blog' } as const;

/** Drafts and published posts. Source: reference/wix.md 6.1 */
export function addPostRoutes(routes: Routes): void {
  addDraftReads(routes);
  addDraftWrites(routes);
  addBulk(routes);
  addPosts(routes);
}

const shown = (scene: Scene, row: DraftRow, fieldsets: unknown) => ({
  draftPost: showDraft(scene, row, fieldsetsIn(fieldsets)),
});
const isTrue = (value: unknown) => value === true || value === 'true';

function addDraftReads(routes: Routes): void {
  routes.site('GET', DRAFTS, NEEDS, (call) => {
    const { scene, query } = call;
    const filter = query.status ? { status: query.status } : {};
    const asked = { filter, paging: query.paging };
    const { rows, metadata } = queryDrafts(scene, asked, call.indexedUntil());
    const fieldsets = fieldsetsIn(query.fieldsets);
    // A capital D, here and nowhere else. (s) 14.1
    return { draftPosts: rows.map((row) => showDraft(scene, row, fieldsets)), metaData: metadata };
  });
  routes.site('POST', `${DRAFTS}/query`, NEEDS, (call) => {
    const { scene, body } = call;
    const query = objectIn(body.query, 'query');
    const { rows, metadata } = queryDrafts(scene, query, call.indexedUntil());
    const fieldsets = fieldsetsIn(body.fieldsets);
    const draftPosts = rows.map((row) => showDraft(scene, row, fieldsets));
    return { draftPosts, pagingMetadata: metadata };
  });
  routes.site('GET', `${DRAFTS}/:id`, NEEDS, ({ scene, query, param }) =>
    shown(scene, draftById(scene, param('id')), query.fieldsets),
  );
}

function addDraftWrites(routes: Routes): void {
  routes.site('POST', DRAFTS, NEEDS, ({ scene, body }) => {
    refuseInPassing(scene);
    const row = createDraft(scene, body.draftPost, isTrue(body.publish));
    return shown(scene, row, body.fieldsets);
  });
  routes.site('PATCH', `${DRAFTS}/update`, NEEDS, ({ scene, body }) => {
    const items = listIn(body.draftPosts, 'draftPosts', 20) ?? [];
    return itemResults(items, (item) => {
      const draftPost = objectIn(valueAt(item, 'draftPost'), 'draftPost');
      return showDraft(scene, updateDraft(scene, String(draftPost.id), { draftPost }), []);
    });
  });
  routes.site('PATCH', `${DRAFTS}/:id`, NEEDS, ({ scene, body, param }) => {
    const { draftPost, action, scheduledPublishDate } = body;
    const row = updateDraft(scene, param('id'), { draftPost, action, scheduledPublishDate });
    return shown(scene, row, body.fieldsets);
  });
  // Answers the id alone; the address needs a second call. (s) 14.15
  routes.site('POST', `${DRAFTS}/:id/publish`, NEEDS, ({ scene, param }) => ({
    postId: publishDraft(scene, draftById(scene, param('id'))).id,
  }));
  routes.site('DELETE', `${DRAFTS}/:id`, NEEDS, ({ scene, query, param }) => {
    deleteDraft(scene, param('id'), isTrue(query.permanent));
    return {};
  });
  routes.site('POST', `${DRAFTS}/trash-bin/:id/restore`, NEEDS, ({ scene, param }) =>
    shown(scene, restoreDraft(scene, param('id')), []),
  );
}

function addBulk(routes: Routes): void {
  // Flat posts here, wrapped ones in the single create. (s)(v) 14.4
  routes.site('POST', '/blog/v3/bulk/draft-posts/create', NEEDS, ({ scene, body }) => {
    const posts = listIn(body.draftPosts, 'draftPosts', 20) ?? [];
    if (posts.length === 0) throw wrong('draftPosts', 'must have 1 to 20 items', 'OUT_OF_RANGE');
    return itemResults(
      posts,
      (post) => showDraft(scene, createDraft(scene, post, isTrue(body.publish)), []),
      isTrue(body.returnFullEntity),
    );
  });
  routes.site('DELETE', '/blog/v3/bulk/draft-posts', NEEDS, ({ scene, body, query }) => {
    const given = body.postIds ?? query.postIds;
    const ids = listIn(typeof given === 'string' ? [given] : given, 'postIds', 100) ?? [];
    const permanent = isTrue(body.permanent ?? query.permanent);
    return itemResults(ids, (id) => {
      deleteDraft(scene, String(id), permanent);
      return { id };
    });
  });
}

/** 200 with failed items inside. (s)(v) 14.4 */
function itemResults(
  items: unknown[],
  act: (item: unknown) => Fields,
  returnsItems = false,
): Fields {
  const results = items.map((item, originalIndex) => {
    try {
      const made = act(item);
      const itemMetadata = { id: made.id, originalIndex, success: true };
      return returnsItems ? { itemMetadata, item: made } : { itemMetadata };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const refused = valueAt(error.body, 'details.applicationError.code');
      const failure = { code: refused ?? 'INVALID_ARGUMENT', description: error.message };
      return { itemMetadata: { originalIndex, success: false, error: failure } };
    }
  });
  const totalSuccesses = results.filter(({ itemMetadata }) => itemMetadata.success).length;
  const totalFailures = items.length - totalSuccesses;
  return {
    results,
    bulkActionMetadata: { totalSuccesses, totalFailures, undetailedFailures: 0 },
  };
}

function addPosts(routes: Routes): void {
  const list = (call: Call, query: Fields, fieldsets: unknown) => {
    const { rows, metadata } = queryPosts(call.scene, query, call.indexedUntil());
    const posts = rows.map((row) => showPost(call.scene, row, fieldsetsIn(fieldsets)));
    return { posts, metadata };
  };
  routes.site('GET', POSTS, NEEDS, (call) => {
    const { posts, metadata } = list(call, { paging: call.query.paging }, call.query.fieldsets);
    return { posts, metaData: metadata };
  });
  routes.site('POST', `${POSTS}/query`, NEEDS, (call) => {
    const query = objectIn(call.body.query, 'query');
    const { posts, metadata } = list(call, query, call.body.fieldsets);
    return { posts, pagingMetadata: metadata };
  });
  routes.site('GET', `${POSTS}/slugs/:slug`, NEEDS, ({ scene, query, param }) => {
    const found = scene.core.store.found(scene.site.id, 'drafts', slugKey(param('slug')));
    const row = found.find(({ published }) => published?.seoSlug === param('slug'));
    if (!row) throw notFound('post');
    return { post: showPost(scene, row, fieldsetsIn(query.fieldsets)) };
  });
  routes.site('GET', `${POSTS}/:id`, NEEDS, ({ scene, query, param }) => {
    const row = scene.core.store.get(scene.site.id, 'drafts', param('id'));
    if (!row?.published || !isObject(row.published)) throw notFound('post');
    return { post: showPost(scene, row, fieldsetsIn(query.fieldsets)) };
  });
}
