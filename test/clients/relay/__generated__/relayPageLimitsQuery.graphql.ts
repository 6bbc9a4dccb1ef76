/**
 * @generated SignedSource<<ce9be246247668caca8a054e1ddcb80b>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type relayPageLimitsQuery$variables = Record<PropertyKey, never>;
export type relayPageLimitsQuery$data = {
  readonly limits: {
    readonly region: string;
  } | null | undefined;
};
export type relayPageLimitsQuery = {
  response: relayPageLimitsQuery$data;
  variables: relayPageLimitsQuery$variables;
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
    "name": "relayPageLimitsQuery",
    "selections": (v0/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "relayPageLimitsQuery",
    "selections": (v0/*:: as any*/)
  },
  "params": {
    "cacheID": "332dc03fb784dadc543629263f29d690",
    "id": null,
    "metadata": {},
    "name": "relayPageLimitsQuery",
    "operationKind": "query",
    "text": "query relayPageLimitsQuery {\n  limits {\n    region\n  }\n}\n"
  }
};
})();

(node as any).hash = "a12f070b048f1b6acd403f5e20638de6";

export default node;
