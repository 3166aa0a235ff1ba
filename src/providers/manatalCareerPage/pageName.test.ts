import { expect, test } from 'vitest';
import { readPageName } from './pageName.ts';

test.each([
  ['pacific-stay', 'pacific-stay'],
  [' Pacific-Stay ', 'pacific-stay'],
  ['https://www.careers-page.com/pacific-stay', 'pacific-stay'],
  ['https://www.careers-page.com/pacific-stay/', 'pacific-stay'],
  ['http://careers-page.com/Pacific-Stay?utm=1#jobs', 'pacific-stay'],
  ['www.careers-page.com/pacific-stay/job/L7XQ2M', 'pacific-stay'],
  ['/pacific-stay/', 'pacific-stay'],
])('%s names the page %s', (pasted, name) => {
  expect(readPageName(pasted)).toEqual({ name });
});

test.each([
  ['', /Paste the address/],
  ['https://www.careers-page.com/', /ends before the name/],
  ['https://www.careers-page.com/jobs/x', /no name of a career page/],
  ['https://jobs.example.com/pacific-stay', /not an address at www.careers-page.com/],
  ['https://pacific.careers-page.com/jobs/1', /new career pages/],
  ['pacific stay', /no name of a career page/],
  ['../../users', /no name of a career page/],
  ['https://www.careers-page.com/%E0%A4%A', /no name of a career page/],
])('%s is refused with words', (pasted, problem) => {
  expect(readPageName(pasted)).toEqual({ problem: expect.stringMatching(problem) });
});
