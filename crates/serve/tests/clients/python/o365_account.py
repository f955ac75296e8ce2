"""O365, as it is pointed at the server"""

from O365 import Account, MSGraphProtocol
from O365.utils import BaseTokenBackend

from suite import URL


class Served(MSGraphProtocol):
    _protocol_url = f"{URL}/"


account = Account(("any client", "any secret"), protocol=Served(timezone="UTC"), token_backend=BaseTokenBackend(), requests_delay=0)
account.connection.session = account.connection.get_session()
account.connection.session.headers["Authorization"] = "Bearer any token"
