import { expect, test } from 'vitest';
import { launch, ways } from './browser.ts';

test('without any browser the failure tells everything that was tried', async () => {
  const none = { name: 'one', find: async () => null };
  const broken = { name: 'two', find: async () => ({ executablePath: '/nowhere/chromium' }) };
  await expect(launch([none, broken])).rejects.toThrow(/ {2}one: not here\n {2}two: .*nowhere/s);
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'the browser that npm brings draws pages, also when several start at once',
  async () => {
    const fromNpm = ways.filter(({ name }) => name.startsWith('npm package'));
    const browsers = await Promise.all([launch(fromNpm), launch(fromNpm)]);
    for (const browser of browsers) {
      const page = await browser.newPage();
      await page.setContent('<h1>Håfa adai</h1>');
      expect(await page.textContent('h1')).toBe('Håfa adai');
      expect(await page.evaluate(() => new Intl.NumberFormat().format(1234))).toBe('1,234');
      await browser.close();
    }
  },
);
