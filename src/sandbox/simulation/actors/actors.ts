import type { Feature } from '../settings.ts';
import { stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedWorld } from '../world.ts';
import type { Action } from './action.ts';
import * as applicants from './applicants.ts';
import * as forms from './forms.ts';
import * as makers from './makers.ts';
import * as mischief from './mischief.ts';
import * as profiles from './profiles.ts';
import * as recruiters from './recruiters.ts';
import { clicks } from './recruiters.ts';
import * as staff from './staff.ts';
import * as strangers from './strangers.ts';
import * as suggesting from './suggesting.ts';

/** Everything that anybody may do. */
const weights: readonly [name: string, weight: number, act: Action['act']][] = [
  ['a recruiter posts a job', 3, recruiters.clicks('posts a job', recruiters.postsJob)],
  ['a recruiter edits a job', 6, recruiters.clicks('edits a job', recruiters.editsJob)],
  ['a recruiter removes a job', 1, recruiters.clicks('removes a job', recruiters.removesJob)],
  ['a recruiter moves a match', 5, recruiters.clicks('moves a match', recruiters.movesMatch)],
  ['a recruiter hires', 2, recruiters.clicks('hires', recruiters.hires)],
  ['a recruiter drops', 2, recruiters.clicks('drops', recruiters.drops)],
  ['a recruiter takes a drop back', 1, recruiters.clicks('takes back', recruiters.takesBack)],
  ['a recruiter gives a date', 2, recruiters.clicks('gives a date', recruiters.givesDate)],
  ['a recruiter renames a stage', 1, recruiters.clicks('renames', recruiters.renamesStage)],
  ['a recruiter adds a stage', 1, recruiters.clicks('adds a stage', recruiters.addsStage)],
  ['a recruiter removes a match', 1, recruiters.clicks('removes', recruiters.removesMatch)],
  ['a recruiter edits a candidate', 4, recruiters.clicks('edits', recruiters.editsCandidate)],
  ['a recruiter removes a candidate', 1, recruiters.clicks('lets go', recruiters.removesCandidate)],
  ['an applicant comes there too', 3, recruiters.clicks('gets', recruiters.receivesApplication)],
  ['a student applies', 10, applicants.applies],
  ['a student applies in two tabs', 3, applicants.appliesInTwoTabs],
  ['a student applies twice', 3, applicants.appliesTwice],
  ['a student does not agree', 1, applicants.doesNotAgree],
  ['a student withdraws', 4, applicants.withdraws],
  ['a student applies again', 3, applicants.appliesAgain],
  ['a student wavers', 2, applicants.wavers],
  ['a student edits the profile', 3, applicants.editsProfile],
  ['a student adds a resume', 2, applicants.addsResume],
  ['a student adds to the profile', 5, profiles.addsToProfile],
  ['a student edits a line of the profile', 4, profiles.editsProfilePart],
  ['a student removes a line of the profile', 1, profiles.removesProfilePart],
  ['a student sends a newer resume', 1, profiles.sendsNewerResume],
  [
    'a recruiter edits a profile row',
    2,
    recruiters.clicks('edits a row', profiles.editsProfileRow),
  ],
  ['a recruiter edits a field', 2, recruiters.clicks('edits', recruiters.editsCustomField)],
  ['a recruiter edits an employer', 2, recruiters.clicks('edits', recruiters.editsOrganization)],
  ['staff edit a job here', 5, staff.editsJobHere],
  ['staff make a job', 4, makers.makesJob],
  ['staff edit a field', 2, makers.editsCustomField],
  ['staff edit an employer', 3, makers.editsOrganization],
  ['both edit one field', 4, staff.meetsAtOneField],
  ['staff say what a stage means', 2, staff.choosesStages],
  ['staff choose how withdrawals are told', 1, staff.choosesWithdrawals],
  ['staff sync now', 2, staff.syncsNow(false)],
  ['staff read everything', 1, staff.syncsNow(true)],
  ['staff pause and resume', 1, staff.pausesAndResumes],
  ['the key is changed', 1, staff.changesKey],
  ['the account is locked', 1, staff.isLockedOut],
  ['staff retry dead letters', 1, staff.retriesDeadLetters],
  ['webhooks are forged', 4, mischief.forgesWebhooks],
  ['somebody knocks wrongly', 1, mischief.knocksWrongly],
  ['a webhook is replayed', 2, mischief.replaysWebhook],
];

/** What they do besides, in a world that has it: about as often as all the others together. */
const besides: Readonly<Record<Feature, typeof weights>> = {
  suggestions: [
    ['a recruiter corrects an applicant', 20, clicks('corrects', suggesting.correctsApplicant)],
    ['a student answers a suggestion', 30, suggesting.answersSuggestion],
    ['a student is corrected and answers', 50, suggesting.isCorrected],
    ['staff choose whether to suggest', 3, suggesting.choosesSuggestions],
  ],
  strangers: [
    ['a stranger applies there', 40, clicks('receives a stranger', strangers.arrives)],
    ['a recruiter puts somebody on a job', 12, clicks('puts on a job', strangers.putsOnJob)],
    ['a recruiter deals with a stranger', 30, clicks('deals', strangers.dealsWith)],
    ['a recruiter removes a stranger', 10, clicks('removes a stranger', strangers.removes)],
    ['staff choose whether to show strangers', 8, strangers.choosesToShow],
  ],
  keyless: [
    ['a student applies by a form', 80, forms.appliesByForm],
    ['staff look into a doubt', 20, forms.looksIntoDoubts],
    ['a recruiter takes a job off the page', 8, clicks('takes off', forms.takesOff)],
    ['a page is renamed', 4, forms.renamesPage],
    ['a form asks something else', 4, clicks('asks anew', forms.asksAnew)],
  ],
};

/** What happens in a world with these features; each is counted in the ledger when it is done. */
export const actionsOf = (features: readonly Feature[]): Action[] =>
  [...weights, ...features.flatMap((feature) => besides[feature])].map(([name, weight, act]) => ({
    name,
    weight,
    async act(world) {
      stageOf(world).ledger.count(`act: ${name}`);
      await act(world);
    },
  }));

/** When all is well again, people put right what they can, and decide what waits for them. */
export async function settle(world: SimulatedWorld): Promise<void> {
  await staff.mend(world);
  const { features } = world.settings;
  // In some worlds the last word is another than the first.
  if (features.includes('strangers') && world.random.integer(3) === 0)
    await strangers.choosesToShow(world);
  if (features.includes('keyless')) await forms.looksIntoDoubts(world);
}

/** What staff choose as soon as an account is connected. */
export async function setsUp(world: SimulatedWorld, account: SimulatedAccount): Promise<void> {
  const { features } = world.settings;
  if (account.way === 'page') return;
  if (features.includes('suggestions')) await suggesting.choose(world, account, 'contact');
  if (features.includes('strangers')) await strangers.choose(world, account, 'show');
}

/** Before KiEX is connected: what employers already have. */
export function furnish(world: SimulatedWorld): void {
  const { ledger } = stageOf(world);
  for (const account of world.accounts) {
    for (let jobs = world.random.integer(3); jobs >= 0; jobs--) recruiters.postsJob(world, account);
  }
  ledger.count('act: furnished');
}
