"""msal: tokens, and a call with each through the proxy"""

import asyncio

import msal
import requests

from suite import call, same

AUTHORITY = "https://login.microsoftonline.com/6b1f7c3a-90e4-4c9d-8a77-0d7c2f5e1b36"
APPLICATION = "c2a9e8d4-7b15-4f60-9b3e-51f0d6a7c824"


def me(result):
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    answer = requests.get("https://graph.microsoft.com/v1.0/me", headers=headers, timeout=10)
    same((answer.status_code, answer.json().get("displayName")), (200, "Dana Holt"))


async def main():
    confidential = msal.ConfidentialClientApplication(APPLICATION, client_credential="any secret", authority=AUTHORITY)
    public = msal.PublicClientApplication(APPLICATION, authority=AUTHORITY)
    scopes = ["User.Read"]

    def secret():
        result = confidential.acquire_token_for_client(["https://graph.microsoft.com/.default"])
        headers = {"Authorization": f"Bearer {result['access_token']}"}
        answer = requests.get("https://graph.microsoft.com/v1.0/users", headers=headers, timeout=10)
        same([own["givenName"] for own in answer.json()["value"]], ["Dana", "Omar", "Ines"])

    await call("a secret", "user-list", secret)
    await call("a code for a device", "user-get", lambda: me(public.acquire_token_by_device_flow(public.initiate_device_flow(scopes))))

    def silently():
        [account] = public.get_accounts()
        me(public.acquire_token_silent(scopes, account, force_refresh=True))

    await call("silently after it", "user-get", silently)

    def code():
        flow = confidential.initiate_auth_code_flow(scopes, redirect_uri="http://localhost:7000/answer")
        answer = requests.get(flow["auth_uri"], allow_redirects=False, timeout=10)
        query = requests.compat.urlsplit(answer.headers["location"]).query
        pairs = dict(pair.split("=", 1) for pair in query.split("&"))
        answered = {name: requests.compat.unquote(value) for name, value in pairs.items()}
        me(confidential.acquire_token_by_auth_code_flow(flow, answered))

    await call("an authorization code", "user-get", code)
    password = lambda: public.acquire_token_by_username_password("dana@fourlamps.example", "any password", scopes)
    await call("a password", "user-get", lambda: me(password()))
    await call("on behalf of a user", "user-get", lambda: me(confidential.acquire_token_on_behalf_of(password()["access_token"], scopes)))

    def forbidden():
        token = public.acquire_token_by_username_password("dana@fourlamps.example", "any password", ["Mail.Read"])["access_token"]
        answer = requests.get("https://graph.microsoft.com/v1.0/users", headers={"Authorization": f"Bearer {token}"}, timeout=10)
        same((answer.status_code, answer.json()["error"]["code"]), (403, "Authorization_RequestDenied"))

    await call("a token without the permission", None, forbidden)


asyncio.run(main())
