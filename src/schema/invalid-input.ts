// InvalidInput: what is wrong with a request as a whole. zod's rules and the resolvers throw it; the caller gets it as data.

import type { z } from 'zod';

export interface InputIssue {
  /** Where, from the field's arguments down: `['input', 'records']`. */
  path: string[];
  message: string;
}

export class InvalidInput extends Error {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(
      `Nothing was sent: ${issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}.`,
    );
    this.issues = issues;
  }

  static fromZod(error: z.ZodError): InvalidInput {
    return new InvalidInput(error.issues.map(({ path, message }) => ({ path: path.map(String), message })));
  }
}
