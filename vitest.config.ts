import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'tests/tidy/**/*.test.ts',
            'tests/world/**/*.test.ts',
            'tests/contract/**/*.test.ts',
          ],
          globalSetup: ['src/platform/testServer.ts'],
          // Drizzle's modules load in 0.1 s rather than 1 s per file.
          execArgv: ['--import', './src/platform/fastDrizzle.ts'],
          // A test that hangs ends some day; how quick things are is measured elsewhere.
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          // One browser and one server at a time: two cores.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'stranger',
          include: ['tests/stranger/**/*.test.ts'],
          fileParallelism: false,
          // Waits for real minutes of a limit that counts in minutes.
          testTimeout: 600_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'proofs',
          include: ['tests/proofs/**/*.test.ts'],
          globalSetup: ['src/platform/testServer.ts'],
          fileParallelism: false,
          execArgv: ['--import', './src/platform/fastDrizzle.ts'],
          // Minutes of real time; each proof bounds its own.
          testTimeout: 900_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
