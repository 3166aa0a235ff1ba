import { expect, test } from 'vitest';
import { createTestbed, type Json, SITE } from './testbed.ts';

const DRAFTS = '/blog/v3/draft-posts';
const text = (words: string) => ({
  type: 'TEXT',
  id: '',
  nodes: [],
  textData: { text: words, decorations: [] },
});
const paragraph = (...nodes: object[]) => ({
  type: 'PARAGRAPH',
  id: 'p',
  nodes,
  paragraphData: {},
});
const document = (...nodes: object[]) => ({ nodes, metadata: { version: 1 } });
const messageOf = ({ status, body }: { status: number; body: Json }) => [status, body.message];

test('a post is created and published in one call; its id is that of the draft', async () => {
  const bed = createTestbed();
  const draft = await bed.makeDraft({ richContent: document(paragraph(text('Pay: 11.50'))) }, true);
  expect(draft).toMatchObject({
    status: 'PUBLISHED',
    hasUnpublishedChanges: false,
    seoSlug: 'front-desk-intern',
    minutesToRead: 1,
  });
  for (const hidden of ['url', 'richContent', 'excerpt']) expect(draft).not.toHaveProperty(hidden);
  const fields = '?fieldsets=URL&fieldsets=RICH_CONTENT&fieldsets=GENERATED_EXCERPT';
  const { post } = (await bed.get(`/blog/v3/posts/${draft.id}${fields}`)).body;
  expect(post).toMatchObject({
    id: draft.id,
    slug: 'front-desk-intern',
    excerpt: 'Pay: 11.50',
    url: { base: 'https://www.college-careers.example', path: '/post/front-desk-intern' },
  });
  expect(post.richContent.nodes).toHaveLength(1);
});

test('a post needs an author who is a member of the site', async () => {
  const bed = createTestbed();
  const contact = await bed.makeContact();
  const create = (memberId?: string) =>
    bed.post(DRAFTS, { draftPost: { title: 'A', ...(memberId ? { memberId } : {}) } });
  expect(messageOf(await create())).toEqual([400, 'Missing post owner information']);
  expect(messageOf(await create(contact.id))).toEqual([
    400,
    expect.stringContaining('do not exist'),
  ]);
  const member = await bed.makeMember();
  expect((await create(member.id)).status).toBe(200);
});

test('a change of a published post stays unseen until it is published again', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeDraft({}, true);
  const title = async () => (await bed.get(`/blog/v3/posts/${id}`)).body.post.title;
  const changed = await bed.patch(`${DRAFTS}/${id}`, { draftPost: { id, title: 'New' } });
  expect(changed.body.draftPost).toMatchObject({ hasUnpublishedChanges: true, title: 'New' });
  expect(await title()).toBe('Front Desk Intern');
  expect((await bed.post(`${DRAFTS}/${id}/publish`)).body).toEqual({ postId: id });
  expect(await title()).toBe('New');
  const both = { draftPost: { id, title: 'Newer' }, action: 'UPDATE_PUBLISH' };
  await bed.patch(`${DRAFTS}/${id}`, both);
  expect(await title()).toBe('Newer');
});

test('UPDATE_REVERT_TO_DRAFT takes a post offline and keeps it editable', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeDraft({}, true);
  const action = { draftPost: { id }, action: 'UPDATE_REVERT_TO_DRAFT' };
  const closed = await bed.patch(`${DRAFTS}/${id}`, action);
  expect(closed.body.draftPost.status).toBe('UNPUBLISHED');
  expect((await bed.get(`/blog/v3/posts/${id}`)).status).toBe(404);
  expect((await bed.get(`${DRAFTS}/${id}`)).status).toBe(200);
  const unknown = { draftPost: { id }, action: 'CLOSE' };
  expect((await bed.patch(`${DRAFTS}/${id}`, unknown)).status).toBe(400);
});

test('a scheduled post is published at its time, unless the schedule is cancelled', async () => {
  const bed = createTestbed();
  const schedule = { action: 'UPDATE_SCHEDULE', scheduledPublishDate: '2027-01-12T09:00:00Z' };
  const [one, two] = [await bed.makeDraft(), await bed.makeDraft()];
  for (const { id } of [one, two]) {
    const { body } = await bed.patch(`${DRAFTS}/${id}`, { draftPost: { id }, ...schedule });
    expect(body.draftPost.status).toBe('SCHEDULED');
  }
  await bed.patch(`${DRAFTS}/${two.id}`, {
    draftPost: { id: two.id },
    action: 'UPDATE_CANCEL_SCHEDULE',
  });
  await bed.pass(3_600);
  const statuses = bed.simulator.rows(SITE, 'drafts').map(({ status }) => status);
  expect(statuses).toEqual(['PUBLISHED', 'UNPUBLISHED']);
});

