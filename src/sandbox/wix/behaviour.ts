import type { CoveredBehaviour } from './coverage.ts';
import type { Mark } from './switches.ts';

/** One line of the table: what the simulator does, how sure the reference is, and the test that shows it. */
export const behaviour = (
  section: string,
  mark: Mark,
  rule: string,
  test: string,
): CoveredBehaviour => ({ section, rule, mark, test });
