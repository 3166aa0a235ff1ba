import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/**/tables.ts', './src/**/*Tables.ts'],
  out: './migrations',
  casing: 'snake_case',
});
