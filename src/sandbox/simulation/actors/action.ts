import type { SimulatedWorld } from '../world.ts';

/** Something a person does, alone and whole. Many run at the same time, on the same few records. */
export interface Action {
  name: string;
  /** How often it is chosen, compared with the others. */
  weight: number;
  act(world: SimulatedWorld): Promise<void>;
}
