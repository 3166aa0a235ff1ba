import {
  amount,
  choice,
  initialSettings,
  readSettings,
  type SettingsOf,
  toggle,
} from '../switchKinds.ts';
import { LAG_SECONDS_MAX } from './store.ts';

/** How sure the reference is of something, in its own marks. */
export type Mark = '(c)' | '(s)' | '(v)' | '(t)' | '(x)' | '(u)';

/**
 * Everything about the service that is not certain, or that a test wants otherwise. The initial
 * setting is the reference's assumption; a later look at the live service corrects it here.
 * Source: reference/wix.md 2, 3.4, 5.3, 8.4, 12, 16
 */
export const SWITCHES = {
  quotaEnforced: toggle(true, '(c)', 'Refuse calls over the limit.'),
  quotaPerMinute: amount(200, 100_000, '(c)', 'Calls a key may make for one site in 60 s.'),
  retryAfterHeader: toggle(false, '(u)', 'Send Retry-After with a 429.'),
  unauthorisedBody: choice(['sparse', 'empty', 'text'], '(u)', 'Body of a 401.'),
  forbiddenBody: choice(['empty', 'message'], '(v)', 'Body of a 403.'),
  blogMissingStatus: choice(['428', '401'], '(v)', 'Answer when the Blog app is not installed.'),
  indexLagSeconds: amount(2, LAG_SECONDS_MAX, '(u)', 'Seconds by which queries lag behind writes.'),
  consistentHeader: toggle(true, '(s)', 'A query that echoes X-Wix-Consistent sees every write.'),

  firstRevision: amount(1, 1, '(u)', 'Revision of a new contact.'),
  contactListPatch: choice(
    ['replace', 'append'],
    '(u)',
    'What the lists of a contact patch do to the kept lists.',
  ),
  emptyListClears: toggle(true, '(u)', 'An empty list in a contact patch clears the kept list.'),
  contactNamePatch: choice(
    ['merge', 'replace'],
    '(u)',
    'A patch with one half of the name keeps the other half, or drops it.',
  ),
  unknownFieldCode: choice(
    ['INVALID_EXTENDED_FIELD_VALUE', 'EXTENDED_FIELD_NOT_FOUND'],
    '(s)',
    'Code of a 400 about an extended field that is not there.',
  ),
  systemFieldsRefused: toggle(true, '(u)', 'Writing a system field fails the whole write.'),
  emailFilterIgnoresCase: toggle(true, '(u)', 'A filter on an e-mail address ignores case.'),
  contactDefaultOrder: choice(['ASC', 'DESC'], '(c)', 'Order of contacts when no sort is sent.'),

  confirmationSeconds: amount(0, 86_400, '(s)', 'Seconds from PENDING to CONFIRMED; 0 is at once.'),
  contactMappingSeconds: amount(1, 86_400, '(s)', 'Seconds until a submission has its contactId.'),
  formsRefusal: choice(
    ['UNSUPPORTED_FORM_NAMESPACE', 'permissions_not_found'],
    '(v)',
    'Refusal when the Forms app is not installed: 400 with a code, or 428 with a sentence.',
  ),

  memberSpacingMilliseconds: amount(1_000, 60_000, '(c)', 'Least time between two new members.'),
  duplicateMember: choice(['409', '400'], '(u)', 'Status for a loginEmail that is taken.'),
  memberSortHonoured: toggle(true, '(u)', 'The members query sorts as asked.'),
  memberApproval: toggle(false, '(c)', 'Visitors who register wait for the owner.'),

  importSeconds: amount(5, 3_600, '(u)', 'Seconds until an imported image is READY.'),
  ricosMaxCharacters: amount(10_000, 30_000, '(c)', 'Longest text the Ricos converter takes.'),
  ricosBurst: amount(10, 1_000, '(v)', 'Converter calls per second before empty 403s.'),
  identityLost: amount(0, 1, '(v)', 'Chance that creating a draft answers 401 in passing.'),

  keyIdentity: choice(['WIX_USER', 'APP'], '(u)', 'Who an event says has acted, for a key.'),
  tokenSeconds: amount(3_600, 86_400, '(u)', 'Life of a webhook token; 0 leaves exp out.'),
  envelopeShape: choice(['strings', 'objects'], '(x)', 'Inner parts of a token: texts or objects.'),
  bodyKeys: choice(['plain', 'asJson'], '(s)', 'Body keys: entity, or entityAsJson with a text.'),
  identityShown: toggle(true, '(c)', 'Webhooks carry identity.'),
  accountInfoShown: toggle(true, '(s)', 'Webhooks carry accountInfo.'),
  deliveryDelaySeconds: amount(1, 3_600, '(u)', 'Seconds from an event to its delivery.'),
  answerMilliseconds: amount(1_250, 60_000, '(c)', 'A receiver has this long to answer 200.'),
  retryScale: amount(1, 1, '(c)', 'The documented delays between tries, times this.'),
  webhookLost: amount(0, 1, '(u)', 'Chance that a delivery is never sent.'),
  webhookDoubled: amount(0, 1, '(c)', 'Chance that a delivery is sent twice.'),
  webhookLate: amount(0, 1, '(c)', 'Chance that a delivery comes late.'),
  webhookLateSeconds: amount(300, 86_400, '(u)', 'How late.'),
  webhookReordered: amount(0, 1, '(c)', 'Chance that later deliveries overtake it.'),
  webhookForged: amount(0, 1, '(u)', 'Chance of a forged delivery beside a true one.'),
};

export type SwitchName = keyof typeof SWITCHES;
export type Switches = SettingsOf<typeof SWITCHES>;

export const initialSwitches = (): Switches => initialSettings(SWITCHES);

/** The settings among `given` that fit, and a sentence for each that does not. */
export const readSwitches = (given: Record<string, unknown>) => readSettings(SWITCHES, given);
