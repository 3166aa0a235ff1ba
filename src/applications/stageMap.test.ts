import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Facts,
  guessStatus,
  isUnknownStage,
  type MappedStage,
  STAGE_STATUSES,
  type StageMap,
  stageMapOf,
  statusOf,
} from './stageMap.ts';

const nothing: Facts = {
  ...{ active: true, stageId: null, stageName: null, presentedAt: null },
  ...{ interviewAt: null, offerAt: null, hiredAt: null, droppedAt: null },
};
const stage = (status: MappedStage['status'], more: Partial<MappedStage> = {}): MappedStage => ({
  ...{ name: 'x', rank: 2, pipeline: 'Hotel', status },
  ...more,
});
const map: StageMap = {
  11: stage('sent'),
  13: stage('interview'),
  14: stage('offer'),
  15: stage('hired'),
  18: stage('not_selected'),
};
const day = '2027-01-20T00:00:00.000Z';
const of = (facts: Partial<Facts>) => statusOf({ ...nothing, ...facts }, map);

test('the status of an application: dropped, else the furthest that dates and stage tell', () => {
  expect(of({ stageId: '11' })).toBe('sent');
  expect(of({ stageId: '13' })).toBe('interview');
  expect(of({ stageId: '14', interviewAt: day })).toBe('offer');
  expect(of({ stageId: '11', interviewAt: day })).toBe('interview');
  expect(of({ stageId: '11', presentedAt: day })).toBe('in_review');
  expect(of({ stageId: '11', hiredAt: day })).toBe('hired');
  expect(of({ stageId: '15', active: false })).toBe('not_selected');
  expect(of({ stageId: '15', droppedAt: day })).toBe('not_selected');
  expect(of({ stageId: '18', hiredAt: day })).toBe('not_selected');
  expect(of({ active: null })).toBe('sent');
});

test('a stage that the map does not have is guessed by its name, as the map would', () => {
  expect(of({ stageId: '99', stageName: 'Second interview' })).toBe('interview');
  expect(of({ stageId: '99', stageName: 'Aangenomen' })).toBe(guessStatus('Aangenomen', false));
  expect(guessStatus('Rejected by client', false)).toBe('not_selected');
});

const date = fc.option(fc.constantFrom(day, '2027-02-01T01:00:00.000Z'));
const anyMap = fc.dictionary(
  fc.constantFrom('11', '12', '13'),
  fc.constantFrom(...STAGE_STATUSES).map((status) => stage(status)),
);
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  active: fc.option(fc.boolean()),
  stageId: fc.option(fc.constantFrom('11', '12', '13', '99')),
  stageName: fc.option(fc.constantFrom('Inbox', '2 - Phone', 'Offer', 'Gehaald')),
  ...{ presentedAt: date, interviewAt: date, offerAt: date, hiredAt: date, droppedAt: date },
});

/** The table of reference/manatal.md 9.5 with the further of date and stage, written down apart. */
function expected(facts: Facts, stages: StageMap): string {
  if (facts.active === false || facts.droppedAt !== null) return 'not_selected';
  const way = ['sent', 'in_review', 'interview', 'offer', 'hired'];
  const known = facts.stageId !== null && stages[facts.stageId];
  const named = facts.stageName === null ? 'sent' : guessStatus(facts.stageName, false);
  const staged = known ? known.status : named;
  if (staged === 'not_selected') return staged;
  const reached = [
    facts.presentedAt ? 1 : 0,
    facts.interviewAt ? 2 : 0,
    facts.offerAt ? 3 : 0,
    facts.hiredAt ? 4 : 0,
    way.indexOf(staged),
  ];
  return way[Math.max(...reached)]!;
}

test('[M8] the status follows from the facts and the map alone, whatever order they came in', () => {
  fc.assert(
    fc.property(anyFacts, anyMap, fc.array(anyFacts), (facts, stages, before) => {
      const status = statusOf(facts, stages);
      expect(STAGE_STATUSES).toContain(status);
      expect(status).toBe(expected(facts, stages));
      // What it was before, step by step, leaves nothing behind.
      for (const earlier of before) statusOf(earlier, stages);
      expect(statusOf(structuredClone(facts), stages)).toBe(status);
    }),
  );
});

test('dates that are set and taken away again, and a drop that is taken back, leave no trace', () => {
  fc.assert(
    fc.property(anyFacts, anyMap, (facts, stages) => {
      const standing = { ...facts, active: true, droppedAt: null };
      const dropped = statusOf({ ...standing, active: false, droppedAt: day }, stages);
      expect(dropped).toBe('not_selected');
      const hired = statusOf({ ...standing, hiredAt: day }, stages);
      expect(['hired', 'not_selected']).toContain(hired);
      expect(statusOf({ ...standing, hiredAt: null }, stages)).toBe(
        expected({ ...standing, hiredAt: null }, stages),
      );
    }),
  );
});

test('[M7] a stage is unknown until it is in the map and a person has looked at it', () => {
  expect(isUnknownStage(map, '99')).toBe(true);
  expect(isUnknownStage({ 99: stage('sent', { isNew: true }) }, '99')).toBe(true);
  expect(isUnknownStage(map, '11')).toBe(false);
  expect(stageMapOf({})).toEqual({});
  expect(stageMapOf({ stageMap: null })).toEqual({});
});
