// Before each test file: what fast-check tries is the same in every run, and a failure ends it rather than a search for a
// smaller one, which takes minutes over real sockets. `npm run soak` is what draws anew.

import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_125, endOnFailure: true });