test('`slug` is ignored; `seoSlug` counts, reserved or taken it gets a number', async () => {
  const bed = createTestbed();
  const slugs = [];
  for (const more of [
    { slug: 'mine' },
    { seoSlug: 'mine' },
    { seoSlug: 'mine' },
    { seoSlug: 'tags' },
  ]) {
    slugs.push((await bed.makeDraft(more, true)).seoSlug);
  }
  expect(slugs).toEqual(['front-desk-intern', 'mine', 'mine-1', 'tags-1']);
  const found = await bed.get('/v3/posts/slugs/mine-1');
  expect(found.body.post.slug).toBe('mine-1');
  expect((await bed.get('/blog/v3/posts/slugs/none')).status).toBe(404);
});

test('seoSlug is at most 100 after percent-encoding', async () => {
  const bed = createTestbed();
  const { memberId } = await bed.makeDraft();
  const create = (seoSlug: string) =>
    bed.post(DRAFTS, { draftPost: { title: 'A', memberId, seoSlug } });
  expect((await create('a'.repeat(100))).status).toBe(200);
  expect((await create('a'.repeat(101))).status).toBe(400);
  expect((await create('é'.repeat(17))).status).toBe(400);
});

test('a draft is at most 400 KB, a title at most 200 characters', async () => {
  const bed = createTestbed();
  const { memberId } = await bed.makeDraft();
  const create = (draftPost: object) => bed.post(DRAFTS, { draftPost: { memberId, ...draftPost } });
  const richContent = document(paragraph(text('x'.repeat(410_000))));
  expect((await create({ title: 'A', richContent })).status).toBe(400);
  expect((await create({ title: 'x'.repeat(201) })).status).toBe(400);
  expect((await create({})).status).toBe(200);
  const untitled = await bed.post(DRAFTS, { draftPost: { memberId }, publish: true });
  expect(untitled.status).toBe(400);
});

test('a script tag passes as text and is refused when marked custom', async () => {
  const bed = createTestbed();
  const { memberId } = await bed.makeDraft();
  const tag = { type: 'script', props: { type: 'application/ld+json' }, children: '{}' };
  const create = (more: object) =>
    bed.post(DRAFTS, {
      draftPost: { title: 'A', memberId, seoData: { tags: [{ ...tag, ...more }] } },
    });
  expect((await create({})).status).toBe(200);
  const custom = await create({ custom: true });
  expect(custom.body.details.applicationError.code).toBe('TAG_TYPE_NOT_ALLOWED');
  expect((await create({ children: { '@type': 'JobPosting' } })).status).toBe(400);
});

test('a cover needs an imported image and three flags together', async () => {
  const bed = createTestbed();
  const imported = await bed.post('/site-media/v1/files/import', {
    url: 'https://kiex.example/cover.jpg',
    mediaType: 'IMAGE',
    displayName: 'cover.jpg',
  });
  const { id, operationStatus } = imported.body.file;
  expect(operationStatus).toBe('PENDING');
  const covered = async (media: object) => {
    const draft = await bed.makeDraft({ media }, true);
    return 'media' in (await bed.get(`/blog/v3/posts/${draft.id}`)).body.post;
  };
  const flags = { displayed: true, custom: true };
  expect(await covered({ wixMedia: { image: { id } }, ...flags })).toBe(true);
  expect(await covered({ wixMedia: { image: { id } }, displayed: true })).toBe(false);
  const outside = { wixMedia: { image: { id: 'https://kiex.example/cover.jpg' } }, ...flags };
  expect(await covered(outside)).toBe(false);
  await bed.pass(5);
  const file = await bed.get(`/site-media/v1/files/${encodeURIComponent(id)}`);
  expect(file.body.file.operationStatus).toBe('READY');
  bed.simulator.set({ importSeconds: 60 });
  const again = await bed.get(`/site-media/v1/files/${encodeURIComponent(id)}`);
  expect(again.body.file.operationStatus).toBe('PENDING');
});

