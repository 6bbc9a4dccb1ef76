/**
 * @generated SignedSource<<a95fb22767d44abad6e23a54987dd58a>>
 * @relayHash 15c2deb90d18bc7a80ca8c32657d152d
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 64c72705fa0049f512d072a84e992d7e6e9ea38a9c9b071c50e174d335bdca02

import type { ConcreteRequest } from 'relay-runtime';
export type ImportState = "AWAITING_FILE" | "CANCELED" | "CANCELING" | "CHECKING" | "EXPIRED" | "FAILED" | "FINISHED" | "PAUSED" | "READY" | "RUNNING" | "%future added value";
export type relayPersistedProgressSubscription$variables = {
  id: string;
};
export type relayPersistedProgressSubscription$data = {
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
export type relayPersistedProgressSubscription = {
  response: relayPersistedProgressSubscription$data;
  variables: relayPersistedProgressSubscription$variables;
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
    "name": "relayPersistedProgressSubscription",
    "selections": (v1/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "relayPersistedProgressSubscription",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "id": "64c72705fa0049f512d072a84e992d7e6e9ea38a9c9b071c50e174d335bdca02",
    "metadata": {},
    "name": "relayPersistedProgressSubscription",
    "operationKind": "subscription",
    "text": null
  }
};
})();

(node as any).hash = "70fb820c3db841b6d2211cbbc1c5ae65";

export default node;
