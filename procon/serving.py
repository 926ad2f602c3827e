"""How gunicorn serves: it logs as the other parts do, and leaves the line of each request to the application.

The application's line names the route, not the address: what stands in an address may be a token or a search.
"""

from procon.environment import read
from procon.journal import configuration

accesslog = None
#: Seconds that an idle connection stays open: longer than a proxy keeps it (nginx 60, Caddy 120). Closed by this side,
#: a form that the proxy sends over it at that moment is lost, and its sender told that the office is away.
keepalive = 130
logconfig_dict = configuration(readable=read().flag("PROCON_DEBUG"))