test('drafts are found by title, date and hashtag, not by slug; lists spell metaData', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeDraft({ hashtags: ['kiex4471'] });
  await bed.makeDraft({ title: 'Other' });
  const ask = (filter: object) => bed.post(`${DRAFTS}/query`, { query: { filter } });
  const ids = async (filter: object) =>
    (await ask(filter)).body.draftPosts.map((draft: { id: string }) => draft.id);
  const since = { editedDate: { $gte: '2027-01-12T08:00:00Z' }, title: 'Front Desk Intern' };
  expect(await ids(since)).toEqual([id]);
  expect(await ids({ hashtags: { $hasSome: ['kiex4471'] } })).toEqual([id]);
  for (const field of ['seoSlug', 'createdDate', 'memberId']) {
    expect((await ask({ [field]: 'x' })).status).toBe(400);
  }
  const listed = await bed.get(`${DRAFTS}?paging.limit=1&status=UNPUBLISHED`);
  expect([listed.body.draftPosts.length, listed.body.metaData.total]).toEqual([1, 2]);
  const byCursor = { query: { cursorPaging: { limit: 1 } } };
  const first = await bed.post(`${DRAFTS}/query`, byCursor);
  expect(first.body.pagingMetadata.hasNext).toBe(true);
});

test('published posts are listed and queried, also under the shorter path', async () => {
  const bed = createTestbed();
  const { id, memberId } = await bed.makeDraft({}, true);
  await bed.makeDraft({ title: 'Draft only' });
  expect((await bed.get('/blog/v3/posts')).body).toMatchObject({
    posts: [{ id }],
    metaData: { total: 1 },
  });
  const queried = await bed.post('/v3/posts/query', { query: { filter: { memberId } } });
  expect(queried.body).toMatchObject({ posts: [{ id }], pagingMetadata: { total: 1 } });
});

test('a deleted post waits in the trash bin, unless deleted for good', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeDraft({}, true);
  expect((await bed.remove(`${DRAFTS}/${id}`)).body).toEqual({});
  expect((await bed.get(`${DRAFTS}/${id}`)).status).toBe(404);
  expect((await bed.get(`/blog/v3/posts/${id}`)).status).toBe(404);
  expect((await bed.remove(`${DRAFTS}/${id}`)).status).toBe(404);
  const restored = await bed.post(`${DRAFTS}/trash-bin/${id}/restore`);
  expect(restored.body.draftPost).toMatchObject({ id, status: 'UNPUBLISHED' });
  await bed.remove(`${DRAFTS}/${id}?permanent=true`);
  expect((await bed.post(`${DRAFTS}/trash-bin/${id}/restore`)).status).toBe(404);
});

test('bulk create takes flat posts and answers 200 with the failed ones inside', async () => {
  const bed = createTestbed();
  const { id: memberId } = await bed.makeMember();
  const draftPosts = [{ title: 'A', memberId }, { title: 'B' }];
  const { status, body } = await bed.post('/blog/v3/bulk/draft-posts/create', {
    draftPosts,
    publish: true,
    returnFullEntity: true,
  });
  expect(status).toBe(200);
  expect(body.results).toMatchObject([
    { itemMetadata: { originalIndex: 0, success: true }, item: { status: 'PUBLISHED' } },
    { itemMetadata: { success: false, error: { description: 'Missing post owner information' } } },
  ]);
  expect(body.bulkActionMetadata).toEqual({
    totalSuccesses: 1,
    totalFailures: 1,
    undetailedFailures: 0,
  });
  const { id } = body.results[0].item;
  const changes = { draftPosts: [{ draftPost: { id, title: 'C' } }] };
  const updated = await bed.patch(`${DRAFTS}/update`, changes);
  expect(updated.body.bulkActionMetadata.totalSuccesses).toBe(1);
  const gone = await bed.remove('/blog/v3/bulk/draft-posts', { postIds: [id], permanent: true });
  expect(gone.body.bulkActionMetadata.totalSuccesses).toBe(1);
  expect(bed.simulator.rows(SITE, 'drafts')).toEqual([]);
});

test('creating a draft may answer 401 in passing, and nothing is kept', async () => {
  const bed = createTestbed({ switches: { identityLost: 1 } });
  const { id: memberId } = await bed.makeMember();
  const draftPost = { title: 'A', memberId };
  expect(messageOf(await bed.post(DRAFTS, { draftPost }))).toEqual([401, 'No identity found']);
  bed.simulator.set({ identityLost: 0 });
  expect((await bed.post(DRAFTS, { draftPost })).status).toBe(200);
  expect(bed.simulator.rows(SITE, 'drafts')).toHaveLength(1);
});
