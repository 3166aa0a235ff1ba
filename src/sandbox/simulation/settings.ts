import { type Random, seededRandom } from '#src/platform/random.ts';
import type { FaultKind } from '../faults.ts';
import type { Switches } from '../manatal/switches.ts';
import { fingerprint } from './trace.ts';

/** Every chance of a run in one place. Chances are from 0 to 1. */
export interface FaultSettings {
  /** All of it; false once the world heals. */
  areOn: boolean;
  /** Per step: a process is killed. */
  kill: number;
  /** It comes back after at most this long. */
  downSecondsMax: number;
  /** Per step: a process stands still. */
  stall: number;
  stallSecondsMax: number;
  /** Per step: a process's clock jumps, for a while. */
  clockJump: number;
  clockJumpSecondsMax: number;
  /** Per statement: its connection breaks, before it ran or after. */
  connectionLost: number;
  /** Per step: a process loses its database sessions, and its locks with them. */
  sessionLost: number;
  /** Per bell. */
  bellLost: number;
  /** Per request to the provider. */
  http: Record<FaultKind, number>;
  /** Per form that was sent: nobody hears what became of it, beside all that strikes any request. */
  formAnswerLost: number;
  /** Per form that was sent: its process is killed before an answer comes. */
  formKill: number;
  /** Per call from the provider to us: it does not get through, or its answer does not. */
  doorLost: number;
  /** Chances of the provider's own deliveries. */
  webhooks: Pick<
    Switches,
    'webhookLost' | 'webhookDoubled' | 'webhookLate' | 'webhookReordered' | 'webhookForged'
  >;
}

/** What a run is made of; drawn from its seed alone. */
export interface RunSettings {
  seed: number;
  accounts: number;
  workers: number;
  pollSeconds: number;
  /** The same once people have gone home: what does not change is not read every minute. */
  quietPollSeconds: number;
  /** Seconds between two looks of each worker while something moves. */
  lookSeconds: number[];
  /** 6,000 is as good as no limit, and counted over all processes like every other. */
  callsPerMinute: number;
  /** How long people are busy. */
  busySeconds: number;
  actions: number;
  /** Chance that the process that acted last goes on. */
  stickiness: number;
  /** What staff choose of a connection, and what people do because of it. */
  features: readonly Feature[];
  /** What is not certain of the provider. */
  switches: Partial<Switches>;
  faults: FaultSettings;
}

/** What not every world has. In one that has it, people are mostly busy with it. */
export const features = ['suggestions', 'strangers', 'keyless'] as const;
export type Feature = (typeof features)[number];

/** So few that most runs cost what they did, and so many that thirty meet each of them. */
const featureShare = 0.15;
/** A thing that few actions are about is met only where there are some more. */
const featureActions = 6;

/** Short ones for what happens between polls, long ones for what days do to links, files and looks. */
const pollsEvery = [
  60, 120, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
] as const;

/** A stream of chance of its own for each purpose, so that one does not disturb the other. */
export const streamOf = (seed: number, purpose: string): Random =>
  seededRandom(Number.parseInt(fingerprint(`${seed} ${purpose}`), 16));

/** Many short stories find more than few long ones; what needs length has the other worlds. */
const smallShare = 0.7;

export function drawSettings(seed: number): RunSettings {
  const settings = harsher(drawSize(seed));
  const more = settings.features.length > 0 ? featureActions : 0;
  return { ...settings, actions: settings.actions + more };
}

/** So few forms are sent that many worlds would see each answer to them. */
function harsher(settings: RunSettings): RunSettings {
  const { seed, faults } = settings;
  const isCalm = streamOf(seed, 'forms').fraction() < calmFormsShare;
  if (!settings.features.includes('keyless') || isCalm) return settings;
  const kill = Math.max(faults.kill, 0.004);
  return { ...settings, faults: { ...faults, formAnswerLost: 0.4, formKill: 0.3, kill } };
}

const calmFormsShare = 0.2;

function drawSize(seed: number): RunSettings {
  const settings = drawLarge(seed);
  const random = streamOf(seed, 'size');
  if (random.fraction() >= smallShare) return settings;
  return {
    ...settings,
    accounts: 1,
    busySeconds: Math.min(settings.pollSeconds * (1 + random.integer(2)), smallSecondsMax),
    actions: 3 + random.integer(5),
  };
}

