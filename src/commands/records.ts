import type { Command } from 'commander';
import type { RecordStory } from '#src/integrations/recordStory.ts';
import type { Program } from '#src/program.ts';
import type { Left } from '#src/sync/takeBack.ts';
import { commandLine } from './connections.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, say, tableOf } from './output.ts';
import { follow } from './sync.ts';

interface UndoWish extends Json {
  dryRun: boolean;
}

/** runs undo ID [--dry-run], runs apply ID [--wait], record RESOURCE OURID */
export function addRecordCommands(kiex: Command): void {
  const runs = kiex.commands.find((command) => command.name() === 'runs')!;
  withJson(runs.command('undo <id>'))
    .description('take back what a run wrote into KiEX, where nobody changed it since')
    .option('--dry-run', 'only say what would be taken back', false)
    .action((id: string, given: UndoWish) =>
      withProgram((program) =>
        given.dryRun ? lookAtUndo(program, id, given) : undo(program, id, given),
      ),
    );
  withJson(runs.command('apply <id>'))
    .description('carry out what a preview found, where nothing moved since')
    .option('--wait', 'stay until it ends; the exit code tells whether it is green', false)
    .action((id: string, given: Json & { wait: boolean }) =>
      withProgram((program) => apply(program, id, given)),
    );
  withJson(kiex.command('record <resource> <ourId>'))
    .description("a record's whole story: what it says, where that comes from, what happened")
    .action((resource: string, ourId: string, given: Json) =>
      withProgram((program) => showRecord(program, { resource, ourId }, given)),
    );
}

async function lookAtUndo({ app }: Program, id: string, { json }: Json): Promise<number> {
  const look = await app.records.undoable(id);
  if ('refused' in look) throw new CommandProblem(look.refused);
  const { left, ...counts } = look;
  const words = [tableOf([{ ...counts, left: left.length }]), ...leftWords(left)].join('\n\n');
  print(look, { json, words });
  return exitCodes.done;
}

async function undo({ app }: Program, id: string, { json }: Json): Promise<number> {
  const sum = { taken: 0, left: [] as Left[] };
  for (let more = true; more; ) {
    const done = await app.records.undo(id, commandLine);
    if ('refused' in done) throw new CommandProblem(done.refused);
    sum.taken += done.taken;
    // Every step looks again at all that is not taken back, so the last one names all that is left.
    sum.left = done.left;
    more = done.more;
    if (more) say(`${sum.taken} records so far`);
  }
  const words = [
    `${sum.taken} records taken back, ${sum.left.length} fields or records left.`,
    ...leftWords(sum.left),
  ].join('\n\n');
  print(sum, { json, words });
  return exitCodes.done;
}

async function apply(
  program: Program,
  id: string,
  given: Json & { wait: boolean },
): Promise<number> {
  const asked = await program.app.previews.apply(id, { trigger: 'command', by: null });
  if ('refused' in asked) throw new CommandProblem(asked.refused);
  return follow(program, [asked.runId], given);
}

const leftWords = (left: Left[]) =>
  left.length === 0
    ? []
    : [tableOf(left.map(({ ourId, field, reason }) => ({ record: ourId, field, reason })))];

async function showRecord(
  { app }: Program,
  of: { resource: string; ourId: string },
  { json }: Json,
): Promise<number> {
  const story = await app.records.story(of);
  if (!story) throw new CommandProblem(`KiEX knows no ${of.resource} with the id ${of.ourId}.`);
  print(story, { json, words: storyWords(story) });
  return exitCodes.done;
}

function storyWords({ ties, fields, lines }: RecordStory): string {
  const tied = ties.map((tie) => ({
    connection: tie.connectionLabel,
    theirs: tie.theirId,
    gone: tie.goneAt,
  }));
  const values = fields.map(({ name, value, here, isHeld }) => ({
    field: name,
    value,
    from: here ? `${here.door}${here.runId ? ` run ${here.runId}` : ''}` : 'KiEX',
    at: here?.at,
    rule: here?.rule,
    held: isHeld ? 'held' : '',
  }));
  const happened = lines.map((line) => ({
    at: line.at,
    through: line.door ?? line.kind,
    way: line.direction,
    what: line.what,
    fields: Object.keys(line.fields).join(', '),
    run: line.runId,
    detail: line.detail,
  }));
  return [tied, values, happened].map(tableOf).join('\n\n');
}
