import type { Core } from './core.ts';
import { answerList, detail, idIn, type Routes, readBody, type ShapeSwitch } from './guard.ts';
import { CURRENCIES, LANGUAGES, NATIONALITIES } from './lookups.ts';
import { byRank } from './matches.ts';
import { answerFiltered } from './recordRoutes.ts';
import type { AccountRow, PipelineRow, Row, UserRow } from './rows.ts';

/** Users, pipelines, stages and catalogues: read-only, but for the skill catalogue. Source: 9.6-9.9 */
export function addLookupRoutes(routes: Routes, core: Core): void {
  addUsers(routes, core);
  const add = (path: string, shape: ShapeSwitch, rowsOf: (account: AccountRow) => readonly Row[]) =>
    addLookup(routes, core, { path, shape, rowsOf });
  add('currencies', 'currenciesShape', () => CURRENCIES);
  add('languages', 'languagesShape', () => LANGUAGES);
  add('nationalities', 'nationalitiesShape', () => NATIONALITIES);
  add('industries', 'industriesShape', ({ id }) => core.store.table(id, 'industries').rows);
  add('job-pipelines', 'pipelinesShape', ({ id }) =>
    core.store.table(id, 'pipelines').rows.map(showPipeline),
  );
  add('match-stages', 'matchStagesShape', ({ id }) =>
    core.store.table(id, 'pipelines').rows.flatMap(byRank),
  );
  addSkillCatalogue(routes, core);
}

/** The stages in the order kept, which is not the order of `rank`. [D] */
function showPipeline(pipeline: PipelineRow) {
  return { id: pipeline.id, name: pipeline.name, job_pipeline_stages: pipeline.stages };
}

function addUsers(routes: Routes, core: Core): void {
  const show = ({ left: _left, ...user }: UserRow) => user;
  const present = (account: AccountRow) =>
    core.store.table(account.id, 'users').rows.filter((user) => !user.left);

  routes.on('/users/', {
    GET: (context, account) =>
      answerFiltered(core, context, account, { rows: present(account), filters: 'users', show }),
  });
  routes.on('/users/:id{[0-9]+}/', {
    GET(context, account) {
      const user = present(account).find(({ id }) => id === idIn(context));
      return user ? context.json(show(user)) : detail(context, 404, 'Not found.');
    },
  });
}

function addLookup(
  routes: Routes,
  core: Core,
  of: { path: string; shape: ShapeSwitch; rowsOf: (account: AccountRow) => readonly Row[] },
): void {
  const show = (row: Row) => row;
  routes.on(`/${of.path}/`, {
    GET: (context, account) =>
      answerList(core, context, { rows: of.rowsOf(account), show, shape: of.shape }),
  });
  routes.on(`/${of.path}/:id{[0-9]+}/`, {
    GET(context, account) {
      const row = of.rowsOf(account).find(({ id }) => id === idIn(context));
      return row ? context.json(row) : detail(context, 404, 'Not found.');
    },
  });
}

function addSkillCatalogue(routes: Routes, core: Core): void {
  routes.on('/skills/', {
    GET(context, account) {
      const { rows } = core.store.table(account.id, 'skills');
      return answerList(core, context, { rows, show: (row) => row, shape: 'skillsShape' });
    },
    async POST(context, account) {
      const read = await readBody(context);
      if (read instanceof Response) return read;
      const names = (read.body as { names?: unknown } | null)?.names;
      if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
        return context.json({ names: ['This field is required.'] }, 400);
      }
      const made = names.map((name) => {
        const row = { id: core.store.nextId(account.id, 'skills'), name };
        core.store.put(account.id, 'skills', row);
        return row;
      });
      return context.json(made, 201);
    },
  });
}
