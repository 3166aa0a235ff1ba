import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asList, idOf, sortableTime } from './reading.ts';
import { mapStages, stageOf } from './stages.ts';
import { idIn } from './webhooks.ts';

const pipeline = {
  id: 1,
  name: 'Hotel',
  job_pipeline_stages: [
    { id: 13, name: '3 - Site visit', rank: 3 },
    { id: 11, name: 'Inbox', rank: 1 },
    { id: 12, name: '2 - Phone', rank: 2 },
    { id: '14', name: 'Job offer', rank: 4 },
    { id: 15, name: 'Hired', rank: 5 },
    { id: 16, name: 'Aangenomen', rank: 6 },
  ],
};
const map = mapStages([pipeline], {});
const statuses = (of: typeof map) =>
  Object.fromEntries(Object.entries(of).map(([id, stage]) => [id, stage.status]));

test('stages are guessed by name and place, and what staff chose is kept', () => {
  expect(statuses(map)).toEqual({
    ...{ 11: 'sent', 12: 'in_review', 13: 'interview' },
    ...{ 14: 'offer', 15: 'hired', 16: 'in_review' },
  });
  expect(Object.values(map).some(({ isNew, chosen }) => isNew || chosen)).toBe(false);
  const chosen = { ...map, 16: { ...map[16]!, status: 'hired' as const, chosen: true } };
  expect(mapStages([pipeline], chosen)[16]).toMatchObject({ status: 'hired', chosen: true });
});

test('a stage that is renamed keeps its meaning, and what it was called when it got it', () => {
  const [first, ...others] = pipeline.job_pipeline_stages;
  const renamed = { ...pipeline, job_pipeline_stages: [{ ...first!, name: 'Offers' }, ...others] };
  const later = mapStages([renamed], map)[13];
  expect(later).toMatchObject({
    name: 'Offers',
    mappedAs: '3 - Site visit',
    status: 'interview',
  });
});

test('a stage that comes later is guessed by its name and marked as new', () => {
  const stages = [...pipeline.job_pipeline_stages, { id: 17, name: 'Zeroth', rank: 0 }];
  const later = mapStages([{ ...pipeline, job_pipeline_stages: stages }], map);
  // As an application in it was before the map had it.
  expect(later[17]).toMatchObject({ status: 'in_review', isNew: true, mappedAs: 'Zeroth' });
  expect(later[11]!.isNew).toBeUndefined();
});

test('[A1] a stage that is not listed keeps its meaning; listed again, it is as before', () => {
  const without = mapStages([{ ...pipeline, job_pipeline_stages: [] }], map);
  expect(statuses(without)).toEqual(statuses(map));
  expect(Object.values(without).every(({ isMissing }) => isMissing)).toBe(true);
  expect(mapStages([pipeline], without)).toEqual(map);
});

test('the stage of a match is found under each of its names', () => {
  const stage = { id: 13, name: 'x', rank: 3 };
  for (const key of ['job_pipeline_stage', 'job_pipeline_stages', 'stage'])
    expect(stageOf({ [key]: stage })).toEqual(stage);
  expect(stageOf({ job_pipeline_stage: null, stage: { id: 1 } })).toEqual({ id: 1 });
  expect(stageOf({})).toBeNull();
});

test('[D2] an id is found wherever a body carries it, and nothing else is taken from the body', () => {
  const bodies = [
    { object_id: 77120045 },
    { id: 77120045, job: 5100210, candidate: 91002333 },
    { model: 'match', action: 'moved', data: { id: '77120045' } },
    { match: { id: 77120045 }, job_id: '5100210' },
    { match_id: '77120045' },
    { payload: { id: 77120045 } },
  ];
  for (const body of bodies) expect(idIn(body, 'match')).toBe('77120045');
  for (const body of [
    {},
    [],
    null,
    'x',
    5,
    { id: 'abc' },
    { id: -1 },
    { id: {} },
    { id: '1; drop' },
  ]) {
    expect(idIn(body, 'match')).toBeNull();
  }
});

test('[D3] whatever JSON a body is, reading its id never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (body, model) => {
      const id = idIn(body, model);
      expect(id === null || /^\d+$/.test(id)).toBe(true);
    }),
  );
});

test('change times sort, keep their microseconds, and tolerate a missing zone', () => {
  const times = [
    '2027-01-12T09:41:33.902711Z',
    '2027-01-12T09:41:33.902712Z',
    '2027-01-12T09:41:34Z',
  ];
  const sortable = times.map((time) => sortableTime(time)!);
  expect([...sortable].sort()).toEqual(sortable);
  expect(new Set(sortable).size).toBe(3);
  expect(sortableTime('2027-01-12T09:41:33.9')).toBe(sortableTime('2027-01-12 09:41:33.900000Z'));
  expect(sortableTime('soon')).toBeNull();
});

test('lists are read in every shape; ids as numbers or digits', () => {
  expect(asList([1])).toEqual([1]);
  expect(asList({ results: [1] })).toEqual([1]);
  expect(asList({ id: 4 })).toEqual([{ id: 4 }]);
  expect(asList(null)).toEqual([]);
  expect([idOf(5), idOf('5'), idOf('5a'), idOf(1.5), idOf(null)]).toEqual([
    '5',
    '5',
    null,
    null,
    null,
  ]);
});
