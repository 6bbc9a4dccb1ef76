// What a token says, once its signature is known to be good: an issuer may put anything there, and its users' words with it. What
// is not of the form below is nobody's token, so that no one behind this door meets a claim of another type.

import { z } from 'zod';

/** Neither a control character, which a log's reader or a database would obey or refuse, nor half a character. */
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
  /** RFC 8693: names with spaces in between; some issuers write a list. */
  scope: z
    .string()
    .transform((names) => names.split(' '))
    .or(z.array(z.string()))
    .default([]),
  account: name.optional(),
  campaigns: z.array(z.string()).optional(),
});
