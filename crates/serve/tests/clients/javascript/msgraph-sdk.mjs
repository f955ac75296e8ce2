// @microsoft/msgraph-sdk, which Kiota generates, as it is pointed at the server

import { AllowedHostsValidator, BaseBearerTokenAuthenticationProvider } from "@microsoft/kiota-abstractions";
import { ParseNodeFactoryRegistry, SerializationWriterFactoryRegistry } from "@microsoft/kiota-abstractions";
import { createGraphServiceClient } from "@microsoft/msgraph-sdk";
import { BaseGraphRequestAdapter } from "@microsoft/msgraph-sdk-core";
import "@microsoft/msgraph-sdk-sites";
import "@microsoft/msgraph-sdk-teams";
import "@microsoft/msgraph-sdk-users";
import { url } from "./suite.mjs";

const validator = new AllowedHostsValidator(new Set([new URL(url).hostname]));
const provider = { getAuthorizationToken: async () => "any token", getAllowedHostsValidator: () => validator };
const authentication = new BaseBearerTokenAuthenticationProvider(provider);
export const adapter = new BaseGraphRequestAdapter("", "", authentication, new ParseNodeFactoryRegistry(), new SerializationWriterFactoryRegistry());
adapter.baseUrl = `${url}/v1.0`;
export const client = createGraphServiceClient(adapter);
