/** An error that the simulation made, as against one that the program made. */
export class SimulatedFault extends Error {
  override name = 'SimulatedFault';
}

/** Something that must never happen did. */
export class Violation extends Error {
  override name = 'Violation';
}

/** Did the simulation cause this, at whatever depth? */
export function isSimulated(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    if (current instanceof SimulatedFault) return true;
    current = current.cause;
  }
  return false;
}
