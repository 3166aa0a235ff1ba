/** Why KiEX cannot start, in words for the person who starts it: what is wrong, then what to do. */
export class StartProblem extends Error {
  readonly remedy: string;

  constructor(message: string, options: { remedy: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StartProblem';
    this.remedy = options.remedy;
  }
}

/** The code of a system error such as `EACCES`, or of a PostgreSQL error such as `57P03`. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
