import { z } from 'zod';

const onOff = { on: true, '1': true, true: true, yes: true, off: false, '0': false, false: false };
const onOffWords = [...Object.keys(onOff), 'no'];

/** A switch, written on/off (or 1/0, true/false, yes/no). */
export const flag = (byDefault: boolean) =>
  z
    .string()
    .toLowerCase()
    .refine((word) => onOffWords.includes(word), 'Write on or off.')
    .transform((word) => onOff[word as keyof typeof onOff] ?? false)
    .default(byDefault);

export const port = (byDefault: number) =>
  z.coerce
    .number('Write a port number.')
    .int('Write a port number.')
    .min(1, 'Choose a port from 1 to 65535.')
    .max(65_535, 'Choose a port from 1 to 65535.')
    .default(byDefault);

export const seconds = (least: number, byDefault: number) =>
  z.coerce
    .number('Write a number of seconds.')
    .int('Write a whole number of seconds.')
    .min(least, `Write ${least} or more.`)
    .default(byDefault);

/** A plain base address: no user, query or fragment, which would end up in logs or be lost. */
export const address = z
  .url({ protocol: /^https?$/, error: 'Write a full address, such as https://api.manatal.com.' })
  .refine((text) => !/[?#]/.test(text), 'Leave out everything from ? or # on.')
  .refine((text) => !new URL(text).username, 'Leave out the user and password.');
