"""azure-identity: tokens, and the calls of msgraph-sdk through the proxy with no line that knows of the server"""

import asyncio

from azure.identity import AzureAuthorityHosts, ClientSecretCredential, DeviceCodeCredential, UsernamePasswordCredential
from msgraph import GraphServiceClient

from suite import call, same

TENANT, APPLICATION = "6b1f7c3a-90e4-4c9d-8a77-0d7c2f5e1b36", "c2a9e8d4-7b15-4f60-9b3e-51f0d6a7c824"
SCOPE = "https://graph.microsoft.com/.default"


async def users(credential):
    found = await GraphServiceClient(credential, [SCOPE]).users.get()
    same([own.given_name for own in found.value], ["Dana", "Omar", "Ines"])


async def main():
    secret = ClientSecretCredential(TENANT, APPLICATION, "any secret")
    await call("a secret", "user-list", lambda: users(secret))
    await call("the token that it has", "user-list", lambda: users(secret))
    device = DeviceCodeCredential(APPLICATION, tenant_id=TENANT, prompt_callback=lambda *_: None)
    await call("a code for a device", "user-list", lambda: users(device))
    password = UsernamePasswordCredential(APPLICATION, "dana@fourlamps.example", "any password", tenant_id=TENANT)
    await call("a password", "user-list", lambda: users(password))

    def government():
        own = ClientSecretCredential(TENANT, APPLICATION, "any secret", authority=AzureAuthorityHosts.AZURE_GOVERNMENT)
        same(own.get_token("https://graph.microsoft.us/.default").token.count("."), 2)

    await call("a token of the cloud of the US Government", [], government)


asyncio.run(main())
