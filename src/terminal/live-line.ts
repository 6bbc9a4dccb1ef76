// One line of a terminal that is written anew as things go on. Where nobody looks at a terminal, it is written as lines, and only
// when it says something else.

export interface LiveLine {
  /** `text`: of a terminal; `plain`: for a log, undefined where that needs no line. */
  show(text: string, plain?: string): void;
  /** What is written next stands on a line of its own. */
  end(): void;
}

export function createLiveLine(stream: NodeJS.WriteStream): LiveLine {
  let isOpen = false;
  let last: string | undefined;
  return {
    show(text, plain) {
      if (stream.isTTY) {
        const width = Math.max(20, stream.columns ?? 80) - 1;
        stream.write(`\r\x1b[K${text.slice(0, width)}`);
        isOpen = true;
      } else if (plain !== undefined && plain !== last) {
        last = plain;
        stream.write(`${plain}\n`);
      }
    },
    end() {
      if (isOpen) stream.write('\n');
      isOpen = false;
    },
  };
}
