/**
 * @generated SignedSource<<60fe5bd6360245307a3b8729da47bef9>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
export type HandoffStatus = "ADDED" | "PENDING" | "REJECTED" | "UNKNOWN" | "%future added value";
import type { FragmentRefs } from "relay-runtime";
export type recordRow_record$data = {
  readonly __id: string;
  readonly campaignName: string;
  readonly dialerTime: string;
  readonly handoff: {
    readonly dialerMessage: string | null | undefined;
    readonly status: HandoffStatus;
  };
  readonly headers: ReadonlyArray<{
    readonly header: string;
    readonly value: string;
  }>;
  readonly id: string;
  readonly phoneNumber: string;
  readonly " $fragmentType": "recordRow_record";
};
export type recordRow_record$key = {
  readonly " $data"?: recordRow_record$data;
  readonly " $fragmentSpreads": FragmentRefs<"recordRow_record">;
};

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "recordRow_record",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "phoneNumber",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "dialerTime",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "campaignName",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "concreteType": "RecordHeader",
      "kind": "LinkedField",
      "name": "headers",
      "plural": true,
      "selections": [
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "header",
          "storageKey": null
        },
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "value",
          "storageKey": null
        }
      ],
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "concreteType": "Handoff",
      "kind": "LinkedField",
      "name": "handoff",
      "plural": false,
      "selections": [
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "status",
          "storageKey": null
        },
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "dialerMessage",
          "storageKey": null
        }
      ],
      "storageKey": null
    },
    {
      "kind": "ClientExtension",
      "selections": [
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "__id",
          "storageKey": null
        }
      ]
    }
  ],
  "type": "CampaignRecord",
  "abstractKey": null
};

(node as any).hash = "55a5598d66969f095ea102c1bda29946";

export default node;
