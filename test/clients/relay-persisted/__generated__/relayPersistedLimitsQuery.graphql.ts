/**
 * @generated SignedSource<<94716b81e5c0659fe222379e47bfafad>>
 * @relayHash a415c7a83860920ae0f1cb95c27cba66
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 9596176aa6dbae272b87c51aeea6e53f48cad79fd27fe287368fb0903a830ead

import type { ConcreteRequest } from 'relay-runtime';
export type relayPersistedLimitsQuery$variables = Record<PropertyKey, never>;
export type relayPersistedLimitsQuery$data = {
  readonly limits: {
    readonly region: string;
  } | null | undefined;
};
export type relayPersistedLimitsQuery = {
  response: relayPersistedLimitsQuery$data;
  variables: relayPersistedLimitsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "Limits",
    "kind": "LinkedField",
    "name": "limits",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "region",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "relayPersistedLimitsQuery",
    "selections": (v0/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "relayPersistedLimitsQuery",
    "selections": (v0/*:: as any*/)
  },
  "params": {
    "id": "9596176aa6dbae272b87c51aeea6e53f48cad79fd27fe287368fb0903a830ead",
    "metadata": {},
    "name": "relayPersistedLimitsQuery",
    "operationKind": "query",
    "text": null
  }
};
})();

(node as any).hash = "da577f77bf2af1b97832f72208b06e2b";

export default node;
