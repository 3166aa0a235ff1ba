import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Table } from './table.ts';

interface Kept {
  id: number;
  group: string;
}

test('a table answers as a plain list would, whatever is put and removed', () => {
  const put = fc.record({ id: fc.integer({ min: 1, max: 20 }), group: fc.constantFrom('a', 'b') });
  const removal = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(fc.array(fc.oneof(put, removal), { maxLength: 60 }), (steps) => {
      const table = new Table<Kept>(['group']);
      let plain: Kept[] = [];
      for (const step of steps) {
        const id = typeof step === 'number' ? step : step.id;
        plain = plain.filter((row) => row.id !== id);
        if (typeof step === 'number') table.remove(step);
        else {
          table.put(step);
          plain.push(step);
        }
      }
      plain.sort((one, other) => one.id - other.id);
      expect(table.rows).toEqual(plain);
      for (const group of ['a', 'b']) {
        expect(table.where('group', group)).toEqual(plain.filter((row) => row.group === group));
      }
      for (const row of plain) expect(table.get(row.id)).toEqual(row);
    }),
  );
});