/** Each by a chance of its own, so that one more changes nothing of the others. */
const drawFeatures = (seed: number): Feature[] =>
  features.filter((name) => streamOf(seed, `feature ${name}`).fraction() < featureShare);

/** A day has a nightly comparison in it, and the looks of every hour. */
const smallSecondsMax = 86_400;

function drawLarge(seed: number): RunSettings {
  const random = streamOf(seed, 'settings');
  const pollSeconds = oneOf(random, pollsEvery);
  const polls = 2 + random.integer(7);
  return {
    seed,
    accounts: oneOf(random, [1, 1, 2]),
    workers: 2,
    pollSeconds,
    quietPollSeconds: 3_600,
    lookSeconds: [oneOf(random, [1, 3, 10, 30]), oneOf(random, [5, 20, 60])],
    callsPerMinute: oneOf(random, [6_000, 6_000, 60, 90]),
    busySeconds: pollSeconds * polls,
    actions: 4 + random.integer(16),
    stickiness: oneOf(random, [0, 0, 0.5, 0.9]),
    features: drawFeatures(seed),
    switches: drawSwitches(random),
    faults: drawFaults(random),
  };
}

/** Some runs are calm, so that what goes wrong there is not for the faults' sake; some are wild. */
function drawFaults(random: Random): FaultSettings {
  const temper = oneOf(random, ['calm', 'mixed', 'mixed', 'mixed', 'wild'] as const);
  const share = { calm: 0, mixed: 0.4, wild: 0.9 }[temper];
  /** From a hundredth of `most` up to it, small chances as likely as great ones. */
  const chance = (most: number) =>
    random.fraction() < share ? most * 10 ** (-2 * random.fraction()) : 0;
  return {
    areOn: true,
    kill: chance(0.01),
    downSecondsMax: oneOf(random, [5, 60, 600]),
    stall: chance(0.01),
    stallSecondsMax: oneOf(random, [2, 30, 300]),
    clockJump: chance(0.005),
    clockJumpSecondsMax: oneOf(random, [5, 60, 300]),
    connectionLost: chance(0.02),
    sessionLost: chance(0.005),
    bellLost: chance(0.3),
    http: {
      throttled: chance(0.2),
      serverError: chance(0.2),
      badGateway: chance(0.2),
      slow: chance(0.2),
      slowAnswer: chance(0.2),
      requestLost: chance(0.2),
      answerLost: chance(0.3),
      truncated: chance(0.2),
      stale: chance(0.2),
    },
    formAnswerLost: 0,
    formKill: 0,
    doorLost: chance(0.3),
    webhooks: {
      webhookLost: chance(0.8),
      webhookDoubled: chance(0.5),
      webhookLate: chance(0.5),
      webhookReordered: chance(0.5),
      webhookForged: chance(0.3),
    },
  };
}

/** What the reference leaves open is drawn, so that the connector must stand all of it. */
function drawSwitches(random: Random): Partial<Switches> {
  return {
    payloadShape: oneOf(random, ['mixed', 'object_id', 'object', 'envelope', 'nested'] as const),
    duplicateMatch: oneOf(random, ['non_field_errors', 'detail', 'conflict'] as const),
    deleteCascades: random.integer(2) === 0,
    unstableOrder: random.integer(4) === 0,
    matchTouchesJob: random.integer(2) === 0,
    selfCausedEvents: random.integer(3) > 0,
    movedOnDrop: random.integer(2) === 0,
    retryAfterHeader: random.integer(4) > 0,
    secondResume: oneOf(random, ['refuse', 'replace', 'add'] as const),
    stageKeys: oneOf(random, ['both', 'stage_only', 'pipeline_stage_only'] as const),
    deliveryDelaySeconds: random.integer(4),
    deliveryAttempts: 1 + random.integer(3),
    downloadSeconds: oneOf(random, [1, 30]),
  };
}

/**
 * Seconds until work that has come due is done in a healed world: the idle pause of a worker has doubled
 * once when it looks again, and the calls of what it finds may wait for the next two minutes of the quota.
 */
export const noticeSeconds = ({ lookSeconds }: RunSettings): number =>
  2 * Math.max(...lookSeconds) + 120;

/** One of them by chance. */
export function oneOf<const T>(random: Random, all: readonly T[]): T {
  return all[random.integer(all.length)]!;
}
