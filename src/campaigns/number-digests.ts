// A set of telephone numbers that holds none of them: a sorted array with 64 bits for each, 80 MB for ten million.
// The digest is AES under a key that the process makes at its start and never writes down: a number in E.164 is one block, of which
// half is kept. So a dump of the memory, without the key, tells no number. Of ten million numbers, another one meets a digest
// by chance once in 10^12.

import { type Cipher, createCipheriv } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';

/** E.164 has 15 digits at most behind its +. */
const blockBytes = 16;
/** Numbers that are enciphered in one call. */
const batchBlocks = 4096;

export const digestKeyBytes = 16;

/** A number can be asked for as soon as the set is there. */
export class NumberDigests {
  readonly #digests: BigUint64Array<ArrayBuffer>;
  readonly #cipher: Cipher;
  readonly #block = Buffer.alloc(blockBytes);
  readonly #digest = new BigUint64Array(1);
  readonly #digestBytes = Buffer.from(this.#digest.buffer);

  /** `digests`: of a NumberCollector with the same key. */
  constructor(key: Uint8Array, digests: BigUint64Array<ArrayBuffer>) {
    this.#digests = digests;
    this.#cipher = createCipher(key);
  }

  /** Gives the memory back at once, which the garbage collector would hold for long: it does not know how much there is. */
  release(): void {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(null, [this.#digests.buffer]);
    port1.close();
    port2.close();
  }

  get size(): number {
    return this.#digests.length;
  }

  /** Takes about two microseconds. */
  has(e164: string): boolean {
    this.#block.fill(0);
    if (this.#block.write(e164, 'latin1') < e164.length) return false;
    this.#cipher.update(this.#block).copy(this.#digestBytes);
    const digest = this.#digest[0] ?? 0n;
    let low = 0;
    let high = this.#digests.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#digests[middle] ?? 0n) < digest) low = middle + 1;
      else high = middle;
    }
    return this.#digests[low] === digest;
  }
}

/** Makes the digests of a set, in memory for about as many numbers as it is told. */
export class NumberCollector {
  #digests: BigUint64Array<ArrayBuffer>;
  #count = 0;
  readonly #cipher: Cipher;
  readonly #batch = Buffer.alloc(blockBytes * batchBlocks);
  #waiting = 0;

  constructor(key: Uint8Array, expected: number) {
    this.#cipher = createCipher(key);
    this.#digests = new BigUint64Array(Math.max(expected, 1024));
  }

  /** `e164`: at most 16 characters of ASCII. */
  add(e164: string): void {
    const start = this.#waiting * blockBytes;
    for (let n = 0; n < blockBytes; n++) this.#batch[start + n] = n < e164.length ? e164.charCodeAt(n) : 0;
    this.#waiting++;
    if (this.#waiting === batchBlocks) this.#encipher();
  }

  /** In order, each once. The collector takes no more afterwards. */
  finish(): BigUint64Array<ArrayBuffer> {
    this.#encipher();
    const sorted = this.#digests.subarray(0, this.#count).sort();
    let kept = 0;
    for (const digest of sorted) if (kept === 0 || sorted[kept - 1] !== digest) sorted[kept++] = digest;
    return sorted.subarray(0, kept);
  }

  #encipher(): void {
    const enciphered = this.#cipher.update(this.#batch.subarray(0, this.#waiting * blockBytes));
    this.#makeRoom(this.#count + this.#waiting);
    // A BigInt for each number would take longer than the cipher.
    const bytes = new Uint8Array(this.#digests.buffer);
    for (let n = 0; n < this.#waiting; n++) {
      const from = n * blockBytes;
      for (let byte = 0; byte < 8; byte++) bytes[this.#count * 8 + byte] = enciphered[from + byte] ?? 0;
      this.#count++;
    }
    this.#waiting = 0;
  }

  #makeRoom(count: number): void {
    if (count <= this.#digests.length) return;
    const larger = new BigUint64Array(Math.max(count, Math.ceil(this.#digests.length * 1.25)));
    larger.set(this.#digests.subarray(0, this.#count));
    this.#digests = larger;
  }
}

/** Each block for itself, and none added. */
function createCipher(key: Uint8Array): Cipher {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
}
