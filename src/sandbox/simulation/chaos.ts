import { note, strikes } from './ground.ts';
import type { Surroundings } from './processes.ts';
import type { Life } from './scheduler.ts';
import { oneOf } from './settings.ts';
import type { Town } from './town.ts';

/** Between any two steps a process may be killed, stand still, lose its sessions or its time. */
export function createChaos({ ground, database, locks }: Surroundings, town: Town): void {
  const { scheduler, chance, faults } = ground;
  const upTo = (most: number) => 1 + chance.integer(most);

  async function strike(life: Life): Promise<void> {
    if (strikes(ground, 'process killed', faults.kill)) {
      return town.kill(life, upTo(faults.downSecondsMax));
    }
    if (strikes(ground, 'process stalled', faults.stall)) {
      const seconds = upTo(faults.stallSecondsMax);
      note(ground, life, `stands still for ${seconds} s`);
      life.stalledUntil = scheduler.now() + seconds * 1_000;
    }
    if (strikes(ground, 'sessions lost', faults.sessionLost)) {
      note(ground, life, 'loses its sessions');
      locks.lose(life);
      await database.rollBack(life);
    }
    if (strikes(ground, 'clock jump', faults.clockJump)) jump(life);
  }

  function jump(life: Life): void {
    const seconds = upTo(faults.clockJumpSecondsMax) * oneOf(chance, [-1, 1]);
    note(ground, life, `its clock jumps by ${seconds} s`);
    life.offsetMilliseconds = seconds * 1_000;
    void scheduler
      .clockOf(life)
      .sleep(upTo(600) * 1_000)
      .then(() => {
        life.offsetMilliseconds = 0;
      });
  }

  scheduler.onPick(async () => {
    for (const life of ground.doomed) {
      ground.doomed.delete(life);
      if (!life.isDead) await town.kill(life, upTo(faults.downSecondsMax));
    }
    if (!faults.areOn) return;
    const lives = town.lives();
    if (lives.length > 0) await strike(oneOf(chance, lives));
  });
}
