import { Hono } from 'hono';
import type { SimulatorBehindInspector } from './simulator.ts';

/** The pages on which a person is the website's visitor and editor. */
export function createInspector(_simulator: SimulatorBehindInspector): Hono {
  return new Hono();
}
