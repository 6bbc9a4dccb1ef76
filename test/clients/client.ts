// A client as the matrix tries it: set up by a snippet of the docs, and read as a page's component reads it.

import type { ScheduleCampaignDataInput, ValidateCampaignDataInput } from '@dialgraph/client';

/** An answer, as far as the matrix looks at it. */
export interface Told {
  readonly __typename: string;
  readonly results?: readonly object[];
}

/** Of an import. */
export interface Progress {
  readonly state: string;
  readonly counts: object;
}

export interface Page {
  /** `Query.limits`. */
  region(): Promise<string | undefined>;
  schedule(input: ScheduleCampaignDataInput): Promise<Told | null | undefined>;
  /** A query with failing records: what a component shows as someone types. */
  validate(input: ValidateCampaignDataInput): Promise<Told | null | undefined>;
  /** A subscription, from its first answer to its end. */
  watch(id: string, see: (progress: Progress) => void): Promise<void>;
}

/** What a client keeps, where it keeps anything. */
export interface Cache {
  /** The answer of a `validate` before, with nothing sent. */
  validated(input: ValidateCampaignDataInput): Told | null | undefined;
  /** The answer of a cancellation, as the client hands it to a page. */
  cancelled(ids: string[]): Promise<Told | null | undefined>;
  /** Scheduled records, of which one has the id of a campaign. */
  listed(): Promise<readonly { id: string; headers: readonly object[] }[] | undefined>;
}

/** An error of an answer, as a page finds it in what the client threw. */
export type ToldError = { readonly extensions?: Readonly<Record<string, unknown>> | undefined };

export interface Client {
  name: string;
  open(url: string, token: string): Page & { cache?: Cache };
  /** How its documents are sent by their ids. */
  persisted: {
    /** For PERSISTED_OPERATIONS_FILE. */
    file: string;
    open(url: string, token: string): Omit<Page, 'validate'>;
  };
  errorsOf(thrown: unknown): readonly ToldError[];
}

/** The file that `@dialgraph/client` has. */
export const ownFile = 'client/persisted-documents.json';
