import fc from 'fast-check';
import { seededRandom } from '#src/platform/random.ts';
import type { ContactRow } from '#src/sandbox/wix/rows.ts';
import { createWixSimulator, type WixSimulator } from '#src/sandbox/wix/simulator.ts';
import type { Values } from '#src/sync/canonical.ts';
import type { MakeBench, Raw, RecordBench } from './bench.ts';

const api = 'http://wix.test';
const key = 'IST.bench-key-of-wix';
export const wixSite = '5b5b5b5b-1111-4222-8333-444444444444';

/** The simulated Wix as the contract sees it. */
export const wixBench: MakeBench<'wix'> = ({ clock, quota, httpFor }) => {
  const simulator = createWixSimulator({
    ...{ clock, random: seededRandom(1) },
    outgoing: async () => new Response('ok'),
  });
  const { id: account } = simulator.addAccount({ name: 'Bench' });
  simulator.addSite({ account, name: 'Bench', id: wixSite });
  simulator.addKey({ account, key });
  simulator.set({ quotaEnforced: false, indexLagSeconds: 0 });
  const set = (changed: Parameters<typeof simulator.set>[0]) => () => simulator.set(changed);
  return {
    settings: { http: httpFor([api]), quota, baseUrl: api, callsPerMinute: 0 },
    connectionSettings: { account: { siteId: wixSite } },
    origins: [api],
    key,
    answer: (request) => simulator.fetch(request),
    resources: { contacts: contacts(simulator) },
    moods: {
      'as documented': () => undefined,
      'lists of a patch are joined to what is kept': set({ contactListPatch: 'append' }),
      'a patch with half a name drops the other': set({ contactNamePatch: 'replace' }),
      'contacts begin with revision 0': set({ firstRevision: 0 }),
    },
    shuffle: set({ contactDefaultOrder: 'DESC' }),
    async pass(seconds) {
      await clock.advance(seconds * 1_000);
      await simulator.settled();
    },
    notFound: () =>
      Response.json(
        { message: 'No.', details: { applicationError: { code: 'CONTACT_NOT_FOUND' } } },
        { status: 404 },
      ),
    webhookBodies: () => [],
  };
};

function contacts(simulator: WixSimulator): RecordBench {
  const editor = simulator.editor(wixSite);
  const rows = () => simulator.rows(wixSite, 'contacts');
  const rowOf = (id: string) => rows().find((row) => row.id === id)!;
  let made = 0;
  return {
    make: async () =>
      editor.addsContact({
        name: { first: `Lani ${made++}`, last: 'Cruz' },
        emails: {
          items: [
            { tag: 'HOME', email: `home${made}@example.edu`, primary: false },
            { tag: 'MAIN', email: `lani${made}@example.edu`, primary: true },
          ],
        },
        phones: { items: [{ tag: 'WORK', phone: '+16715550000', primary: true }] },
        addresses: {
          items: [
            { tag: 'WORK', address: { city: 'Koror', country: 'PW' } },
            { tag: 'HOME', address: { city: 'Yona', country: 'US', subdivision: 'US-GU' } },
          ],
        },
        company: 'University of Guam',
        birthdate: '2004-02-29',
        labelKeys: { items: ['contacts.customers'] },
      }).id,
    raw: (theirId) => flat(rowOf(theirId)),
    alter: async (id) => void editor.editsContact(id, { company: `Company ${made++}` }),
    remove: async (id) => editor.deletesContact(id),
    changes: contactChanges,
    moves: ['revision', 'updatedDate'],
    outgoing: async () => {
      const ourId = `ours-${made++}`;
      const name = { firstName: 'Tasi', lastName: 'Sample' };
      const reach = { email: `${ourId}@student.example`, phone: '+6804885555' };
      const place = { addressLine: 'P.O. Box 7', addressLine2: null, city: 'Koror' };
      const code = { country: 'PW', subdivision: null, postalCode: '96940' };
      const work = { company: 'Reef House', jobTitle: 'Diver', birthdate: null, locale: 'en-US' };
      const ours = { kiexId: ourId, kiexLabel: true };
      const values = { ...name, ...reach, ...place, ...code, ...work, ...ours };
      return { ourId, values, record: {}, refs: {}, intent: null };
    },
    count: () => rows().length,
    refusesTwins: [() => undefined],
    within: 'contact',
    rows: (json) => (json.contacts ?? []) as Raw[],
    written: ({ info = {} }, kept) =>
      Object.entries(flatInfo(info as ContactRow['info']))
        .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(kept[name]))
        .map(([name]) => name),
    noSuchId: '00000000-0000-4000-8000-000000000000',
  };
}

function flat({ info, ...row }: ContactRow): Raw {
  return { ...row, ...flatInfo(info) };
}

/** By the names of the mapping table; an address that is not the one KiEX shows stands apart. */
function flatInfo(info: ContactRow['info']): Raw {
  const { name, emails, phones, addresses, extendedFields, labelKeys, ...rest } = info;
  const home = addresses?.items.find(({ tag }) => tag === 'HOME');
  const raw: Raw = {
    'info.name.first': name?.first || undefined,
    'info.name.last': name?.last || undefined,
    'info.emails': emails,
    'info.phones': phones,
    'others.addresses': addresses?.items.filter((item) => item !== home),
    'info.labelKeys': labelKeys,
    ...prefixed('info', rest),
    ...prefixed('info.addresses', home?.address ?? {}),
    ...prefixed('info.extendedFields', extendedFields?.items ?? {}),
  };
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
}

const prefixed = (prefix: string, fields: object): Raw =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));

const line = fc.option(
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map((raw) => raw.normalize('NFC').replaceAll('\0', '').trim() || 'x'),
);
let addresses = 0;
const places: fc.Arbitrary<Pick<Values, 'country' | 'subdivision'>> = fc.constantFrom(
  { country: 'GU', subdivision: null },
  { country: 'MP', subdivision: null },
  { country: 'PW', subdivision: null },
  { country: 'FM', subdivision: 'FM-PNI' },
  { country: 'FM', subdivision: null },
  { country: 'MH', subdivision: 'MH-MAJ' },
  { country: 'US', subdivision: 'US-HI' },
  { country: null, subdivision: null },
);

/** Changes of a contact that may be sent; the e-mail is another each time. */
const contactChanges: fc.Arbitrary<Values> = fc
  .tuple(
    fc.record(
      {
        ...{ firstName: line, lastName: line, company: line, jobTitle: line },
        ...{ addressLine: line, addressLine2: line, city: line, postalCode: line },
        birthdate: fc.option(fc.constantFrom('2001-12-31', '1999-01-01')),
        locale: fc.option(fc.constantFrom('en-US', 'ch-GU')),
        phone: fc.constantFrom('+16715550123', '+6804885555', '+6913202345'),
        email: fc.constant(0).map(() => `changed${addresses++}@example.edu`),
      },
      { requiredKeys: [] },
    ),
    fc.option(places),
  )
  .map(([values, place]) => ({ ...values, ...place }));
