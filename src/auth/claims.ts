// The claims of a token whose signature is valid. An issuer may put anything into them, words of its users too, so they are
// checked here: a token with claims of another form is refused, and the other rooms can rely on their types.

import { z } from 'zod';

/** Without control characters and halves of characters: a terminal may obey them, and a database refuse them. */
const name = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u);

/** Times are RFC 7519's NumericDate, in seconds. */
export const claimsSchema = z.object({
  sub: name,
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
  /** By RFC 8693 names separated by spaces; some issuers write a list. */
  scope: z
    .string()
    .transform((names) => names.split(' '))
    .or(z.array(z.string()))
    .default([]),
  account: name.optional(),
  campaigns: z.array(z.string()).optional(),
});
