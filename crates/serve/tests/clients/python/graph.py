"""msgraph-sdk, which Kiota generates, as it is pointed at the server"""

import base64
import datetime
import enum
import re

from azure.core.credentials import AccessToken
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient

from suite import URL, same


class AnyToken:
    def get_token(self, *scopes, **options):
        return AccessToken("any token", 4102444800)


# Tokens go to this machine without TLS, too.
provider = AzureIdentityAuthenticationProvider(AnyToken(), scopes=[".default"], allowed_hosts=["localhost"])
adapter = GraphRequestAdapter(provider)
adapter.base_url = f"{URL}/v1.0"
client = GraphServiceClient(request_adapter=adapter)


def options(builder, **query):
    """The configuration of a request with query options."""
    name = next(name for name in dir(builder) if name.endswith("QueryParameters"))
    return RequestConfiguration(query_parameters=getattr(builder, name)(**query))


def reads(model, expected):
    """Fails unless an object of the client has all that a page shows."""
    same(list(different(model, expected, "$")), [])


def member(model, name):
    """A member of an object of the client: a property of its type, or what its type does not have."""
    if isinstance(model, dict):
        return model.get(name)
    own = re.sub(r"(?<!^)(?<![A-Z])(?=[A-Z])", "_", name).lower()
    for attribute in (own, f"{own}_", re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()):
        if hasattr(model, attribute):
            return getattr(model, attribute)
    return (getattr(model, "additional_data", None) or {}).get(name)


def different(actual, expected, at):
    """Where what the client has differs from what a page shows."""
    if isinstance(expected, dict):
        if actual is None:
            yield f"{at} is not there"
            return
        for name, value in expected.items():
            yield from different(member(actual, name), value, f"{at}.{name}")
    elif isinstance(expected, list):
        if len(actual or []) != len(expected):
            yield f"{at}: {actual!r} is not {expected!r}"
            return
        for index, (own, value) in enumerate(zip(actual or [], expected)):
            yield from different(own, value, f"{at}[{index}]")
    elif plain(actual) != expected and str(plain(actual)) != str(expected) and point(actual) != point(expected):
        yield f"{at}: {actual!r} is not {expected!r}"


def plain(value):
    """The member of an enumeration, or bytes, as JSON has them."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.value if isinstance(value, enum.Enum) else value


def point(value):
    """The point in time or the duration that a value is, to the microsecond, or the value itself."""
    if isinstance(value, datetime.timedelta):
        return value
    try:
        text = value.isoformat() if hasattr(value, "isoformat") else re.sub(r"(\.\d{6})\d+", r"\1", value.replace("Z", "+00:00"))
        found = datetime.datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)
    except (AttributeError, TypeError, ValueError):
        return value
