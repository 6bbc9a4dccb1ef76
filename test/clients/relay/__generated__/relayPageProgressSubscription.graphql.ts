/**
 * @generated SignedSource<<9345a64d6ed2f819f5f57727284566b0>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type ImportState = "AWAITING_FILE" | "CANCELED" | "CANCELING" | "CHECKING" | "EXPIRED" | "FAILED" | "FINISHED" | "PAUSED" | "READY" | "RUNNING" | "%future added value";
export type relayPageProgressSubscription$variables = {
  id: string;
};
export type relayPageProgressSubscription$data = {
  readonly importProgress: {
    readonly counts: {
      readonly failed: number;
      readonly scheduled: number;
      readonly total: number | null | undefined;
    };
    readonly id: string;
    readonly state: ImportState;
  };
};
export type relayPageProgressSubscription = {
  response: relayPageProgressSubscription$data;
  variables: relayPageProgressSubscription$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "id",
        "variableName": "id"
      }
    ],
    "concreteType": "Import",
    "kind": "LinkedField",
    "name": "importProgress",
    "plural": false,
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
        "name": "state",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "ImportCounts",
        "kind": "LinkedField",
        "name": "counts",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "total",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "scheduled",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "failed",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "relayPageProgressSubscription",
    "selections": (v1/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "relayPageProgressSubscription",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "6849028e993509358278d824cac4ef3b",
    "id": null,
    "metadata": {},
    "name": "relayPageProgressSubscription",
    "operationKind": "subscription",
    "text": "subscription relayPageProgressSubscription(\n  $id: ID!\n) {\n  importProgress(id: $id) {\n    id\n    state\n    counts {\n      total\n      scheduled\n      failed\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "0ea979f117bc96617954aeb2a2b4ffac";

export default node;
