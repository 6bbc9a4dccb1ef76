// The dialects by the names that accounts are configured with. A new one is a file beside this one and its line here.

import type { DialectName } from '../../upstream/contract.ts';
import type { Dialect } from './dialect.ts';
import { v1 } from './v1.ts';
import { basic, token } from './v2.ts';

export const dialects: Record<DialectName, Dialect> = { v1, basic, token };
