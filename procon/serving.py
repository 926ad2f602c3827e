"""How gunicorn serves: it logs as the other parts do, and leaves the line of each request to the application.

The application's line names the route, not the address: what stands in an address may be a token or a search.
"""

from procon.environment import read
from procon.journal import configuration

accesslog = None
logconfig_dict = configuration(readable=read().flag("PROCON_DEBUG"))
