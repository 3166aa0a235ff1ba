import type { Hono } from 'hono';
import { z } from 'zod';
import type { FaultKind } from './faults.ts';
import type { Controlled } from './inspectorControls.ts';
import { readSettings, type SwitchTable } from './switchKinds.ts';

const API = '/admin/api';

export interface Scripted<Table extends SwitchTable, Own extends string>
  extends Controlled<Table, Own> {
  requests(): readonly object[];
  clearRequests(): void;
}

const faultBody = <Kind extends string>(kinds: [Kind, ...Kind[]]) =>
  z.object({
    kind: z.enum(kinds),
    method: z.string().optional(),
    path: z.string().optional(),
    chance: z.number().min(0).max(1).optional(),
    next: z.number().int().positive().nullable().optional(),
    milliseconds: z.number().min(0).optional(),
    seconds: z.number().min(0).optional(),
  });

/** What every simulator lets scripts do, in JSON: switch, fault, look, move the clock. */
export function addControlApi<Table extends SwitchTable, Own extends string>(
  app: Hono,
  simulator: Scripted<Table, Own>,
  { table, kinds }: { table: Table; kinds: Record<FaultKind | Own, string> },
): void {
  const FaultBody = faultBody(Object.keys(kinds) as [FaultKind | Own, ...(FaultKind | Own)[]]);
  app.get(`${API}/switches`, (context) =>
    context.json(simulator.switches() as Record<string, unknown>),
  );
  app.patch(`${API}/switches`, async (context) => {
    const { switches, problems } = readSettings(table, await context.req.json());
    if (Object.keys(problems).length > 0) return context.json({ problems }, 400);
    simulator.set(switches);
    return context.json(simulator.switches() as Record<string, unknown>);
  });

  app.get(`${API}/faults`, (context) => context.json([...simulator.faults.rules()]));
  app.post(`${API}/faults`, async (context) => {
    const rule = FaultBody.parse(await context.req.json());
    const given = Object.entries(rule).filter(([, value]) => value !== undefined);
    return context.json(
      simulator.faults.add({ ...Object.fromEntries(given), kind: rule.kind }),
      201,
    );
  });
  app.delete(`${API}/faults`, (context) => {
    simulator.faults.heal();
    return context.body(null, 204);
  });

  app.get(`${API}/clock`, (context) => context.json({ now: simulator.clock.now().toISOString() }));
  app.post(`${API}/clock`, async (context) => {
    const body = z.object({ milliseconds: z.number().positive() }).parse(await context.req.json());
    simulator.shiftClock(body.milliseconds);
    return context.json({ now: simulator.clock.now().toISOString() });
  });

  app.get(`${API}/requests`, (context) => context.json([...simulator.requests()]));
  app.delete(`${API}/requests`, (context) => {
    simulator.clearRequests();
    return context.body(null, 204);
  });

  app.onError((error, context) => {
    if (error instanceof z.ZodError) return context.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof SyntaxError) return context.json({ error: 'the body is not JSON' }, 400);
    throw error;
  });
}
