import { expect, test } from 'vitest';
import { createTestbed } from './testbed.ts';

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
test('malformed rich content is 400 and names the wrong node', async () => {
  const bed = createTestbed();
  const { memberId } = await bed.makeDraft();
  const fieldOf = async (richContent: unknown) => {
    const answer = await bed.post(DRAFTS, { draftPost: { title: 'A', memberId, richContent } });
    expect(answer.status).toBe(400);
    return answer.body.details.validationError.fieldViolations[0].field.replace(
      'draftPost.richContent.',
      '',
    );
  };
  const item = { type: 'LIST_ITEM', nodes: [text('x')] };
  const list = { type: 'BULLETED_LIST', nodes: [item], bulletedListData: {} };
  expect(await fieldOf(document(text('loose')))).toBe('nodes[0]');
  expect(await fieldOf(document(paragraph(), list))).toBe('nodes[1].nodes[0].nodes[0]');
  expect(await fieldOf(document(paragraph(paragraph())))).toBe('nodes[0].nodes[0]');
  expect(await fieldOf(document(item))).toBe('nodes[0]');
  expect(await fieldOf(document({ type: 'HEADING', nodes: [], headingData: { level: 7 } }))).toBe(
    'nodes[0].headingData.level',
  );
  expect(await fieldOf(document({ type: 'SCROLL', nodes: [] }))).toBe('nodes[0].type');
  expect(await fieldOf(document(paragraph({ type: 'TEXT', textData: {} })))).toBe(
    'nodes[0].nodes[0].textData.text',
  );
  const link = { type: 'LINK', linkData: { link: { url: 'nowhere' } } };
  const linked = { type: 'TEXT', textData: { text: 'x', decorations: [link] } };
  expect(await fieldOf(document(paragraph(linked)))).toContain('linkData.link.url');
  expect(await fieldOf('<p>x</p>')).toBe('draftPost.richContent');
});

test('the job post of the reference passes: facts, heading, list, divider, button', async () => {
  const bed = createTestbed();
  const bold = { type: 'BOLD', fontWeightValue: 700 };
  const link = { type: 'LINK', linkData: { link: { url: 'https://kiex.example/jobs/1' } } };
  const richContent = document(
    paragraph({ type: 'TEXT', textData: { text: 'Pay: ', decorations: [bold, link] } }),
    { type: 'HEADING', nodes: [text('Requirements')], headingData: { level: 2 } },
    {
      type: 'BULLETED_LIST',
      nodes: [{ type: 'LIST_ITEM', nodes: [paragraph(text('Student'))] }],
      bulletedListData: { indentation: 0 },
    },
    { type: 'DIVIDER', nodes: [], dividerData: { lineStyle: 'SINGLE' } },
    { type: 'BUTTON', nodes: [], buttonData: { type: 'LINK', text: 'Apply on KiEX' } },
  );
  const { id } = await bed.makeDraft({ richContent });
  const { draftPost } = (await bed.get(`${DRAFTS}/${id}?fieldsets=RICH_CONTENT`)).body;
  expect(draftPost.richContent).toEqual(richContent);
});

test('the converter turns text into Ricos and back, is capped, and answers bursts with empty 403', async () => {
  const bed = createTestbed({ switches: { ricosBurst: 4, ricosMaxCharacters: 100 } });
  const convert = (body: object) => bed.post('/ricos/v1/ricos-document/convert/to-ricos', body);
  const html = '<h2>Pay</h2><p>11 &amp; more</p>';
  const { document: made } = (await convert({ html })).body;
  expect(made.nodes).toMatchObject([{ type: 'PARAGRAPH' }, { type: 'PARAGRAPH' }]);
  const back = await bed.post('/ricos/v1/ricos-document/convert/from-ricos', {
    document: made,
    targetFormat: 'PLAIN_TEXT',
  });
  expect(back.body.plainText).toBe('Pay\n11 & more');
  expect((await convert({ plainText: 'x'.repeat(101) })).status).toBe(400);
  const validate = { document: document(text('loose')) };
  expect((await bed.post('/ricos/v1/ricos-document/validate', validate)).status).toBe(400);
  const burst = await convert({ html });
  expect([burst.status, burst.body]).toEqual([403, null]);
  await bed.pass(1);
  expect((await convert({ html })).status).toBe(200);
});
