// Finds variables that look like a setting and are none: they are most likely misspelt, and have no effect. Values are looked at
// only to recognise what Docker and Kubernetes set for services that happen to have one of our names, and are never shown.

export interface Misspelt {
  name: string;
  /** The setting that was most likely meant. */
  near: string | undefined;
  /** Whether its name is about a dialer, its accounts or who may call. */
  isOfDialer: boolean;
}

/** Beginnings of names that only this service uses. */
const ours =
  /^(DIALER|CAMPAIGNS|ACCOUNTS?|COALESCE|IDEMPOTENCY|MAX_RECORDS|PERSISTED_OPERATIONS|SUPPRESSION|CORS|METRICS|SANDBOX)(_|$)/;
/** Beginnings of names that others define: a library may read such a variable. */
const foreign = /^(npm_|OTEL_|HOST_|PORT_)/;
const ofDialer = /^((DIALER|CAMPAIGNS|ACCOUNTS?)(_|$)|AUTH_FILE$|AUTH$)/;

/** `known`: every variable that the service reads. */
export function findMisspelt(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): Misspelt[] {
  const given = new Map(Object.entries(env));
  return [...given].flatMap(([name, value]) => {
    if (value === undefined || value === '' || known.includes(name)) return [];
    if (foreign.test(name) || isServiceLink(name, value)) return [];
    const plain = name
      .trim()
      .toUpperCase()
      .replaceAll('-', '_')
      .replace(/^DIALGRAPH_/, '');
    // Windows finds a variable in upper or lower case.
    if (known.includes(plain) && given.get(plain) === value) return [];
    const near = nearest(plain, known);
    if (near?.isCertain !== true && !ours.test(plain)) return [];
    return [
      { name, near: near?.name, isOfDialer: ofDialer.test(near?.name ?? plain) || ofDialer.test(plain) },
    ];
  });
}

/** How many letters may differ for a guess at the setting. */
const mostDifferent = 3;

function nearest(name: string, known: readonly string[]): { name: string; isCertain: boolean } | undefined {
  const letters = name.replaceAll('_', '');
  let best: { name: string; isCertain: boolean; distance: number } | undefined;
  for (const setting of known) {
    const other = setting.replaceAll('_', '');
    const isShortened = hasWordsOf(setting, name);
    if (!isShortened && Math.abs(letters.length - other.length) > mostDifferent) continue;
    const distance = distanceOf(letters, other);
    const counted = isShortened ? Math.min(distance, 1) : distance;
    if (counted > mostDifferent || counted >= (best?.distance ?? Infinity)) continue;
    // Short names differ by a letter or two from many others.
    const certain = other.length < 7 ? 0 : other.length < 12 ? 1 : 2;
    best = { name: setting, isCertain: distance <= certain, distance: counted };
  }
  return best;
}

/** Whether the setting has all words of the name, as DIALER_API_KEY has those of DIALER_KEY. */
function hasWordsOf(setting: string, name: string): boolean {
  const words = setting.split('_');
  const [first, ...others] = name.split('_');
  return first === words[0] && others.length > 0 && others.every((word) => words.includes(word));
}

/**
 * How many letters are added, missing, different or swapped with their neighbour (optimal string alignment). Infinity where they are
 * more than `mostDifferent`, as they are for most variables: each is held against each setting at every start.
 */
function distanceOf(one: string, other: string): number {
  const table: number[][] = [];
  const at = (i: number, j: number) => table[i]?.[j] ?? Infinity;
  for (let i = 0; i <= one.length; i++) {
    const row: number[] = [];
    table.push(row);
    for (let j = 0; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const changed = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1));
      row.push(i === 0 || j === 0 ? i + j : Math.min(changed, isSwapped ? at(i - 2, j - 2) + 1 : Infinity));
    }
    if (Math.min(...row) > mostDifferent) return Infinity;
  }
  return at(one.length, other.length);
}

/** Docker's links and Kubernetes set variables for each service, so a service named "dialer" brings names that look like ours. */
function isServiceLink(name: string, value: string): boolean {
  return (
    /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)|_ENV_/.test(name) ||
    /^(tcp|udp|sctp):\/\//.test(value) ||
    (name.endsWith('_NAME') && /^\/[\w.-]+\/[\w.-]+$/.test(value))
  );
}
